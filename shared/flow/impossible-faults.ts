import type { FaultPlan, FaultPlace, RunPlan } from '../run/plan.ts'

/** A fault that this flow cannot have, and how to ask for what was meant. */
export interface ImpossibleFault { fault: FaultPlan; code: 'fault_without_place' | 'fault_not_possible'; problem: string; hint: string }

/** Faults at a proxy that is not there, or that a proxy of this kind cannot have. Pure: told before anything is started. */
export function impossibleFaults({ faults, proxies }: Pick<RunPlan, 'faults' | 'proxies'>): ImpossibleFault[] {
  return faults.flatMap((fault): ImpossibleFault[] => {
    const hop = hopOf(fault.place)
    if (hop === null) return []
    const engine = proxies[hop - 1]
    if (!engine) {
      return [{ fault, code: 'fault_without_place', problem: `${fault.text}: this flow has no ${fault.place}`, hint: proxies.length === 0 ? 'add --proxy builtin' : proxies.length === 1 ? 'it has one proxy: proxy1' : `proxies are numbered from the outside: proxy1 to proxy${proxies.length}` }]
    }
    const own = engine === 'builtin' ? 'the built-in proxy' : engine === 'nginx' ? 'nginx' : 'HAProxy'
    if (fault.action === 'busy' && engine !== 'haproxy') return [{ fault, code: 'fault_not_possible', problem: `${fault.text}: ${own} has no queue, so no request ever waits for its connection to upstream`, hint: 'only HAProxy queues requests: use --proxy haproxy' }]
    if (fault.action === 'reuse' && engine === 'builtin') return [{ fault, code: 'fault_not_possible', problem: `${fault.text}: ${own} opens a connection to upstream for every request`, hint: 'use --proxy nginx or haproxy' }]
    return []
  })
}

/** `proxy2` -> 2; null for what every flow has. */
function hopOf(place: FaultPlace): number | null {
  const match = /^proxy(\d+)$/.exec(place)
  return match ? Number(match[1]) : null
}
