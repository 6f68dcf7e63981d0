import { formatMs } from '../limits/units.ts'
import type { LimitState, Run } from '../run/fold-run.ts'
import type { Verdict } from './verdict.ts'

/**
 * A machine that is too busy keeps no time: a timer acts long after its deadline, and a limit of another process (nginx, Python) whose
 * deadline was later gets its turn first. What happened is still what happened; that the plan meant something else has to be said.
 */

/** Limits whose deadline never moves once it is armed: only of these is it certain that one was due. */
const fixed = new Set(['client.total', 'client.first_byte', 'gateway.handler', 'gateway.worker', 'connector.context', 'connector.python', 'wrapper.timeout', 'platform.duration'])
/** So much later (ms) is nobody's ordinary delay. */
const lateMs = 50
const overdueMs = 20

/** Limits that should have acted before the cut and had not got to it, earliest first. */
export function overdueAt(run: Run, { atMs, limitId }: Pick<Verdict, 'atMs' | 'limitId'>): LimitState[] {
  if (atMs === null) return []
  const isOverdue = (limit: LimitState): boolean => limit.deadlineMs !== null && limit.deadlineMs < atMs - overdueMs && (limit.disarmedAtMs === null || limit.disarmedAtMs >= atMs) && (limit.fired === null || limit.fired.atMs > atMs)
  return run.limits.filter((limit) => limit.id !== limitId && fixed.has(limit.id) && isOverdue(limit)).toSorted((a, b) => (a.deadlineMs ?? 0) - (b.deadlineMs ?? 0))
}

/** In one sentence; null where the machine kept time. */
export function timekeepingOf(run: Run, verdict: Pick<Verdict, 'atMs' | 'limitId'>): string | null {
  const busy = 'this machine was too busy to keep time'
  const [due] = overdueAt(run, verdict)
  if (due) return `${due.id} had been due ${formatMs((verdict.atMs ?? 0) - (due.deadlineMs ?? 0))} before and had not acted yet: ${busy}, and another run may turn the order round.`
  const limit = run.limits.find((candidate) => candidate.id === verdict.limitId)
  const fired = limit?.fired
  const deadlineMs = fired?.passedAtMs ?? limit?.deadlineMs ?? null
  if (!limit || fired?.effect !== 'acted' || deadlineMs === null || fired.atMs - deadlineMs < lateMs) return null
  return `It acted ${formatMs(fired.atMs - deadlineMs)} after its deadline: ${busy}.`
}
