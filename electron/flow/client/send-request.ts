import type { Socket } from 'node:net'
import type { EventOf, HeaderField, SentRequest } from '../../../shared/run/event.ts'
import { connectFailureOf, connectTo, reportConnectFault, type Endpoint } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import { headBytes, type Headers } from '../http/headers.ts'
import { MalformedMessage, type ResponseHead } from '../http/head.ts'
import { readResponse } from '../http/message-reader.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import { keepConnection, type KeptConnection } from './kept-connection.ts'

export interface ClientRequest {
  to: Endpoint
  inputJson: string
  /** Default `/transform`. */
  path?: string
  headers?: Headers
  /** The user's Stop (or the engine's end): the client leaves at once. */
  stop?: AbortSignal
  /** Sent on a connection that an earlier request left open, after it was idle this long. `fault`: as it was asked for. */
  reuse?: { idleMs: number; fault: string }
}

/** What the client saw. It never rejects: every ending is an answer. */
export interface ClientAnswer {
  status: number | null
  headers: Headers
  /** As much of the body as came. */
  body: Buffer
  /** Was the answer whole, by its own framing? */
  complete: boolean
  ended: EventOf<'client_ended'>['ended']
  error: string | null
  /** Bytes of the answer, head included, as they came over the wire. */
  bytes: number
  /** First byte of the answer, ms of the run; null if none came. */
  firstByteMs: number | null
  endedMs: number
}

/** What of a head is kept with the run: a head may be a megabyte. */
const mostFields = 200
const longestValue = 2000

type Ending = Pick<ClientAnswer, 'ended' | 'error' | 'complete'>

/**
 * One request over a connection of its own (or a kept one, where `reuse` asks for it), with the limits of `client.*` held for real.
 * A limit that passes closes the connection, as curl's --max-time or Go's Client.Timeout do. Starts the run's clock.
 */
export async function sendRequest(run: FlowRun, request: ClientRequest): Promise<ClientAnswer> {
  run.clock.start()
  if (!request.reuse) return exchange(run, request, null, 0)
  const kept = await keepConnection(run, request.to, request.reuse, request.stop)
  return exchange(run, request, kept, run.clock.nowMs())
}

