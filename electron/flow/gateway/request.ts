import type { Socket } from 'node:net'
import { createContext, type Cancellation } from '../context.ts'
import type { FlowRun } from '../flow-run.ts'
import type { RequestHead } from '../http/head.ts'
import type { LayerLimits } from '../limit-timers.ts'
import type { WorkCount } from '../work-count.ts'
import { wantsKeepAlive } from '../http/keep-alive.ts'
import { errorAnswer, type GatewayAnswer, type Handle } from './exchange.ts'
import type { GatewayOptions } from './server.ts'
import { writeAnswer } from './write-answer.ts'
import { counted } from '../../../shared/text/counted.ts'

/** A request between its header and its answer. What befalls the connection meanwhile is told to it. */
export interface RequestInHand {
  bodyRead(body: Buffer): void
  /** ReadTimeout passed while the body was being read: the handler's read fails. */
  bodyOverdue(): void
  bodyBroken(problem: string): void
  clientGone(): void
  connectionClosed(): void
}

interface Parts {
  socket: Socket
  limits: LayerLimits
  head: RequestHead
  /** The answer is out (or lost): may the connection serve another request? */
  done(keepAlive: boolean): void
}

/** Go's buffered writer: an answer that fits in is "written" without error however late it is, and lost at the flush. */
const writeBufferBytes = 4096

