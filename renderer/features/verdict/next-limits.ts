import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import type { Run } from '../../../shared/run/fold-run.ts'

/** A deadline that is still to come, and what it would do. */
export interface NextLimit { limitId: string; inMs: number; atMs: number; effect: string; late: boolean }

/** The limits in force that would still fire, next one first. Those without effect on a waiting request are left out. */
export function nextLimits(run: Run, nowMs: number): NextLimit[] {
  const effects = new Map((run.plan ? planFlow(run.plan).deadlines : []).map((deadline) => [deadline.limitId, deadline.effect]))
  return run.limits
    .filter((limit) => limit.deadlineMs !== null && limit.disarmedAtMs === null && limit.fired === null && limit.deadlineMs > nowMs && effects.get(limit.id) !== 'no_effect')
    .map((limit) => ({
      limitId: limit.id, atMs: limit.deadlineMs ?? 0, inMs: (limit.deadlineMs ?? 0) - nowMs,
      effect: limitKindOf(limit.id)?.effect ?? '', late: effects.get(limit.id) === 'late',
    }))
    .toSorted((a, b) => a.atMs - b.atMs)
}