function exchange(run: FlowRun, request: ClientRequest, kept: KeptConnection | null, startMs: number): Promise<ClientAnswer> {
  const { clock, emit, log, spans } = run
  const limits = limitsOfLayer(run, 'client')
  const whole = spans.start('client', 'client', 'request', null, startMs)
  let phase = kept ? spans.start('client/send', 'client', 'send on the kept connection', 'client', startMs) : spans.start('client/connect', 'client', 'connect', 'client', startMs)
  const socket = kept?.socket ?? connectTo(request.to)
  const body: Buffer[] = []
  let sent: SentRequest | null = null
  let head: ResponseHead | null = null
  let firstByteMs: number | null = null
  let answer: ClientAnswer | null = null
  const { promise, resolve } = Promise.withResolvers<ClientAnswer>()

  const reader = readResponse('POST', {
    head(received) { head = received },
    body: (data) => body.push(data),
    end: () => finish({ ended: 'fin', error: null, complete: true }),
  })
  const overdue = (name: string) => () => {
    if (socket.connecting) reportConnectFault(emit, request.to)
    log('client', 'error', `${name.replace('_', ' ')} limit reached, closing the connection`, limits.fieldsOf(name))
    finish({ ended: 'timeout', error: `${limits.idOf(name)} limit of ${limits.fieldsOf(name).value} reached`, complete: false })
  }
  const total = limits.watch('total', 'closed the connection', overdue('total'), { fromMs: startMs })
  const connecting = kept ? null : limits.watch('connect', 'gave up connecting', overdue('connect'), { fromMs: startMs })
  let firstByte: ReturnType<typeof limits.watch> | null = null
  let reading: ReturnType<typeof limits.watch> | null = null

  const nextPhase = (name: string) => {
    phase.end('ok')
    phase = spans.start(`client/${name.split(' ')[0]}`, 'client', name, 'client')
  }
  const finish = ({ ended, error, complete }: Ending) => {
    if (answer) return
    for (const watch of [total, connecting, firstByte, reading]) watch?.disarm()
    request.stop?.removeEventListener('abort', stopped)
    // First the act, then the telling: the hop behind sees the end as soon as it can.
    socket.destroy()
    // One end, one instant: what is told of it must not differ by how long the telling takes.
    const endedMs = clock.nowMs()
    const outcome = complete ? 'ok' : ended === 'timeout' ? 'cut' : ended === 'aborted' ? 'canceled' : 'error'
    phase.end(outcome, endedMs)
    whole.end(outcome, endedMs)
    const status = head?.status ?? null
    const came = Buffer.concat(body)
    if (complete) {
      emit({ type: 'stage', stage: 'response_returned' }, endedMs)
      log('client', 'info', 'answer received', { status, bytes: reader.bytes })
    } else if (ended === 'fin' || ended === 'rst') log('client', 'error', error ?? 'the connection ended', { bytes: reader.bytes })
    const response = head && { version: head.version, reason: head.reason, headers: fieldsOf(head.headers), headBytes: head.bytes, bodyBytes: came.length }
    emit({ type: 'client_ended', status, bytes: reader.bytes, ended, complete, error, request: sent, response }, endedMs)
    answer = { status, headers: head?.headers ?? [], body: came, complete, ended, error, bytes: reader.bytes, firstByteMs, endedMs }
    resolve(answer)
  }
  const stopped = () => {
    emit({ type: 'stop_requested' })
    log('client', 'warn', 'stopped by the user, closing the connection')
    finish({ ended: 'aborted', error: 'canceled', complete: false })
  }
  if (request.stop?.aborted) queueMicrotask(stopped)
  request.stop?.addEventListener('abort', stopped, { once: true })

  const send = () => {
    // Go, curl and node count the wait for the answer from here: the kernel has taken the whole request.
    const message = messageOf(request)
    sent = message.sent
    socket.write(message.bytes, (error) => {
      if (answer || error || firstByteMs !== null) return
      // A blocking client that did not look at its connection while it was idle learns of the end now, from its first read.
      if (kept?.closed) { finish({ ended: 'fin', error: 'empty reply (EOF): the connection had been closed while it was idle', complete: false }); return }
      nextPhase('waiting for the first byte')
      firstByte = limits.watch('first_byte', 'closed the connection', overdue('first_byte'))
    })
  }
  socket.once('connect', () => {
    connecting?.disarm()
    nextPhase('send')
    send()
  })
  socket.on('data', (bytes) => {
    if (answer) return
    if (firstByteMs === null) {
      firstByteMs = clock.nowMs()
      firstByte?.disarm()
      nextPhase('reading')
      reading = limits.watch('read', 'closed the connection', overdue('read'))
    } else reading?.restart()
    try {
      reader.push(bytes)
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error
      finish({ ended: 'aborted', error: `the answer is not HTTP: ${error.message}`, complete: false })
    }
  })
  socket.once('end', () => {
    const how = reader.finish()
    if (how === 'complete') return
    peerEnded('fin')
    finish({ ended: 'fin', error: how === 'nothing' ? 'empty reply (EOF)' : 'the connection was closed before the answer was complete', complete: false })
  })
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (answer) return
    if (phase.id.startsWith('client/connect')) {
      reportConnectFault(emit, request.to)
      emit({ type: 'connection_ended', layer: 'client', hop: 0, side: 'upstream', by: 'peer', how: connectFailureOf(error), bytes: 0, complete: false, error: error.message })
      finish({ ended: error.code === 'ECONNREFUSED' ? 'rst' : 'aborted', error: error.message, complete: false })
      return
    }
    peerEnded('rst')
    finish({ ended: 'rst', error: error.message, complete: false })
  })
  const peerEnded = (how: 'fin' | 'rst') => {
    if (!answer) emit({ type: 'connection_ended', layer: 'client', hop: 0, side: 'upstream', by: 'peer', how, bytes: reader.bytes, complete: false, error: null })
  }
  if (!kept) log('client', 'debug', 'connecting', { port: request.to.port })
  else if (kept.closed === 'rst') finish({ ended: 'rst', error: 'write ECONNRESET: the connection had been reset while it was idle', complete: false })
  else if (!request.stop?.aborted) send()
  return promise.then((result) => closed(socket).then(() => result))
}

function messageOf(request: ClientRequest): { bytes: Buffer; sent: SentRequest } {
  const body = Buffer.from(request.inputJson)
  const headers: Headers = [
    ['Host', `${request.to.host}:${request.to.port}`], ['User-Agent', 'cutoff'], ['Accept', 'application/json'],
    ['Content-Type', 'application/json'], ['Content-Length', String(body.length)], ...(request.headers ?? []),
  ]
  const head = headBytes(`POST ${request.path ?? '/transform'} HTTP/1.1`, headers)
  return { bytes: Buffer.concat([head, body]), sent: { headers: fieldsOf(headers), headBytes: head.length, bodyBytes: body.length } }
}

/** Header fields as they are kept; of a value that nobody reads to its end, the beginning. */
function fieldsOf(headers: Headers): HeaderField[] {
  return headers.slice(0, mostFields).map(([name, value]) => ({ name, value: value.length > longestValue ? `${value.slice(0, longestValue)}…` : value }))
}

/** The descriptor is given back before anybody is told: nothing stays open behind a finished request. */
function closed(socket: Socket): Promise<void> {
  return socket.closed ? Promise.resolve() : new Promise((resolve) => { socket.once('close', () => resolve()) })
}
