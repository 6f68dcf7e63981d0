import type { Socket } from 'node:net'
import type { SpanStatus } from '../../../shared/run/event.ts'
import { connectFailureOf, connectTo, reportConnectFault } from '../endpoint.ts'
import { headBytes, headerOf, type Headers } from '../http/headers.ts'
import { MalformedMessage, type Framing, type RequestHead, type ResponseHead } from '../http/head.ts'
import { readResponse } from '../http/message-reader.ts'
import { PacedWriter } from '../paced-writer.ts'
import { wantsKeepAlive } from '../http/keep-alive.ts'
import type { ProxyParts } from './builtin-parts.ts'
import type { Journal } from './builtin-journal.ts'
import { errorPage } from './error-page.ts'

/** A request on its way upstream and its answer on the way back. */
export interface PassedOn { clientGone(how: 'fin' | 'rst'): void }

/** So much of an answer may wait for a slow client before upstream is no longer read. */
const holdBytes = 256 * 1024

/**
 * Sends a whole request upstream and passes the answer on as it comes.
 *
 *     connect        sent            first byte
 *       |--connect--|--send--|--read--|--read--|...   each between two reads or writes
 *                                     |--client_write--|...
 */
export function passOn(parts: ProxyParts, client: Socket, request: RequestHead, body: Buffer, journal: Journal, done: (keepAlive: boolean) => void): PassedOn {
  const { run: { emit, clock }, place, limits } = parts
  const { hop } = place
  const keepAlive = wantsKeepAlive(request)
  const beganMs = clock.nowMs()
  const upstream = connectTo(place.upstream)
  parts.keep(upstream)
  let over = false
  let connected = false
  /** While the answer's head has not been passed on, an error page can still be sent. */
  let head: ResponseHead | null = null
  let sent = 0
  let passing: Passing = 'as_it_came'

  journal.phase('connect')
  const connectLimit = limits.watch('connect', 'answered 504', () => {
    reportConnectFault(emit, place.upstream)
    failed(504, 'upstream timed out (110: Connection timed out) while connecting to upstream', 'cut')
  })
  const sendLimit = limits.watch('send', 'answered 504', () => failed(504, 'upstream timed out (110: Connection timed out) while sending request to upstream', 'cut'), { paused: true })
  const readLimit = limits.watch('read', 'gave up waiting for upstream', () => failed(504, `upstream timed out (110: Connection timed out) while ${readingWhat()}`, 'cut'), { paused: true })
  const writeLimit = limits.watch('client_write', 'closed the connection to the client', () => {
    journal.error('info', 'client timed out (110: Connection timed out) while sending to client', limits.fieldsOf('client_write'))
    cutClient('timeout', 'client timed out', 'cut')
  }, { paused: true })
  const readingWhat = () => (head ? 'reading upstream' : 'reading response header from upstream')

  const toClient = new PacedWriter(client, (pending) => {
    if (pending > 0) writeLimit.restart()
    else writeLimit.pause()
    if (pending < holdBytes && upstream.isPaused()) {
      upstream.resume()
      if (!over) readLimit.restart()
    }
  })
  const give = (bytes: Buffer) => {
    if (toClient.pending === 0) writeLimit.restart()
    sent += bytes.length
    toClient.write(bytes)
    if (toClient.pending >= holdBytes && !upstream.isPaused()) {
      upstream.pause()
      readLimit.pause()
    }
  }
  const toUpstream = new PacedWriter(upstream, (pending) => { if (pending > 0) sendLimit.restart() })

  /** Upstream's part is over; the answer may still be on its way to the client. */
  const upstreamDone = () => {
    over = true
    for (const watch of [connectLimit, sendLimit, readLimit]) watch.disarm()
  }
  const clientDone = () => {
    writeLimit.disarm()
    toClient.release()
  }
  const endUpstream = () => {
    upstreamDone()
    upstream.destroy()
  }
  const finish = (status: number, outcome: SpanStatus, mayKeep: boolean) => {
    upstreamDone()
    // The client's answer comes first, clearing up after it.
    toClient.whenFlushed(() => {
      upstream.destroy()
      clientDone()
      journal.end(status, sent, outcome)
      done(mayKeep && keepAlive)
    })
  }
  const cutClient = (how: 'fin' | 'timeout', error: string, outcome: SpanStatus) => {
    endUpstream()
    emit({ type: 'connection_ended', layer: 'proxy', hop, side: 'downstream', by: 'self', how, bytes: sent, complete: false, error })
    journal.end(head?.status ?? 0, sent, outcome)
    const close = () => {
      clientDone()
      done(false)
    }
    // What upstream gave before it broke off still reaches the client; a client that does not read gets no more.
    if (how === 'fin') toClient.whenFlushed(close)
    else { client.destroy(); close() }
  }
  /** Upstream will not give a whole answer any more: an error page while that is possible, else the answer breaks off. */
  const failed = (status: 502 | 504, phrase: string, outcome: SpanStatus) => {
    if (over) return
    journal.error('error', phrase)
    if (head) { cutClient('fin', phrase, outcome); return }
    emit({ type: 'answered', layer: 'proxy', hop, status, reason: phrase })
    journal.upstream({ status })
    give(errorPage(status, keepAlive))
    finish(status, outcome, true)
  }
  const upstreamEnded = (how: 'fin' | 'rst' | 'refused' | 'unreachable' | 'timeout', error: string | null) => {
    emit({ type: 'connection_ended', layer: 'proxy', hop, side: 'upstream', by: 'peer', how, bytes: reader.bytes, complete: false, error })
  }

  const tooBig = () => {
    upstreamEnded('fin', 'upstream sent too big header')
    failed(502, 'upstream sent too big header while reading response header from upstream', 'error')
  }
  const reader = readResponse(request.method, {
    head(answer, framing) {
      if (reader.bytes > largestHeadBytes && sizeOf(answer) > largestHeadBytes) { tooBig(); return }
      // Never asked for: `Upgrade` is not passed on.
      if (answer.status === 101) throw new MalformedMessage('101 to a request that asked for no upgrade')
      head = answer
      journal.upstream({ status: answer.status, headerMs: clock.nowMs() - beganMs })
      journal.phase('reading the answer')
      passing = passingOf(framing, request.version)
      give(headBytes(`HTTP/1.1 ${answer.status} ${answer.reason}`, headersFor(answer, passing, keepAlive && passing !== 'until_close')))
    },
    body(data) {
      if (over) return
      if (passing === 'until_close') give(data)
      if (passing === 'in_chunks') give(Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]))
    },
    rawBody(bytes) { if (!over && (passing === 'as_it_came' || passing === 'as_chunks_came')) give(bytes) },
    end() {
      if (over) return
      if (passing === 'in_chunks') give(Buffer.from('0\r\n\r\n'))
      finish(head?.status ?? 0, 'ok', passing !== 'until_close')
    },
  })

  upstream.once('connect', () => {
    connected = true
    connectLimit.disarm()
    journal.upstream({ connectMs: clock.nowMs() - beganMs })
    journal.phase('send')
    sendLimit.restart()
    toUpstream.write(headBytes(`${request.method} ${request.target} HTTP/1.1`, headersUpstream(request, place.upstream, body.length), body))
    toUpstream.whenFlushed(() => {
      sendLimit.disarm()
      if (over || head) return
      journal.phase('waiting for upstream')
      readLimit.restart()
    })
  })
  upstream.on('data', (bytes) => {
    if (over) return
    readLimit.restart()
    toClient.cork()
    try {
      reader.push(bytes)
      if (reader.phase === 'head' && reader.bytes > largestHeadBytes) tooBig()
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error
      upstreamEnded('fin', error.message)
      failed(502, `upstream sent no valid HTTP/1.0 header while ${readingWhat()}: ${error.message}`, 'error')
    } finally {
      toClient.uncork()
    }
  })
  upstream.on('close', () => toUpstream.release())
  upstream.on('end', () => {
    if (over || reader.finish() === 'complete') return
    upstreamEnded('fin', null)
    failed(502, `upstream prematurely closed connection while ${readingWhat()}`, 'error')
  })
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    if (over) return
    if (!connected) {
      reportConnectFault(emit, place.upstream)
      upstreamEnded(connectFailureOf(error), error.message)
      failed(502, error.code === 'ECONNREFUSED' ? 'connect() failed (111: Connection refused) while connecting to upstream' : `${place.upstream.host} could not be resolved (3: Host not found)`, 'error')
      return
    }
    upstreamEnded('rst', error.message)
    failed(502, `recv() failed (104: Connection reset by peer) while ${readingWhat()}`, 'error')
  })
  return {
    clientGone(how) {
      // Upstream had done its part; what was still to be sent is lost.
      if (over) { endUpstream(); clientDone(); journal.end(head?.status ?? 499, sent - toClient.pending, 'canceled'); return }
      journal.error('info', `client prematurely closed connection, so upstream connection is closed too while ${readingWhat()}`, { client_ended: how })
      endUpstream()
      clientDone()
      journal.end(499, sent, 'canceled')
    },
  }
}

