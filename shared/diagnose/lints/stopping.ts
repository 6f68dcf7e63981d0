import { formatMs } from '../../limits/units.ts'
import { lintOf, nameOf, type LintRule } from './lint.ts'

/** Whoever stops a container or a unit kills it when its own patience ends: what runs inside must have ended before. */
export const graceTooShort: LintRule = {
  id: 'grace-too-short',
  check: (limits) => {
    const stops = limits.filter((limit) => limit.enforced && limit.counts === 'stop' && limit.valueMs !== null && limit.cause !== null)
    const outer = stops.filter((limit) => limit.layer === 'platform' && /terminationGracePeriodSeconds|stop_grace_period|TimeoutStopSec|StopTimeout|stop-timeout/.test(limit.directive))
    return outer.flatMap((killer) => {
      const inner = stops.filter((limit) => limit.layer !== 'platform' && (limit.valueMs ?? 0) >= (killer.valueMs ?? 0)).toSorted((a, b) => (b.valueMs ?? 0) - (a.valueMs ?? 0))[0]
      return inner ? [lintOf(`grace-too-short:${killer.file}:${killer.line}`, 'warning', `${nameOf(inner)} is not shorter than ${nameOf(killer)}: at a stop what still runs is killed after ${formatMs(killer.valueMs ?? 0)}, before it may end in order.`, [killer, inner])] : []
    }).slice(0, 5)
  },
}
