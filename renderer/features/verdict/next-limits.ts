import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatValue } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'

/** A deadline that is still to come, and what it would do. */
export interface NextLimit { limitId: string; inMs: number; atMs: number; effect: string; late: boolean; /** its value, as written */ value: string }

/** The limits in force that would still fire, next one first. Those without effect on a waiting request are left out. */
export function nextLimits(run: Run, nowMs: number): NextLimit[] {
  const effects = new Map((run.plan ? planFlow(run.plan).deadlines : []).map((deadline) => [deadline.limitId, deadline.effect]))
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
  const late = new Set((run.plan ? planFlow(run.plan).deadlines : []).filter((deadline) => deadline.effect === 'late').map((deadline) => deadline.limitId))
  const limit = run.limits.find((candidate) => late.has(candidate.id) && candidate.deadlineMs !== null && candidate.deadlineMs <= nowMs && candidate.disarmedAtMs === null && candidate.fired === null)
  return limit?.deadlineMs == null ? null : { limitId: limit.id, atMs: limit.deadlineMs }
}
