import type { Socket } from 'node:net'
import type { ArmedTimer } from '../clock.ts'
import type { FlowRun } from '../flow-run.ts'
import { headerOf } from '../http/headers.ts'
import { MalformedMessage, type RequestHead } from '../http/head.ts'
import { wantsKeepAlive } from '../http/keep-alive.ts'
import { lingerThenClose } from '../http/linger.ts'
import { readRequest, type MessageReader } from '../http/message-reader.ts'
import { limitsOfLayer, type LimitWatch } from '../limit-timers.ts'
import type { WorkCount } from '../work-count.ts'
import type { Handle } from './exchange.ts'
import { beginRequest, type RequestInHand } from './request.ts'
import type { GatewayOptions } from './server.ts'
import { plainAnswer, writeAnswer } from './write-answer.ts'

/** So much of later requests is taken in ahead; more stays with the client until its turn. */
const mostAheadBytes = 64 * 1024

/**
 * One connection of the gateway, request after request, with Go's deadlines (net/http/server.go):
 *
 *     accept      header read        body read          handler ends
 *       |--read_header--|                 |                  |
 *       |--------------read---------------|                  |      then without effect; beside a read_header it is only looked at
 *                       |                                           once the header is there, however late that is by then
 *                       |------------------------write------------  passes in silence, shows at the write
 *                       |-------handler (TimeoutHandler)-----|
 *                                                            |--idle--  until the next request's first byte
 */
export function serveConnection(run: FlowRun, options: GatewayOptions, work: WorkCount, handle: Handle, socket: Socket): void {
  const { emit, log, clock } = run
  const limits = limitsOfLayer(run, 'gateway')
  let reader: MessageReader
  let headerLimit: LimitWatch | null = null
  let readLimit: LimitWatch | null = null
  let idleLimit: LimitWatch | null = null
  let readingSinceMs = 0
  let idleByRead: ArmedTimer | null = null
  let current: RequestInHand | null = null
  let served = 0
  /** Came while a request was in hand: Go leaves it in the buffer until the answer is out. */
  let ahead: Buffer[] = []
  let aheadBytes = 0
  let peerGone = false

  const nextRequest = () => {
    let body: Buffer[] = []
    let healthKeepsAlive = false
    const answerHealthCheck = () => {
      if (socket.destroyed || socket.writableEnded) return
      // The next request has its turn when this answer is out: a flood of checks in one packet is no recursion.
      writeAnswer(socket, { status: 200, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from('ok\n') }, healthKeepsAlive, () => {
        if (!socket.destroyed && !socket.writableEnded) afterRequest(healthKeepsAlive)
      })
    }
    reader = readRequest({
      head(head, framing) {
        headerLimit?.disarm()
        if (headerLimit?.deadlineMs !== null) armRead()
        if (headerOf(head.headers, 'host') === null && head.version === '1.1') { reject(400, 'missing required Host header'); return }
        if (headerOf(head.headers, 'expect')?.toLowerCase() === '100-continue' && framing.kind !== 'none') socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        if (isHealthCheck(head)) { healthKeepsAlive = wantsKeepAlive(head); return }
        current = beginRequest(run, options, work, handle, { socket, limits, head, done: afterRequest })
      },
      body(data) { body.push(data) },
      end(rest) {
        readLimit?.disarm()
        if (rest.length > 0) keepAhead(rest)
        if (current) current.bodyRead(Buffer.concat(body))
        else answerHealthCheck()
        body = []
      },
    })
    current = null
  }
  const startReading = () => {
    // ReadHeaderTimeout and ReadTimeout count from here: accept, or the first byte of a later request.
    readingSinceMs = clock.nowMs()
    headerLimit = limits.watch('read_header', 'closed the connection without an answer', () => {
      log('gateway', 'debug', 'read header limit reached, closing the connection', limits.fieldsOf('read_header'))
      endConnection('timeout')
    })
    if (headerLimit.deadlineMs === null) armRead()
  }
  const armRead = () => {
    readLimit = limits.watch('read', 'stopped reading the request', () => {
      if (current) { current.bodyOverdue(); return }
      log('gateway', 'debug', 'read limit reached, closing the connection', limits.fieldsOf('read'))
      endConnection('timeout')
    }, { fromMs: readingSinceMs })
  }
  const afterRequest = (keepAlive: boolean) => {
    served++
    if (!keepAlive || peerGone) { endConnection(null, !peerGone && reader.phase === 'body'); return }
    nextRequest()
    idleLimit = limits.watch('idle', 'closed the idle connection', () => endIdle('idle'))
    // Without an IdleTimeout Go waits as long as ReadTimeout says.
    const readMs = limits.valueOf('read')
    const idleSinceMs = clock.nowMs()
    if (idleLimit.deadlineMs === null && readMs !== null) idleByRead = clock.after(readMs, () => {
      const passedAtMs = idleSinceMs + readMs
      emit({ type: 'limit_armed', limitId: limits.idOf('read'), deadlineMs: passedAtMs }, idleSinceMs)
      emit({ type: 'limit_fired', limitId: limits.idOf('read'), effect: 'acted', passedAtMs, action: 'closed the idle connection, as Go takes ReadTimeout for IdleTimeout where there is none' })
      endIdle('read')
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
  const endIdle = (limit: string) => {
    log('gateway', 'debug', 'closing an idle connection', limits.fieldsOf(limit))
    endConnection('timeout')
  }
  const endConnection = (how: 'timeout' | null, lingering = false) => {
    if (how) emit({ type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'self', how, bytes: reader.bytes, complete: false, error: null })
    disarm()
    if (lingering) lingerThenClose(socket)
    else socket.destroySoon()
  }
  const reject = (status: number, reason: string) => {
    emit({ type: 'answered', layer: 'gateway', hop: 0, status, reason })
    log('gateway', 'warn', 'bad request', { status, reason })
    writeAnswer(socket, plainAnswer(status, reason), false)
    endConnection(null, true)
  }
  const take = (bytes: Buffer) => {
    if (reader.phase === 'done') { keepAhead(bytes); return }
    if (reader.bytes === 0 && served > 0) { idleLimit?.disarm(); idleByRead?.cancel(); startReading() }
    try {
      reader.push(bytes)
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error
      if (current) current.bodyBroken(error.message)
      else reject(error.status, error.message)
    }
  }
  const disarm = () => { idleByRead?.cancel(); for (const watch of [headerLimit, readLimit, idleLimit]) watch?.disarm() }
  const peerLeft = (how: 'fin' | 'rst') => {
    if (peerGone) return
    peerGone = true
    // Between two requests a leaving client is nothing to tell.
    const inTheMiddle = current !== null || reader.bytes > 0
    if (inTheMiddle) emit({ type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'peer', how, bytes: reader.bytes, complete: reader.phase === 'done', error: null })
    if (current) current.clientGone()
    else endConnection(null)
  }

  nextRequest()
  startReading()
  socket.on('data', (bytes) => { if (!socket.writableEnded && !socket.destroyed) take(bytes) })
  socket.once('end', () => peerLeft('fin'))
  socket.once('error', () => peerLeft('rst'))
  socket.once('close', () => {
    disarm()
    current?.connectionClosed()
  })
}

/** The service's own health check: it never reaches the connector. */
function isHealthCheck(head: RequestHead): boolean {
  return head.method === 'GET' && head.target.split('?')[0] === '/healthz'
}
