import type { FaultAction, FaultPlan } from '../../../shared/run/plan.ts'

/** What a relay does to a connection that has come about. */
type RelayedAction = Extract<FaultAction, 'latency' | 'bandwidth' | 'reset' | 'blackhole' | 'close' | 'close_midbody' | 'slow_close' | 'idle_drop' | 'garbage'>

/** A link's faults by action, the strictest first: sorted once, not per connection and packet. */
export interface LinkFaults extends Record<RelayedAction, readonly FaultPlan[]> {
  readonly title: string
  /** Those that act at a moment of their own, counted from the accept. */
  readonly timed: boolean
  /** Those that act on what passes, where there is one. */
  readonly idleDrop: FaultPlan | null
  readonly midbody: FaultPlan | null
  readonly garbageAtOnce: FaultPlan | null
  readonly slowEnd: FaultPlan | null
}

export function faultsByAction(faults: readonly FaultPlan[], to: string): LinkFaults {
  const of = (action: RelayedAction) => faults.filter((fault) => fault.action === action).toSorted((a, b) => (a.amount ?? 0) - (b.amount ?? 0))
  const [reset, close, blackhole, garbage, slowClose, idleDrop, midbody] = [of('reset'), of('close'), of('blackhole'), of('garbage'), of('slow_close'), of('idle_drop'), of('close_midbody')]
  const hasTime = (fault: FaultPlan) => fault.atMs !== null
  const atOnce = (all: readonly FaultPlan[]) => all.find((fault) => !hasTime(fault)) ?? null
  return {
    title: `link to ${to}: ${faults.map((fault) => fault.text).join(', ')}`,
    latency: of('latency'), bandwidth: of('bandwidth'), reset, blackhole, close, close_midbody: midbody, slow_close: slowClose, idle_drop: idleDrop, garbage,
    timed: reset.length + close.length + blackhole.length > 0 || garbage.some(hasTime) || slowClose.some(hasTime),
    idleDrop: idleDrop[0] ?? null, midbody: midbody[0] ?? null, garbageAtOnce: atOnce(garbage), slowEnd: atOnce(slowClose),
  }
}
