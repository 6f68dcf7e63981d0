import { planFlow, type PlannedDeadline } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatValue } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'

/** A deadline that is still to come, and what it would do. */
export interface NextLimit { limitId: string; inMs: number; atMs: number; effect: string; late: boolean; /** its value, as written */ value: string }

const plans = new WeakMap<RunPlan, ReadonlyMap<string, PlannedDeadline['effect']>>()

/** What each limit of a plan does to a request that waits; computed once per plan, asked ten times a second. */
function effectsOf(plan: RunPlan | null): ReadonlyMap<string, PlannedDeadline['effect']> {
  if (!plan) return new Map()
  const known = plans.get(plan)
  if (known) return known
  const effects = new Map(planFlow(plan).deadlines.map((deadline) => [deadline.limitId, deadline.effect]))
  plans.set(plan, effects)
  return effects
}

/** The limits in force that would still fire, next one first. Those without effect on a waiting request are left out. */
export function nextLimits(run: Run, nowMs: number): NextLimit[] {
  const effects = effectsOf(run.plan)
  return run.limits
    .filter((limit) => limit.deadlineMs !== null && limit.disarmedAtMs === null && limit.fired === null && limit.deadlineMs > nowMs && effects.get(limit.id) !== 'no_effect')
    .map((limit) => ({
      limitId: limit.id, atMs: limit.deadlineMs ?? 0, inMs: (limit.deadlineMs ?? 0) - nowMs,
      effect: limitKindOf(limit.id)?.effect ?? '', late: effects.get(limit.id) === 'late', value: limit.value === null ? '' : formatValue(limit.value, limit.unit),
    }))
    .toSorted((a, b) => a.atMs - b.atMs)
}

/** A limit that has passed and shows only when the handler ends (Go's WriteTimeout): the answer is already lost. Null if there is none. */
export function lostAlready(run: Run, nowMs: number): { limitId: string; atMs: number } | null {
  const effects = effectsOf(run.plan)
  const limit = run.limits.find((candidate) => effects.get(candidate.id) === 'late' && candidate.deadlineMs !== null && candidate.deadlineMs <= nowMs && candidate.disarmedAtMs === null && candidate.fired === null)
  return limit?.deadlineMs == null ? null : { limitId: limit.id, atMs: limit.deadlineMs }
}
