import { clockTime, groupedOf } from '../../ui/numbers.ts'

/** A log line's time: ms since the request, or the time of day with ms. */
export function logTimeOf(atMs: number, mode: 'relative' | 'absolute', startedAt: string): string {
  if (mode === 'relative') return groupedOf(atMs, 1)
  const date = new Date(Date.parse(startedAt) + atMs)
  if (Number.isNaN(date.getTime())) return groupedOf(atMs, 1)
  return `${clockTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
