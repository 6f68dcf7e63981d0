import type { ProxyEngine } from '../../shared/flow/layers.ts'
import { serviceFaultActions, type FaultPlan, type FaultPlace, type RunPlan } from '../../shared/run/plan.ts'

/** One thing that listens, from the outside in. A link stands only where a fault was asked for. */
export type Hop =
  | { kind: 'link'; to: FaultPlace; faults: FaultPlan[] }
  | { kind: 'proxy'; number: number; engine: ProxyEngine }
  | { kind: 'gateway' }

export interface PlannedChain {
  hops: Hop[]
  /** Faults at a place that this flow does not have. */
  unplaced: FaultPlan[]
}

/**
 * The hops behind the client:
 *
 *     client -> [link] -> proxy1 -> [link] -> proxy2 -> ... -> [link] -> gateway
 *
 * The link behind the client is the one in front of whatever comes first, so `client` and `proxy1` (or, without proxies,
 * `client` and `gateway`) are two names for it.
 */
export function planChain(plan: Pick<RunPlan, 'proxies' | 'faults'>): PlannedChain {
  const listeners: FaultPlace[] = [...plan.proxies.map((_, index): FaultPlace => `proxy${index + 1}`), 'gateway']
  const placeOf = (fault: FaultPlan) => (fault.place === 'client' ? listeners[0] : fault.place)
  const hops = listeners.flatMap((to, index): Hop[] => {
    const faults = plan.faults.filter((fault) => placeOf(fault) === to && !serviceFaultActions.includes(fault.action))
    const engine = plan.proxies[index]
    const listener: Hop = engine ? { kind: 'proxy', number: index + 1, engine } : { kind: 'gateway' }
    return faults.length > 0 ? [{ kind: 'link', to, faults }, listener] : [listener]
  })
  return { hops, unplaced: plan.faults.filter((fault) => !listeners.includes(placeOf(fault) ?? 'client')) }
}
