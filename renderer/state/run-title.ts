import type { HistoryRow } from '../../shared/run/history.ts'
import { explainLimit } from '../../shared/limits/catalog.ts'

/** `client.total 500 ms`, `Completed`, the headline of a failure: what one looks for in a list of runs. */
export function runTitleOf(row: HistoryRow): string {
  if (row.outcome === 'completed') return 'Completed'
  if (row.cause === 'client.canceled') return 'Stopped by you'
  // What failed without a limit is told best by its own sentence: the exception, the line.
  return row.limitId ? explainLimit(row.limitId, row.limitValue) : row.outcome === 'failed' ? row.headline : row.cause
}
