import type { FlowRun } from '../flow-run.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import { errorAnswer, type GatewayAnswer, type Handle } from './exchange.ts'

/**
 * A platform's limits on one invocation, around the handler: its duration (the platform answers instead and ends the invocation)
 * and the size of request and answer. Without such limits in the plan the handler is returned as it is.
 */
export function withPlatform(run: FlowRun, handle: Handle): Handle {
  const limits = limitsOfLayer(run, 'platform')
  const largest = limits.valueOf('payload')
  if (largest === null && limits.valueOf('duration') === null) return handle
  const { emit, log } = run

  const refuse = (status: number, reason: string): GatewayAnswer => {
    const limitId = limits.idOf('payload')
    emit({ type: 'limit_fired', limitId, effect: 'acted', passedAtMs: null, action: `answered ${status}` })
    emit({ type: 'answered', layer: 'platform', hop: 0, status, reason })
    log('platform', 'error', reason, limits.fieldsOf('payload'))
    return errorAnswer(status, reason)
  }
  return (request, context) => {
    if (largest !== null) {
      emit({ type: 'limit_armed', limitId: limits.idOf('payload'), deadlineMs: null })
      if (request.body.length > largest) return Promise.resolve(refuse(413, `request payload of ${request.body.length} bytes is too large`))
    }
    const invocation = context.child()
    const { promise, resolve } = Promise.withResolvers<GatewayAnswer>()
    const duration = limits.watch('duration', 'ended the invocation and answered instead of it', () => {
      log('platform', 'error', 'invocation timed out', limits.fieldsOf('duration'))
      if (invocation.cancel('platform', { kind: 'limit', limitId: limits.idOf('duration') })) {
        emit({ type: 'context_canceled', layer: 'platform', cause: 'limit', limitId: limits.idOf('duration'), error: 'context deadline exceeded' })
      }
      emit({ type: 'answered', layer: 'platform', hop: 0, status: 504, reason: 'invocation timed out' })
      resolve(errorAnswer(504, `Task timed out after ${((limits.valueOf('duration') ?? 0) / 1000).toFixed(2)} seconds`))
    })
    void handle(request, invocation).then((answer) => {
      duration.disarm()
      resolve(largest !== null && answer.status < 400 && answer.body.length > largest ? refuse(502, `response payload of ${answer.body.length} bytes is too large`) : answer)
    }, (error: unknown) => {
      duration.disarm()
      resolve(errorAnswer(502, error instanceof Error ? error.message : String(error)))
    })
    return promise
  }
}
