import type { Socket } from 'node:net'
import { headerOf } from '../http/headers.ts'
import { MalformedMessage, type RequestHead } from '../http/head.ts'
import { lingerThenClose } from '../http/linger.ts'
import { readRequest, type MessageReader } from '../http/message-reader.ts'
import { nginxRules } from '../http/server-rules.ts'
import type { LimitWatch } from '../limit-timers.ts'
import type { ProxyParts } from './builtin-parts.ts'
import { openJournal, type Journal } from './builtin-journal.ts'
import { turnAway } from './builtin-turn-away.ts'
import { passOn, type PassedOn } from './builtin-upstream.ts'
import { errorPage } from './error-page.ts'

/** So much of later requests is taken in ahead; more stays with the client until its turn. */
const mostAheadBytes = 64 * 1024

/**
 * The client's side of one connection: requests are read whole, passed on one after the other, answered.
 *
 *     accept (or first byte)   header read        body read
 *       |---- client_header ------|-- client_body --|-- ... (between two reads)   then upstream's turn, then idle
 */
export function serveProxyConnection(parts: ProxyParts, socket: Socket): void {
  const { run, place, limits, work } = parts
  const { emit, clock } = run
  let reader: MessageReader
  let headerLimit: LimitWatch | null = null
  let bodyLimit: LimitWatch | null = null
  let idleLimit: LimitWatch | null = null
  let passed: PassedOn | null = null
  let journal: Journal | null = null
  let served = 0
  let ahead: Buffer[] = []
  let aheadBytes = 0
  let ended = false
  let finishWork = () => {}

  const nextRequest = () => {
    const body: Buffer[] = []
    let request: RequestHead | null = null
    passed = null
    journal = null
    reader = readRequest({
      head(head, framing) {
        request = head
        headerLimit?.disarm()
        journal = beginJournal()
        journal.request(head)
        if (framing.kind === 'none') return
        if (headerOf(head.headers, 'expect')?.toLowerCase() === '100-continue') socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        bodyLimit = limits.watch('client_body', 'closed the connection', () => giveUp('client timed out (110: Connection timed out) while reading client request body', 'client_body'))
      },
      body(data) {
        bodyLimit?.restart()
        body.push(data)
      },
      end(rest) {
        bodyLimit?.disarm()
        if (rest.length > 0) keepAhead(rest)
        if (request && journal && parts.place.fault) turnAway(parts, socket, request, journal, afterAnswer)
        else if (request && journal) passed = passOn(parts, socket, request, body.length === 1 && body[0] ? body[0] : Buffer.concat(body), journal, afterAnswer)
      },
    }, nginxRules)
  }
  const beginJournal = (): Journal => {
    if (journal) return journal
    finishWork = work.begin()
    return journal = openJournal(run, place, startedMs)
  }
  let startedMs = clock.nowMs()
  const startReading = () => {
    startedMs = clock.nowMs()
    headerLimit = limits.watch('client_header', 'closed the connection', () => {
      giveUp(`client timed out (110: Connection timed out) while ${reader.bytes === 0 ? 'waiting for request' : 'reading client request headers'}`, 'client_header')
    })
  }
  /** nginx notes 408 and closes; it sends no 408. */
  const giveUp = (phrase: string, limit: string) => {
    const notes = beginJournal()
    notes.error('info', phrase, limits.fieldsOf(limit))
    emit({ type: 'connection_ended', layer: 'proxy', hop: place.hop, side: 'downstream', by: 'self', how: 'timeout', bytes: reader.bytes, complete: false, error: phrase })
    notes.end(408, 0, 'cut')
    end()
  }
  const reject = (error: MalformedMessage) => {
    const notes = beginJournal()
    notes.error('info', `client sent invalid request: ${error.message}`)
    emit({ type: 'answered', layer: 'proxy', hop: place.hop, status: error.status, reason: error.message })
    const page = errorPage(error.status, false)
    notes.end(error.status, page.length, 'error')
    socket.write(page)
    over()
    lingerThenClose(socket)
  }
  const afterAnswer = (keepAlive: boolean) => {
    finishWork()
    served++
    if (!keepAlive || ended) { end(); return }
    nextRequest()
    idleLimit = limits.watch('idle', 'closed the idle connection', () => {
      run.log('proxy', 'info', 'keep-alive limit reached, closing the idle connection', { hop: place.hop, ...limits.fieldsOf('idle') })
      end()
    })
    const waiting = ahead
    ahead = []
    aheadBytes = 0
    if (socket.isPaused()) socket.resume()
    for (const bytes of waiting) take(bytes)
  }
  const keepAhead = (bytes: Buffer) => {
    ahead.push(bytes)
    aheadBytes += bytes.length
    if (aheadBytes > mostAheadBytes) socket.pause()
  }
  const over = () => {
    ended = true
    for (const watch of [headerLimit, bodyLimit, idleLimit]) watch?.disarm()
    finishWork()
  }
  const end = () => {
    over()
    if (!socket.destroyed) socket.destroySoon()
  }
  const take = (bytes: Buffer) => {
    if (ended) return
    if (reader.phase === 'done') { keepAhead(bytes); return }
    if (reader.bytes === 0 && served > 0) { idleLimit?.disarm(); startReading() }
    try {
      reader.push(bytes)
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error
      reject(error)
    }
  }
  const peerLeft = (how: 'fin' | 'rst') => {
    if (ended) return
    const midRequest = passed !== null || reader.bytes > 0
    if (midRequest) emit({ type: 'connection_ended', layer: 'proxy', hop: place.hop, side: 'downstream', by: 'peer', how, bytes: reader.bytes, complete: reader.phase === 'done', error: null })
    if (passed) passed.clientGone(how)
    else if (midRequest) {
      const notes = beginJournal()
      notes.error('info', 'client prematurely closed connection')
      notes.end(400, 0, 'canceled')
    }
    end()
  }

  nextRequest()
  startReading()
  socket.on('data', take)
  socket.on('end', () => peerLeft('fin'))
  socket.on('error', () => peerLeft('rst'))
  socket.on('close', () => {
    if (!ended) passed?.clientGone('fin')
    end()
  })
}
