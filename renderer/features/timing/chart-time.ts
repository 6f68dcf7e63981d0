import type { Run } from '../../../shared/run/fold-run.ts'

/** End of what happened: what the axis has to show. While running, now. */
export function endMsOf(run: Run, nowMs: number, live: boolean): number {
  if (live || !run.ended) return Math.max(nowMs, run.nowMs)
  // What follows the answer (leftovers being ended, the log being closed) is not the request's time, but a script that ran on is.
  const last = run.spans.reduce((end, span) => Math.max(end, span.endMs ?? 0), run.client?.atMs ?? 0)
  return last > 0 ? last : run.nowMs
}
