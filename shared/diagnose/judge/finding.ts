import type { Cause } from '../../verdict/causes.ts'
import type { Finding } from '../../verdict/finding.ts'
import type { Need } from '../diagnosis.ts'

/** A finding about a system that was not run here: it also names the software and its setting. */
export interface DiagnosisFinding extends Finding {
  product: string | null
  directive: string | null
  limitMs: number | null
  /** Causes the same proof leaves possible. */
  orElse: Cause[]
  need: Need[]
  /** How long the step took that was cut, ms, where its own log entry says so. */
  tookMs: number | null
}

/** A finding with the usual blanks; words are added once it is chosen. */
export function findingOf(known: Pick<DiagnosisFinding, 'cause' | 'confidence' | 'evidence'> & Partial<DiagnosisFinding>): DiagnosisFinding {
  return { limitId: null, atMs: null, headline: '', explanation: '', fix: [], product: null, directive: null, limitMs: null, orElse: [], need: [], tookMs: null, ...known }
}
