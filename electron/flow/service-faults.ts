import type { FaultPlan, RunPlan } from '../../shared/run/plan.ts'
import type { RunningHop } from './chain.ts'
import type { FlowRun } from './flow-run.ts'
import { errorAnswer, type Handle } from './gateway/exchange.ts'

/** The gateway turns every request away by its own rules, before the service behind it hears of it. */
export function rejecting(run: FlowRun, fault: FaultPlan): Handle {
  return async () => {
    const reason = 'rejected by a rule: too many requests'
    run.emit({ type: 'fault_injected', fault: fault.text, action: 'answered 429', place: 'gateway' })
    run.log('gateway', 'warn', reason, { fault: fault.text })
    run.emit({ type: 'answered', layer: 'gateway', hop: 0, status: 429, reason })
    return errorAnswer(429, reason)
  }
}

/** Takes a hop down at its time, as a restart or a crash does: nothing listens any more, connections end. */
export function stopInTime(run: FlowRun, fault: FaultPlan, hop: RunningHop): void {
  run.clock.at(fault.atMs ?? 0, () => {
    run.emit({ type: 'fault_injected', fault: fault.text, action: 'stopped', place: fault.place })
    run.log(fault.place === 'gateway' ? 'gateway' : 'proxy', 'error', 'shutting down, closing all connections', { fault: fault.text })
    void hop.close()
  })
}

/** What a proxy is to do instead of passing requests on. */
export function proxyFaultOf(plan: Pick<RunPlan, 'faults'>, hop: number): 'reject' | 'backend_down' | null {
  const fault = plan.faults.find((candidate) => candidate.place === `proxy${hop}` && (candidate.action === 'reject' || candidate.action === 'backend_down'))
  return fault?.action === 'reject' || fault?.action === 'backend_down' ? fault.action : null
}
