import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { parseValue } from '../../../shared/limits/units.ts'

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
