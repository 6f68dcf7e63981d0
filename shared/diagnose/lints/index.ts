import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'
import { contradictions } from './contradictions.ts'
import { checkedLate, idleNotTotal, notInForce } from './kinds-of-clocks.ts'
import type { LintRule } from './lint.ts'
import { keepAliveRace, missingLimits } from './missing.ts'
import { multiplied } from './multiplied.ts'
import { graceTooShort } from './stopping.ts'
import { unitTraps } from './unit-traps.ts'
import { equalDeadlines, innerAboveOuter, neverReachable } from './waiting.ts'

/** Every check of configured limits. Grow by adding a file and a line. */
export const lintRules: readonly LintRule[] = [unitTraps, innerAboveOuter, equalDeadlines, neverReachable, multiplied, idleNotTotal, notInForce, checkedLate, missingLimits, keepAliveRace, graceTooShort, contradictions]

const rank = { error: 0, warning: 1, note: 2 }

/** What is wrong, surprising or worth knowing about these limits; the worst first. */
export function lintLimits(limits: readonly DiagnosedLimit[]): DiagnosisLint[] {
  return lintRules.flatMap((rule) => rule.check(limits)).toSorted((a, b) => rank[a.severity] - rank[b.severity])
}