/** nginx’s proxy_buffer_size: one page of memory holds the whole head of an answer, or it is refused. */
const largestHeadBytes = 4096

function sizeOf({ reason, headers }: ResponseHead): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, `HTTP/1.1 200 ${reason}\r\n\r\n`.length)
}

const notPassedBack = new Set(['connection', 'keep-alive', 'transfer-encoding'])

/** Headers that concern one connection only (RFC 9110, section 7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'host', 'expect'])

function headersUpstream(request: RequestHead, upstream: { host: string; port: number }, bodyBytes: number): Headers {
  const named = headerOf(request.headers, 'connection')?.toLowerCase().split(/\s*,\s*/)
  const kept = request.headers.filter((field) => {
    const lower = field[0].toLowerCase()
    return !hopByHop.has(lower) && !named?.includes(lower)
  })
  const sized = bodyBytes > 0 || request.method === 'POST' || request.method === 'PUT'
  return [['Host', `${upstream.host}:${upstream.port}`], ['Connection', 'close'], ...kept, ...(sized ? [['Content-Length', String(bodyBytes)] as const] : [])]
}

/** How an answer's body goes on to the client. HTTP/1.0 knows no chunks: without a length its end is the end of the connection. */
type Passing = 'as_it_came' | 'as_chunks_came' | 'in_chunks' | 'until_close'

function passingOf(framing: Framing, clientVersion: string): Passing {
  if (framing.kind === 'none' || framing.kind === 'length') return 'as_it_came'
  if (clientVersion === '1.0') return 'until_close'
  return framing.kind === 'chunked' ? 'as_chunks_came' : 'in_chunks'
}

function headersFor(answer: ResponseHead, passing: Passing, keepAlive: boolean): Headers {
  const kept = answer.headers.filter(([name]) => !notPassedBack.has(name.toLowerCase()))
  const coding: Headers = passing === 'in_chunks' || passing === 'as_chunks_came' ? [['Transfer-Encoding', 'chunked']] : []
  return [...kept, ...coding, ['Connection', keepAlive ? 'keep-alive' : 'close']]
}
