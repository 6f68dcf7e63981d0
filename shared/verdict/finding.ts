import type { Cause } from './causes.ts'
import type { Evidence } from './verdict.ts'

/** What one rule found: a cause that acted, with its proof. The judge (`decide.ts`) weighs findings against each other. */
export interface Finding {
  cause: Cause
  limitId: string | null
  /** The instant it acted, ms on the run's clock; null when only known to have acted. */
  atMs: number | null
  /** How sure the rule is that this happened at all, 0..1. */
  confidence: number
  headline: string
  explanation: string
  evidence: Evidence[]
  fix: string[]
  /** Causes that this picture could be taken for, each with the fact that excludes it. */
  excludes?: { cause: Cause; why_not: string }[]
  /** Found something that may have cut nothing: it loses to any finding that certainly cut. */
  weak?: boolean
}

/** A rule looks at the facts once and says what it found; nothing found is the normal answer. */
export interface Rule<Facts> { name: string; find(facts: Facts): Finding[] }
