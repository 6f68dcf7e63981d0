/** Where the words beside a limit that fired stand: in the row of the run that it ended, which is free from there on. */
export interface FiredLabel { x: number; textAnchor: 'start' | 'end'; row: 'a' | 'b' }

const gap = 6

/**
 * Behind the line and the bars of its own run, if there is room for the words up to `end`. Else before the line: there the run's own bar
 * stands, so the words go into the row of the other.
 */
export function placeFiredLabel({ run, x, barsEnd, textWidth, end }: { run: 'a' | 'b'; x: number; barsEnd: number; textWidth: number; end: number }): FiredLabel {
  const behind = Math.max(x, barsEnd) + gap
  return behind + textWidth <= end ? { x: behind, textAnchor: 'start', row: run } : { x: x - gap, textAnchor: 'end', row: run === 'a' ? 'b' : 'a' }
}
