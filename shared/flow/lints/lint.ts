import { formatValue } from '../../limits/units.ts'
import type { LimitSetting, RunPlan } from '../../run/plan.ts'
import type { ProxyEngine } from '../layers.ts'
import { isInFlow, isOverridden } from '../plan-flow.ts'

/** Something about a plan that will surprise, with the one value that mends it. */
export interface Lint {
  /** Stable name of the rule, with the limits it is about. */
  id: string
  severity: 'warning' | 'note'
  /** The limit named first, in plain words. */
  title: string
  /** What follows from it. */
  text: string
  limitIds: string[]
  fix: { limitId: string; value: number | null; label: string } | null
}

/** What of a plan is looked at. */
export type LintedPlan = Pick<RunPlan, 'limits' | 'proxies'> & Partial<Pick<RunPlan, 'faults'>>

/** What the machine cannot do, as far as it is known. */
export interface Machine {
  /** Limits that cannot be enforced here, each with the reason. */
  missing?: readonly { limitId: string; reason: string }[]
  /** Proxies that are not installed, each with how to get it. */
  notInstalled?: readonly { engine: ProxyEngine; hint: string }[]
}

/** A limit that is on, enforced, and whose layer is in the flow. */
export interface Active extends LimitSetting { value: number }

/** The limits in force. A limit of all proxies of which each has a value of its own is not. */
export function activeLimits(plan: LintedPlan): Active[] {
  return plan.limits.filter((limit): limit is Active => limit.value !== null && limit.enforced && isInFlow(limit, plan) && !isOverridden(limit, plan))
}

export function setTo(limit: LimitSetting, value: number, limitId = limit.id): Lint['fix'] {
  return { limitId, value, label: `Set ${limitId} to ${formatValue(value, limit.unit)}` }
}

export function switchOff(limitId: string): Lint['fix'] {
  return { limitId, value: null, label: `Switch ${limitId} off` }
}

/** The next round value above: five seconds more, or a tenth more below ten seconds. */
export function roomAbove(ms: number): number {
  return ms >= 10_000 ? ms + 5000 : Math.ceil((ms * 1.1) / 50) * 50
}

/** A round value below, with room for the outer layer to pass the answer on. */
export function justBelow(ms: number): number {
  return ms >= 10_000 ? ms - 1000 : ms >= 100 ? Math.floor((ms * 0.9) / 10) * 10 : ms * 0.9
}
