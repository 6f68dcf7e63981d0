import { planFlow } from '../../flow/plan-flow.ts'
import type { RunRecord } from '../../run/record.ts'

/** Limits whose deadline would end nothing while the script runs, such as Go's ReadTimeout once the request has been read. One that fired had its effect. */
export function idleLimitsOf(record: RunRecord): Set<string> {
  const fired = new Set(record.limits.filter((limit) => limit.fired).map((limit) => limit.id))
  return new Set(planFlow(record.plan).deadlines.filter((deadline) => deadline.effect === 'no_effect' && !fired.has(deadline.limitId)).map((deadline) => deadline.limitId))
}
