import type { ProxyEngine } from '../../shared/flow/layers.ts'
import { serviceFaultActions, type FaultPlan, type FaultPlace, type RunPlan } from '../../shared/run/plan.ts'

/** One thing that listens, from the outside in. A link stands only where a fault was asked for. */
export type Hop =
  | { kind: 'link'; to: FaultPlace; faults: FaultPlan[] }
  | { kind: 'proxy'; number: number; engine: ProxyEngine }
  | { kind: 'gateway' }

/**
 * The hops behind the client:
 *
 *     client -> [link] -> proxy1 -> [link] -> proxy2 -> ... -> [link] -> gateway
 *
 * The link behind the client is the one in front of whatever comes first, so `client` and `proxy1` (or, without proxies,
 * `client` and `gateway`) are two names for it. Faults at a place that the flow does not have are left out.
 */
export function planChain(plan: Pick<RunPlan, 'proxies' | 'faults'>): Hop[] {
  const listeners: FaultPlace[] = [...plan.proxies.map((_, index): FaultPlace => `proxy${index + 1}`), 'gateway']
  const placeOf = (fault: FaultPlan) => (fault.place === 'client' ? listeners[0] : fault.place)
  return listeners.flatMap((to, index): Hop[] => {
    const faults = plan.faults.filter((fault) => placeOf(fault) === to && !serviceFaultActions.includes(fault.action))
    const engine = plan.proxies[index]
    const listener: Hop = engine ? { kind: 'proxy', number: index + 1, engine } : { kind: 'gateway' }
    return faults.length > 0 ? [{ kind: 'link', to, faults }, listener] : [listener]
  })
}
