import { layerOfCause, type Cause } from './causes.ts'
import type { Finding } from './finding.ts'
import type { Alternative, Verdict } from './verdict.ts'

/** Two acts closer than this are a tie to anybody who only reads clocks (ms). */
const tieMs = 1
const nearTieMs = 3

/**
 * The judge: of all that acted, who acted first is the root; the others are consequences or also-rans.
 * A weak finding (a proxy that met a broken upstream) loses to any other, whatever the time.
 */
export function decideFindings(findings: readonly Finding[], facts: { consequences: string[] }): Verdict | null {
  const strong = findings.filter((finding) => !finding.weak)
  const pool = strong.length > 0 ? strong : findings
  const [root, ...others] = pool.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity) || b.confidence - a.confidence)
  if (!root) return null
  // Of findings about the same instant (an error and the limit behind it) the surest is the root.
  const sameInstant = others.filter((other) => other.atMs === root.atMs && other.confidence > root.confidence)
  const chosen = sameInstant.toSorted((a, b) => b.confidence - a.confidence)[0] ?? root
  const rest = pool.filter((finding) => finding !== chosen && finding.cause !== chosen.cause)
  // Two hops may hold the same limit: which of them it was is as open as between two causes.
  const rivals = pool.filter((finding) => finding !== chosen && (finding.cause !== chosen.cause || finding.limitId !== chosen.limitId))
  const confidence = Math.min(chosen.confidence, tieCap(chosen, rivals))
  return {
    cause: chosen.cause, layer: layerOfCause(chosen.cause), limitId: chosen.limitId, atMs: chosen.atMs, confidence: round2(confidence),
    headline: chosen.headline, explanation: chosen.explanation + tieNote(chosen, rivals), evidence: chosen.evidence,
    alternatives: alternativesOf(chosen, rest, findings, confidence), consequences: facts.consequences, fix: chosen.fix,
  }
}

/** A limit that fired a moment later would have cut as well: the order is measured, but a rerun may turn it round. */
function tieCap(chosen: Finding, rest: readonly Finding[]): number {
  const gap = gapOf(chosen, rest)
  if (gap === null) return 1
  return gap < tieMs ? 0.8 : gap < nearTieMs ? 0.88 : 1
}

function gapOf(chosen: Finding, rest: readonly Finding[]): number | null {
  const at = chosen.atMs
  if (at === null) return null
  const gaps = rest.filter((finding) => finding.atMs !== null && finding.atMs !== at && !finding.weak).map((finding) => Math.abs((finding.atMs ?? 0) - at))
  return gaps.length === 0 ? null : Math.min(...gaps)
}

function tieNote(chosen: Finding, rest: readonly Finding[]): string {
  const gap = gapOf(chosen, rest)
  if (gap === null || gap >= nearTieMs) return ''
  const second = rest.toSorted((a, b) => Math.abs((a.atMs ?? Infinity) - (chosen.atMs ?? 0)) - Math.abs((b.atMs ?? Infinity) - (chosen.atMs ?? 0)))[0]
  return ` ${second?.limitId ?? second?.cause} acted only ${gap.toFixed(1)} ms apart: another run may turn the order round.`
}

function alternativesOf(chosen: Finding, rest: readonly Finding[], all: readonly Finding[], confidence: number): Alternative[] {
  const left = Math.max(0.01, 1 - confidence)
  const seen = new Set<Cause>([chosen.cause])
  const list: Alternative[] = []
  const add = (cause: Cause, why_not: string, share: number) => {
    if (seen.has(cause)) return
    seen.add(cause)
    list.push({ cause, confidence: round2(left * share), why_not })
  }
  for (const finding of rest) add(finding.cause, laterBy(chosen, finding), 0.6)
  for (const { cause, why_not } of chosen.excludes ?? []) add(cause, why_not, 0.2)
  for (const finding of all) add(finding.cause, finding.cause.startsWith('script.') ? 'it came before, but its process would not end, and so its answer never went out' : 'it is what the next hop saw of it, not what cut', 0.1)
  return list
}

function laterBy(chosen: Finding, other: Finding): string {
  if (chosen.atMs === null || other.atMs === null) return 'less likely by what is known'
  const gap = other.atMs - chosen.atMs
  return gap === 0 ? `the same event; ${chosen.cause} explains more of it` : `acted ${Math.abs(gap).toFixed(1)} ms ${gap > 0 ? 'later' : 'earlier'}, when the request was already lost`
}

function round2(value: number): number {
  return Math.round(value * 1000) / 1000
}
