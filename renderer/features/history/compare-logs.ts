import type { LogRow } from '../../../shared/bridge/contract.ts'

/** A line that only one of two runs wrote. */
export interface LogDifference { run: 'a' | 'b'; row: LogRow }

/** Lines of each log that are compared: finding what they share takes the product of both. */
export const comparedLines = 500

/** Two lines tell the same when source and words are the same; numbers (times, ports, pids) change from run to run. */
function keyOf(row: LogRow): string {
  return `${row.source} ${row.text.replaceAll(/\d+([.,]\d+)?/g, '#')}`
}

/** The lines that are only in one of the two logs, in the order they were written: what is left of the longest common sequence. Pure. */
export function compareLogs(a: readonly LogRow[], b: readonly LogRow[]): LogDifference[] {
  const left = a.slice(0, comparedLines)
  const right = b.slice(0, comparedLines)
  const [leftKeys, rightKeys] = [left.map(keyOf), right.map(keyOf)]
  const width = right.length + 1
  // Length of what the rests from (i, j) on have in common.
  const common = new Uint16Array((left.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) common[i * width + j] = leftKeys[i] === rightKeys[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const found: LogDifference[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const [one, other] = [left[i], right[j]]
    if (one && other && leftKeys[i] === rightKeys[j]) { i++; j++ }
    else if (one && (!other || at(i + 1, j) >= at(i, j + 1))) { found.push({ run: 'a', row: one }); i++ }
    else if (other) { found.push({ run: 'b', row: other }); j++ }
  }
  return found
}
