import { formatMs } from '../limits/units.ts'
import type { Run } from '../run/fold-run.ts'

/** Leaving takes a few ms; a process that is still there after so many (ms) was kept by something. */
export const longToLeave = 250

/** How much longer the process took to end than transform() did, where that is worth a word: the answer waits for it. */
export function slowEnd(run: Run): string | null {
  const told = run.scriptResult ?? run.scriptError
  const ms = told && run.exit && run.kills.length === 0 ? run.exit.atMs - told.atMs : 0
  return ms > longToLeave ? `Its process took ${formatMs(ms)} more to end, and the answer waits for that: threads that are no daemons, functions of atexit or child processes keep it.` : null
}
