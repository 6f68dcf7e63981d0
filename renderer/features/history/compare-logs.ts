import type { LogRow } from '../../../shared/bridge/contract.ts'
import { loneLines } from './compare-lines.ts'

/** A line that only one of two runs wrote. */
export interface LogDifference { run: 'a' | 'b'; row: LogRow }

/** Lines of each log that are compared: finding what they share takes the product of both. */
export const comparedLines = 500

/** Two lines tell the same when source and words are the same; numbers (times, ports, pids) change from run to run. */
function keyOf(row: LogRow): string {
  return `${row.source} ${row.text.replaceAll(/\d+([.,]\d+)?/g, '#')}`
}

/** The lines that are only in one of the two logs, in the order they were written. Pure. */
export function compareLogs(a: readonly LogRow[], b: readonly LogRow[]): LogDifference[] {
  const [left, right] = [a.slice(0, comparedLines), b.slice(0, comparedLines)]
  return (loneLines(left.map(keyOf), right.map(keyOf)) ?? []).flatMap(({ run, index }) => {
    const row = (run === 'a' ? left : right)[index]
    return row ? [{ run, row }] : []
  })
}
