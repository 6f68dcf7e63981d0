import type { FaultPlan, RunPlan } from '../../shared/run/plan.ts'
import type { RunningHop } from './chain.ts'
import type { FlowRun } from './flow-run.ts'
import { errorAnswer, type Handle } from './gateway/exchange.ts'

/** What the gateway does with a request: what stands behind it, unless a fault of the gateway is in between. */
export function gatewayHandle(run: FlowRun, plan: Pick<RunPlan, 'faults'>, handle: Handle): Handle {
  const fault = plan.faults.find((candidate) => candidate.place === 'gateway' && (candidate.action === 'reject' || candidate.action === 'bad_header' || candidate.action === 'big_header'))
  if (!fault) return handle
  return fault.action === 'reject' ? rejecting(run, fault) : spoiling(run, fault, handle)
}

/** The gateway turns every request away by its own rules, before the service behind it hears of it. */
function rejecting(run: FlowRun, fault: FaultPlan): Handle {
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

/** The gateway's answers carry a header no proxy takes; what the connector does is not touched. */
function spoiling(run: FlowRun, fault: FaultPlan, handle: Handle): Handle {
  return async (request, context) => {
    const answer = await handle(request, context)
    const [action, header] = fault.action === 'bad_header'
      ? ['answered with a header that is not HTTP', ['X Broken', 'a name with a blank in it'] as const] as const
      : [`answered with a header of ${fault.amount} bytes`, ['X-Trace', 'x'.repeat(fault.amount ?? 0)] as const] as const
    run.emit({ type: 'fault_injected', fault: fault.text, action, place: 'gateway' })
    run.log('gateway', 'debug', action, { fault: fault.text, header: header[0] })
    return { ...answer, headers: [...answer.headers, header] }
  }
}

/** How the client is to reuse a connection, where the plan asks for it. */
export function reuseOf(plan: Pick<RunPlan, 'faults'>): { reuse?: { idleMs: number; fault: string } } {
  const fault = plan.faults.find((candidate) => candidate.action === 'reuse')
  return fault ? { reuse: { idleMs: fault.amount ?? 0, fault: fault.text } } : {}
}

/** How long another request is to hold this proxy's only connection to upstream. */
export function busyOf(plan: Pick<RunPlan, 'faults'>, hop: number): { busy?: { untilMs: number; text: string } } {
  const fault = plan.faults.find((candidate) => candidate.place === `proxy${hop}` && candidate.action === 'busy')
  return fault ? { busy: { untilMs: fault.amount ?? 0, text: fault.text } } : {}
}

/** Is this proxy to keep its connection to upstream? */
export function keepUpstreamOf(plan: Pick<RunPlan, 'faults'>, hop: number): { keepUpstream?: { text: string } } {
  const fault = plan.faults.find((candidate) => candidate.place === `proxy${hop}` && candidate.action === 'reuse')
  return fault ? { keepUpstream: { text: fault.text } } : {}
}

/** What a proxy is to do instead of passing requests on. */
export function proxyFaultOf(plan: Pick<RunPlan, 'faults'>, hop: number): 'reject' | 'backend_down' | null {
  const fault = plan.faults.find((candidate) => candidate.place === `proxy${hop}` && (candidate.action === 'reject' || candidate.action === 'backend_down'))
  return fault?.action === 'reject' || fault?.action === 'backend_down' ? fault.action : null
}
