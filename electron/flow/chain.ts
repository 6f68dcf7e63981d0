import { impossibleFaults } from '../../shared/flow/impossible-faults.ts'
import type { FaultPlace, RunPlan } from '../../shared/run/plan.ts'
import { loopback, type Endpoint } from './endpoint.ts'
import { FlowError } from './flow-error.ts'
import type { FlowRun } from './flow-run.ts'
import type { Handle } from './gateway/exchange.ts'
import { withPlatform } from './gateway/platform.ts'
import { startGateway } from './gateway/server.ts'
import { startLink } from './network/start-link.ts'
import { planChain, type Hop } from './plan-chain.ts'
import { startProxy } from './proxy/start-proxy.ts'
import { busyOf, gatewayHandle, keepUpstreamOf, proxyFaultOf, stopInTime } from './service-faults.ts'

export interface Chain {
  /** Where the client connects to. */
  readonly entry: Endpoint
  /**
   * Settles when all that the client set off has come to its end: data on the way, proxies' logs, the script. To be awaited after
   * the client has ended and before `close`. A script that nobody cancelled is waited for.
   */
  drain(): Promise<void>
  /** Closes every hop, from the outside in. Settles when nothing of it is left. */
  close(): Promise<void>
}

/** A hop that listens. */
export interface RunningHop { readonly endpoint: Endpoint; settled(): Promise<void>; close(): Promise<void> }

/**
 * Starts every hop of the plan, inside out, in front of `handle` (the connector). Rejects with FlowError where a hop cannot be
 * had (a proxy that is not installed); nothing is left running then.
 */
export async function startChain(run: FlowRun, plan: Pick<RunPlan, 'proxies' | 'faults' | 'propagateCancel'>, handle: Handle): Promise<Chain> {
  const [impossible] = impossibleFaults(plan)
  if (impossible) throw new FlowError(impossible.code, impossible.problem, impossible.hint)
  const started: RunningHop[] = []
  const close = async () => { for (const hop of started.toReversed()) await hop.close() }
  try {
    let next: Endpoint | null = null
    for (const hop of planChain(plan).toReversed()) {
      const running: RunningHop = await startHop(run, plan, hop, next, handle)
      const hopFaults = plan.faults.filter((fault) => fault.action === 'stop' && fault.place === placeOfHop(hop))
      const stoppable = closedOnce(running)
      started.push(stoppable)
      for (const fault of hopFaults) stopInTime(run, fault, stoppable)
      next = running.endpoint
    }
    if (!next) throw new Error('a chain without a gateway')
    // From the outside in: what one hop has passed on is the next one's work.
    const drain = async () => { for (const hop of started.toReversed()) await hop.settled() }
    return { entry: next, drain, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A hop that a fault may have closed already: closed once, and settled from then on. */
function closedOnce(hop: RunningHop): RunningHop {
  let closing: Promise<void> | null = null
  return { endpoint: hop.endpoint, settled: async () => { await (closing ?? hop.settled()) }, close: () => (closing ??= hop.close()) }
}

function placeOfHop(hop: Hop): FaultPlace | null {
  return hop.kind === 'gateway' ? 'gateway' : hop.kind === 'proxy' ? `proxy${hop.number}` : null
}

async function startHop(run: FlowRun, plan: Pick<RunPlan, 'proxies' | 'faults' | 'propagateCancel'>, hop: Hop, next: Endpoint | null, handle: Handle): Promise<RunningHop> {
  if (hop.kind === 'gateway') {
    const gateway = await startGateway(run, { propagateCancel: plan.propagateCancel, parentSpanId: spanBefore('gateway', plan.proxies.length) }, gatewayHandle(run, plan, withPlatform(run, handle)))
    return { endpoint: loopback(gateway.port), settled: gateway.settled, close: gateway.close }
  }
  if (!next) throw new Error(`a ${hop.kind} with nothing behind it`)
  if (hop.kind === 'link') return startLink(run, { to: hop.to, next, faults: hop.faults, parentSpanId: spanBefore(hop.to, plan.proxies.length) })
  const fault = proxyFaultOf(plan, hop.number)
  const proxy = await startProxy(run, hop.engine, { hop: hop.number, upstream: next, ...(fault ? { fault } : {}), ...busyOf(plan, hop.number), ...keepUpstreamOf(plan, hop.number), parentSpanId: spanBefore(`proxy${hop.number}`, plan.proxies.length) })
  return { endpoint: loopback(proxy.port), settled: proxy.settled, close: proxy.close }
}

/** The span in which the hop in front of this listener waits for it. */
function spanBefore(listener: FaultPlace, proxies: number): string {
  const number = listener === 'gateway' ? proxies : Number(listener.slice('proxy'.length)) - 1
  return number > 0 ? `proxy${number}` : 'client'
}
