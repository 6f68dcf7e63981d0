import type { PlannedFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKinds } from '../../../shared/limits/catalog.ts'
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

/** Limits that could be added: those not in the plan, and with several proxies each of theirs for one hop alone, as `proxy2.read`. */
export function offeredLimits(limits: readonly Pick<LimitSetting, 'id'>[], proxies: number): string[] {
  const ids = limitKinds.flatMap(({ base }) => {
    if (!base.startsWith('proxy.')) return [base]
    const name = base.slice('proxy.'.length)
    return [base, ...(proxies > 1 ? Array.from({ length: proxies }, (_, index) => `proxy${index + 1}.${name}`) : [])]
  })
  return ids.filter((id) => !limits.some((limit) => limit.id === id))
}
