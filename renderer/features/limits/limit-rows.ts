import type { PlannedFlow } from '../../../shared/flow/plan-flow.ts'
import type { LimitSetting } from '../../../shared/run/plan.ts'

/** A limit with its place in the order of firing; null where it would never end a request that waits for its script. */
export interface LimitRow { limit: LimitSetting; order: number | null; effect: 'cuts' | 'late' | 'no_effect' | null }

/** All limits: those that fire first, in order, then what has no clock or no effect. A client limit is always shown, set or not. */
export function limitRows(limits: readonly LimitSetting[], flow: PlannedFlow): LimitRow[] {
  const counting = flow.deadlines.filter((deadline) => deadline.effect !== 'no_effect')
  const shown = limits.some((limit) => limit.id === 'client.total') ? limits : [...limits, { id: 'client.total', value: null, unit: 'ms', origin: 'not set', enforced: true } as const]
  const rows = shown.map((limit): LimitRow => {
    const index = counting.findIndex((deadline) => deadline.limitId === limit.id)
    return { limit, order: index < 0 ? null : index + 1, effect: flow.deadlines.find((deadline) => deadline.limitId === limit.id)?.effect ?? null }
  })
  return rows.toSorted((a, b) => (a.order ?? 1000) - (b.order ?? 1000))
}
