import { closest, distance } from 'fastest-levenshtein'

/** The known name nearest to what was typed; null when nothing is near enough to be meant. */
export function nearestName(typed: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const near = closest(typed, known)
  return distance(typed, near) <= Math.max(2, Math.ceil(near.length / 3)) ? near : null
}
