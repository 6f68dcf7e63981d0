import type { Run } from '../run/fold-run.ts'
import { consequencesOf } from './consequences.ts'
import { contributionsOf } from './contributions.ts'
import { decideFindings } from './decide.ts'
import type { Finding, Rule } from './finding.ts'
import { withMemoryHeld } from './memory-held.ts'
import { completed, undecided } from './no-cut.ts'
import { idleClose } from './rules/idle-close.ts'
import { lateWrite } from './rules/late-write.ts'
import { limitsThatActed } from './rules/limits-that-acted.ts'
import { networkFaults } from './rules/network-faults.ts'
import { preflight } from './rules/preflight.ts'
import { programEvidence } from './programs.ts'
import { processEndings } from './rules/process-endings.ts'
import { proxyAnswers } from './rules/proxy-answers.ts'
import { refusals } from './rules/refusals.ts'
import { refusedAnswers } from './rules/refused-answers.ts'
import { scriptErrors } from './rules/script-errors.ts'
import { userStop } from './rules/user-stop.ts'
import { ruledOut, silentFaults } from './ruled-out.ts'
import { overdueAt } from './timekeeping.ts'
import type { Verdict } from './verdict.ts'

/** Every rule. Grow by adding a file and a line; order does not matter. */
export const rules: readonly Rule<Run>[] = [limitsThatActed, lateWrite, userStop, networkFaults, preflight, scriptErrors, processEndings, proxyAnswers, refusals, idleClose, refusedAnswers]

/** What cut this run, how we know, what to change. Pure; valid at any moment of a run. */
export function explainRun(run: Run): Verdict {
  const findings = rules.flatMap((rule) => rule.find(run))
  const relevant = findings.filter((finding) => mattered(run, finding))
  const delivered = run.client !== null && run.client.complete && run.client.status !== null && run.client.status < 400
  if (delivered) return completed(run, findings)
  const root = relevant.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity))[0]
  const verdict = decideFindings(relevant, { consequences: [] })
  if (!verdict) return undecided(run)
  return withMemoryHeld(run, inContext(run, { ...verdict, confidence: Math.min(verdict.confidence, isLostAnyway(run, verdict, relevant) ? 0.85 : 1), consequences: consequencesOf(run, root?.atMs ?? null, verdict.atMs) }))
}

/** The script ended by itself, but what was answered for it never arrived: somebody else lost that, and would have lost a good answer too. */
function isLostAnyway(run: Run, verdict: Pick<Verdict, 'cause'>, findings: readonly Finding[]): boolean {
  return verdict.cause.startsWith('script.') && run.client?.complete === false && findings.some((finding) => !finding.weak && !finding.cause.startsWith('script.'))
}

/** What else took part, and what can be ruled out. */
function inContext(run: Run, verdict: Verdict): Verdict {
  // A fault that swallows was open at the cut: without the limit it would have been next. A limit that was due should have been first.
  const confidence = silentFaults(run, verdict).length > 0 || overdueAt(run, verdict).length > 0 ? Math.min(verdict.confidence, 0.85) : verdict.confidence
  const known = new Set(verdict.alternatives.map((other) => other.cause))
  return {
    ...verdict, confidence, evidence: [...verdict.evidence, ...programEvidence(run, verdict.atMs)],
    explanation: [verdict.explanation, ...contributionsOf(run, verdict)].filter((text) => text !== '').join(' '),
    alternatives: [...verdict.alternatives, ...ruledOut(run, { ...verdict, confidence }).filter((other) => !known.has(other.cause))],
  }
}

/** What acts after the client has its complete answer, or has left, cut nothing. */
function mattered(run: Run, finding: Finding): boolean {
  if (run.client === null || finding.atMs === null) return true
  return finding.atMs <= run.client.atMs + 1
}
