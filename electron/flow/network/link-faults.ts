import type { FaultAction, FaultPlan } from '../../../shared/run/plan.ts'

/** What a relay does to a connection that has come about. */
type RelayedAction = Extract<FaultAction, 'latency' | 'bandwidth' | 'reset' | 'blackhole' | 'close' | 'close_midbody' | 'slow_close' | 'idle_drop' | 'garbage'>

/** A link's faults by action, the strictest first: sorted once, not per connection and packet. */
export type LinkFaults = Record<RelayedAction, readonly FaultPlan[]> & { readonly title: string }

export function faultsByAction(faults: readonly FaultPlan[], to: string): LinkFaults {
  const of = (action: RelayedAction) => faults.filter((fault) => fault.action === action).toSorted((a, b) => (a.amount ?? 0) - (b.amount ?? 0))
  return {
    title: `link to ${to}: ${faults.map((fault) => fault.text).join(', ')}`,
    latency: of('latency'), bandwidth: of('bandwidth'), reset: of('reset'), blackhole: of('blackhole'), close: of('close'), close_midbody: of('close_midbody'),
    slow_close: of('slow_close'), idle_drop: of('idle_drop'), garbage: of('garbage'),
  }
}
