import type { LimitState, Run } from '../run/fold-run.ts'

/**
 * What the script was doing while a limit ran out: only where it was running is it the script that took the time. A limit that shows
 * late (Go's WriteTimeout) is judged by the instant at which it passed.
 */
export function scriptUnder(run: Run, limit: LimitState): 'not_started' | 'running' | 'ended' {
  const fired = limit.fired
  const at = (fired?.effect === 'late' ? fired.passedAtMs : null) ?? fired?.atMs ?? run.nowMs
  if (!run.process || run.process.atMs > at) return 'not_started'
  return run.exit && run.exit.atMs < at - 0.5 ? 'ended' : 'running'
}
