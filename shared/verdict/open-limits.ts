import type { LimitState, Run } from '../run/fold-run.ts'
import { foldRun } from '../run/fold-run.ts'

/** A limit with the deadline (ms) that it had at an instant. */
export interface OpenLimit extends LimitState { deadlineMs: number }

/**
 * The limits whose clocks were running at `atMs`, the next to fire first. A clock that starts anew with every read has another deadline
 * afterwards, and some start only then: a run's limits as they stand at its end do not tell.
 */
export function openLimitsAt(run: Run, atMs: number): OpenLimit[] {
  const before = foldRun(run.events.filter((event) => event.type === 'run_started' || ((event.type === 'limit_armed' || event.type === 'limit_disarmed') && event.atMs < atMs)))
  const isOpen = (limit: LimitState): limit is OpenLimit => limit.value !== null && limit.deadlineMs !== null && limit.deadlineMs >= atMs && limit.disarmedAtMs === null
  return before.limits.filter(isOpen).toSorted((a, b) => a.deadlineMs - b.deadlineMs)
}
