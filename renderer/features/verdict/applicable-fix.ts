import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatMs, parseValue } from '../../../shared/limits/units.ts'
import { roundUp } from '../../../shared/verdict/words.ts'

/** A change that a button can make: one limit, one value. */
export interface ApplicableFix { limitId: string; value: number; label: string }

/** Reads `Set client.total to 5 s`, the form in which a verdict proposes a limit; null for advice in words. */
export function applicableFix(fix: string): ApplicableFix | null {
  const match = /^Set ([a-z0-9_.]+) to ([\d.]+\s?[A-Za-zµ]*)\.?$/.exec(fix)
  const kind = match?.[1] ? limitKindOf(match[1]) : undefined
  if (!match?.[1] || !match[2] || !kind) return null
  const parsed = parseValue(match[2], kind.kind)
  return parsed.ok ? { limitId: match[1], value: parsed.value, label: fix.replace(/\.$/, '') } : null
}

/** What a verdict says when nothing has told how long the script needs. */
const unknownNeed = 'run once without this limit'

/** Does this advice ask for a run that shows how long the script needs? */
export function asksForTrial(fix: string): boolean {
  return fix.includes(unknownNeed)
}

/** The advice, with what an earlier run of the same script tells about its need where this one could not: half as much again as it took. */
export function withKeptNeed(fixes: readonly string[], limitId: string | null, limitMs: number | null, need: { ms: number; words: string } | null): readonly string[] {
  const trial = fixes.findIndex(asksForTrial)
  if (trial < 0 || limitId === null || limitMs === null || need === null || need.ms <= limitMs) return fixes
  const set = fixes.findIndex((fix) => applicableFix(fix)?.limitId === limitId)
  return fixes.map((fix, index) => (index === set ? `Set ${limitId} to ${formatMs(roundUp(need.ms * 1.5))}` : index === trial ? `The ${need.words}.` : fix))
}
