import type { Cancellation, RequestContext } from '../context.ts'
import type { FlowRun } from '../flow-run.ts'
import { errorAnswer, type GatewayAnswer } from '../gateway/exchange.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import type { Slots } from '../queue.ts'

export type Turn =
  | { ok: true; leave(): void }
  | { ok: false; canceled: Cancellation }
  /** The queue's own limit passed: this is the answer. */
  | { ok: false; canceled: null; answer: GatewayAnswer }

/** Waits for a free slot, at most as long as `connector.queue` and the context allow. */
export async function waitForTurn(run: FlowRun, slots: Slots, context: RequestContext): Promise<Turn> {
  const { clock, emit, log, spans } = run
  if (context.ended) return { ok: false, canceled: context.ended }
  const limits = limitsOfLayer(run, 'connector')
  const sinceMs = clock.nowMs()
  const ticket = slots.take()
  const waits = slots.waiting
  const span = spans.start('connector/queue', 'connector', 'queue', 'connector')
  emit({ type: 'queue_entered', waiting: waits, running: slots.running, concurrency: Number.isFinite(slots.concurrency) ? slots.concurrency : 0 })
  if (waits > 0) log('connector', 'info', 'waiting for a free worker', { waiting: waits, running: slots.running, concurrency: slots.concurrency })

  const { promise, resolve } = Promise.withResolvers<Turn>()
  const patience = limits.watch('queue', 'answered 503', () => {
    log('connector', 'error', 'no free worker in time', limits.fieldsOf('queue'))
    emit({ type: 'answered', layer: 'connector', hop: 0, status: 503, reason: 'no free worker in time' })
    resolve({ ok: false, canceled: null, answer: errorAnswer(503, 'no free worker: the queue limit was reached') })
  })
  const letGo = context.onEnd((canceled) => resolve({ ok: false, canceled }))
  void ticket.turn.then(() => resolve({ ok: true, leave: ticket.leave }))
  const turn = await promise
  patience.disarm()
  letGo()
  if (turn.ok) emit({ type: 'queue_left', waitedMs: clock.nowMs() - sinceMs })
  else ticket.leave()
  span.end(turn.ok ? 'ok' : turn.canceled ? 'canceled' : 'cut')
  return turn
}