/** The handler's side of a request: body, deadline, context, answer. */
export function beginRequest(run: FlowRun, options: GatewayOptions, work: WorkCount, handle: Handle, { socket, limits, head, done }: Parts): RequestInHand {
  const { emit, log, spans, clock } = run
  const context = createContext()
  const inHand = work.begin()
  const span = spans.start('gateway', 'gateway', `${head.method} ${head.target}`, options.parentSpanId)
  const startedMs = clock.nowMs()
  let over = false
  let gone = false

  emit({ type: 'stage', stage: 'request_received' })
  log('gateway', 'info', 'request received', { method: head.method, path: head.target })
  // SetWriteDeadline is called when the header has been read. Nothing happens when it passes: only a write meets it.
  const write = limits.watch('write', '', () => { if (writing) loseRest() }, { silent: true })
  const handler = limits.watch('handler', 'answered 503 and cancelled the context', () => {
    log('gateway', 'error', 'handler timed out, answering 503', limits.fieldsOf('handler'))
    cancelByLimit('handler')
    emit({ type: 'answered', layer: 'gateway', hop: 0, status: 503, reason: 'http: Handler timeout' })
    answer({ status: 503, headers: [['Content-Type', 'text/html; charset=utf-8']], body: Buffer.from('<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>') })
  })
  const worker = limits.watch('worker', 'killed the worker', () => {
    log('gateway', 'error', 'worker timeout, killing the worker', limits.fieldsOf('worker'))
    cancelByLimit('worker')
    emit({ type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'self', how: 'fin', bytes: 0, complete: false, error: 'the worker was killed' })
    finish('cut', false)
  })
  let writing = false

  const cancelByLimit = (name: string) => {
    const cause = { kind: 'limit', limitId: limits.idOf(name) } as const
    const at = clock.nowMs()
    if (context.cancel('gateway', cause)) tellCanceled(context.ended, at)
  }
  /** Told after what hangs on the context has acted, but stamped before: `atMs` is the instant of the cancel. */
  const tellCanceled = (cancellation: Cancellation | null, atMs: number) => {
    if (cancellation) emit({ type: 'context_canceled', layer: 'gateway', cause: cancellation.cause.kind, limitId: cancellation.cause.limitId, error: cancellation.error }, atMs)
  }
  const finish = (status: 'ok' | 'cut' | 'canceled' | 'error', keepAlive: boolean) => {
    if (over) return
    over = true
    for (const watch of [write, handler, worker]) watch.disarm()
    span.end(status)
    inHand()
    done(keepAlive)
  }

  const answer = (given: GatewayAnswer) => {
    if (over || writing) return
    const fields = { status: given.status, bytes: given.body.length }
    if (gone && (options.propagateCancel || socket.destroyed)) {
      log('gateway', 'warn', 'no one to answer, response dropped', fields)
      finish('canceled', false)
      return
    }
    handler.disarm()
    worker.disarm()
    const now = clock.nowMs()
    if (write.deadlineMs !== null && now >= write.deadlineMs) { lose(given, write.deadlineMs); return }
    writing = true
    log('gateway', 'info', 'request completed', { ...fields, duration_ms: Math.round(now - startedMs) })
    const keepAlive = wantsKeepAlive(head) && !gone && bodyDone
    writeAnswer(socket, given, keepAlive, (error) => {
      if (over) return
      if (error) log('gateway', 'warn', 'write failed', { err: error.message })
      finish(error ? 'error' : given.status < 500 ? 'ok' : 'error', keepAlive && !error)
    })
  }
  /** The deadline passed while the handler ran: its write "succeeds" when it fits the buffer, the flush fails, the client gets EOF. */
  const lose = (given: GatewayAnswer, passedAtMs: number) => {
    const fields = { status: given.status, bytes: given.body.length, duration_ms: Math.round(clock.nowMs() - startedMs) }
    if (given.body.length <= writeBufferBytes) log('gateway', 'info', 'request completed', fields)
    else log('gateway', 'error', `write failed: write tcp 127.0.0.1:${socket.localPort}->127.0.0.1:${socket.remotePort}: i/o timeout`, fields)
    write.disarm()
    emit({ type: 'limit_fired', limitId: limits.idOf('write'), effect: 'late', passedAtMs, action: 'the answer was written after the deadline and lost' })
    emit({ type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'self', how: 'fin', bytes: 0, complete: false, error: 'i/o timeout' })
    finish('cut', false)
  }
  /** The deadline passes in the middle of a write to a client that reads too slowly: the rest is never sent. */
  const loseRest = () => {
    const left = socket.writableLength
    emit({ type: 'limit_fired', limitId: limits.idOf('write'), effect: 'acted', passedAtMs: write.deadlineMs, action: `closed the connection with ${counted(left, 'byte')} unsent` })
    log('gateway', 'error', `write failed: write tcp 127.0.0.1:${socket.localPort}->127.0.0.1:${socket.remotePort}: i/o timeout`, { unsent_bytes: left })
    emit({ type: 'connection_ended', layer: 'gateway', hop: 0, side: 'downstream', by: 'self', how: 'fin', bytes: socket.bytesWritten - left, complete: false, error: 'i/o timeout' })
    socket.destroy()
    finish('cut', false)
  }

  let bodyDone = false
  return {
    bodyRead(body) {
      bodyDone = true
      if (over) return
      // Counted apart from the request: a handler may outlive its 503.
      const running = work.begin()
      void handle({ method: head.method, target: head.target, headers: head.headers, body }, context).then(answer, (error: unknown) => {
        log('gateway', 'error', `http: panic serving: ${error instanceof Error ? error.message : String(error)}`)
        finish('error', false)
      }).finally(running)
    },
    bodyOverdue() {
      log('gateway', 'error', 'reading the request body failed: i/o timeout', limits.fieldsOf('read'))
      emit({ type: 'answered', layer: 'gateway', hop: 0, status: 400, reason: 'i/o timeout' })
      answer(errorAnswer(400, 'failed to read request body: i/o timeout'))
    },
    bodyBroken(problem) {
      log('gateway', 'warn', 'reading the request body failed', { err: problem })
      emit({ type: 'answered', layer: 'gateway', hop: 0, status: 400, reason: problem })
      answer(errorAnswer(400, `failed to read request body: ${problem}`))
    },
    clientGone() {
      if (over || gone) return
      gone = true
      const at = clock.nowMs()
      if (writing) log('gateway', 'warn', 'client went away while the answer was being written')
      else if (!bodyDone) {
        log('gateway', 'warn', 'client went away while the request was being read', { err: 'unexpected EOF' })
        finish('canceled', false)
      } else if (!options.propagateCancel) log('gateway', 'warn', 'client went away, the request goes on')
      else if (context.cancel('gateway', { kind: 'client_gone', limitId: null })) {
        log('gateway', 'warn', 'client went away, request context cancelled', { err: 'context canceled' })
        tellCanceled(context.ended, at)
      }
    },
    connectionClosed() {
      // The engine closes everything at its end; whatever still runs for this request has nobody left.
      const at = clock.nowMs()
      if (!over && !gone && context.cancel('gateway', { kind: 'engine_stop', limitId: null })) tellCanceled(context.ended, at)
    },
  }
}
