import type { RunEvent } from '../../../shared/run/event.ts'

/** What the script itself said: how it failed, and what it printed last. */
export interface Said { traceback: string | null; printed: string[] }

const mostPrinted = 5
/** So far back in the log (lines) it is looked for: the flow's own messages stand between. */
const lookBack = 100

/** Rows of a log, as far as they matter here. */
export interface PrintedRows { readonly lineCount: number; rows(from: number, count: number): Promise<{ source: string; text: string }[]> }

/** From a run's events and its log; without a log only the traceback. */
export async function saidIn(events: readonly RunEvent[], log: PrintedRows | null): Promise<Said> {
  const failed = events.find((event) => event.type === 'script_error')
  const rows = log ? await log.rows(Math.max(0, log.lineCount - lookBack), lookBack) : []
  const printed = rows.filter((row) => row.source === 'stdout' || row.source === 'stderr').slice(-mostPrinted).map((row) => row.text)
  return { traceback: failed?.type === 'script_error' && failed.error.traceback !== '' ? failed.error.traceback : null, printed }
}
