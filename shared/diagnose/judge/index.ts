import { layerOfCause, type Cause } from '../../verdict/causes.ts'
import { decideFindings } from '../../verdict/decide.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import { formatMs } from '../../limits/units.ts'
import type { DiagnosedLimit, DiagnosisVerdict, Need } from '../diagnosis.ts'
import { configEvidence, viewEvidence } from './evidence.ts'
import type { DiagnosisFinding } from './finding.ts'
import { fixesFor } from './fixes.ts'
import { followedBy } from './followed-by.ts'
import { matchingLimit } from './matching-limit.ts'
import { needsFor } from './needs.ts'
import { sceneRules } from './rules/index.ts'
import type { Scene } from './scene.ts'
import { servingOf } from './serving.ts'
import { happenedWords } from './words.ts'

/** A finding below this is no verdict, only a candidate. */
const leastVerdict = 0.5
/** With several requests that ended in different ways, and nothing that says which one is meant. */
const mostAmongRivals = 0.85
const whichRequest: Need = { what: 'which request is meant: others of these logs ended in another way', how: 'cutoff diagnose <the same files> --request <its id or path>, or --around <its time>' }
/** From here on the finding decides; below, everything the view cannot exclude stays a candidate. */
const settles = 0.8

/** Who cut this request, as far as it can be known. Pure; never throws on odd scenes. */
export function judgeScene(scene: Scene): DiagnosisVerdict {
  const findings = weighed(scene, sceneRules.flatMap((rule) => rule.find(scene)))
  const verdict = decideFindings(findings, { consequences: [] })
  const chosen = verdict === null ? null : findings.find((finding) => finding.evidence === verdict.evidence) ?? null
  if (!verdict || !chosen || verdict.confidence < leastVerdict) return undecided(scene, findings)
  return decided(scene, verdict, chosen, findings)
}

/** The observer's view holds: what it excludes loses, and a whole answer was not cut whatever a log says later. */
function weighed(scene: Scene, findings: DiagnosisFinding[]): DiagnosisFinding[] {
  const possible = scene.picture?.candidates
  if (!possible || possible.includes('unknown')) return findings
  const inside = findings.filter((finding) => possible.includes(finding.cause))
  if (possible.length === 1 && possible[0] === 'none') return inside
  // An error page may be anybody's own: a log that names another cause is believed rather than the page.
  const page = scene.view !== null && scene.view.kind !== 'process' && scene.view.status !== null && scene.view.status >= 400
  return findings.map((finding) => possible.includes(finding.cause) ? finding : finding.weak ? { ...finding, confidence: finding.confidence * 0.6, weak: inside.length > 0 } : { ...finding, confidence: finding.confidence * (page ? 0.92 : 0.75) })
}

function decided(scene: Scene, verdict: Verdict, chosen: DiagnosisFinding, findings: DiagnosisFinding[]): DiagnosisVerdict {
  const limit = verdict.cause === 'none' ? null : matchingLimit(scene.limits, chosen, chosen.tookMs ?? scene.elapsedMs, servingOf(scene.limits, scene.facts))
  const product = chosen.product ?? limit?.product ?? null
  const directive = limit && !keepsOwnName(chosen, limit) ? limit.directive : chosen.directive
  const limitMs = limit?.valueMs ?? chosen.limitMs
  const rivals = [...new Set([...rivalsOf(scene, chosen), ...otherStories(chosen, findings)])]
  const confidence = rivals.length > 0 ? Math.min(verdict.confidence, mostAmongRivals) : verdict.confidence
  const candidates = distinct([...candidatesOf(scene, verdict.cause, verdict.confidence, chosen, findings), ...rivals])
  const support = findings.filter((finding) => finding !== chosen && finding.cause === chosen.cause).flatMap((finding) => finding.evidence)
  return {
    ...verdict, confidence, layer: layerOfCause(verdict.cause), limitId: null, product, directive, limitMs, candidates, need: [...(rivals.length > 0 ? [whichRequest] : []), ...needOf(chosen.need, candidates, verdict.confidence, scene)],
    headline: headlineOf(scene, verdict.cause, product, directive, limit, limitMs), explanation: explanationOf(scene, chosen, verdict), fix: fixesFor(verdict.cause, directive, limit),
    evidence: [...verdict.evidence, ...support.slice(0, 6), ...(limit && verdict.cause !== 'none' && !verdict.evidence.some((item) => item.kind === 'config') ? [configEvidence(limit, limit.meaning)] : []), ...(scene.picture && !verdict.evidence.some((item) => item.kind === 'client') ? [viewEvidence(scene.picture)] : [])].filter(unique),
    consequences: followedBy(scene, chosen),
  }
}

/** Other requests ended otherwise and may be the one that is meant; the observer's view excludes what it can. */
function rivalsOf(scene: Scene, chosen: DiagnosisFinding): Cause[] {
  if (chosen.evidence.every((item) => item.kind !== 'log')) return []
  return scene.rivals.filter((cause) => cause !== chosen.cause && (scene.picture === null || scene.picture.candidates.includes(cause)))
}

/** The kernel names a process, not a request: where the request’s own software acted as well, what the kernel did may be another story. */
function otherStories(chosen: DiagnosisFinding, findings: readonly DiagnosisFinding[]): Cause[] {
  return chosen.product !== 'Linux' ? [] : findings.filter((finding) => finding.weak !== true && finding.product !== 'Linux' && /^(?:connector|wrapper|platform|script|proxy)\./.test(finding.cause)).map((finding) => finding.cause)
}

/** A setting that is no time (a size, a rule) keeps its name; a time limit takes the name of the setting that is really in force. */
function keepsOwnName(chosen: DiagnosisFinding, limit: DiagnosedLimit): boolean {
  return limit.isDefault && chosen.directive !== null
}

function unique<T extends { text: string }>(item: T, index: number, list: readonly T[]): boolean {
  return list.findIndex((other) => other.text === item.text) === index
}

function headlineOf(scene: Scene, cause: Cause, product: string | null, directive: string | null, limit: DiagnosedLimit | null, limitMs: number | null): string {
  const words = happenedWords(cause, product)
  const time = scene.elapsedMs === null || cause === 'none' ? '' : ` after ${formatMs(scene.elapsedMs)}`
  if (!directive) return `${words}${time}.`
  const value = limitMs === null ? '' : ` of ${formatMs(limitMs)}`
  const place = limit && limit.line !== null ? `, ${limit.file}:${limit.line}` : ''
  return `${words}${time} (${directive}${value}${place}).`
}

function explanationOf(scene: Scene, chosen: DiagnosisFinding, verdict: Verdict): string {
  const proof = chosen.evidence[0]?.text ?? ''
  const seen = scene.picture && scene.picture.saw !== proof ? ` The observer saw: ${scene.picture.saw}.` : ''
  return `${proof}.${seen}${verdict.explanation}`.replaceAll('..', '.')
}

function candidatesOf(scene: Scene, cause: Cause, confidence: number, chosen: DiagnosisFinding, findings: DiagnosisFinding[]): Cause[] {
  const possible = scene.picture?.candidates ?? []
  const fromProof = [cause, ...chosen.orElse]
  if (confidence >= settles) return distinct(fromProof.filter((other) => other === cause || possible.length === 0 || possible.includes(other)))
  return distinct([cause, ...possible, ...(possible.length === 0 ? [...chosen.orElse, ...findings.map((finding) => finding.cause)] : [])])
}

function needOf(own: Need[], candidates: readonly Cause[], confidence: number, scene: Scene): Need[] {
  if (confidence >= 0.9 || candidates.length < 2) return []
  return [...own, ...needsFor(candidates, givenBy(scene))].filter((need, index, list) => list.findIndex((other) => other.how === need.how) === index).slice(0, 5)
}

/** What need not be asked for: limits that somebody wrote are here. */
function givenBy(scene: Scene): { limits: boolean } {
  return { limits: scene.limits.some((limit) => !limit.isDefault) }
}

/** Nobody can be named: what is possible, and what would tell. */
function undecided(scene: Scene, findings: DiagnosisFinding[]): DiagnosisVerdict {
  const candidates = distinct([...(scene.picture?.candidates ?? []), ...findings.flatMap((finding) => [finding.cause, ...finding.orElse])]).filter((cause) => cause !== 'unknown' || !scene.picture)
  const list: Cause[] = candidates.length > 0 ? candidates : ['unknown']
  const quiet = scene.facts.length === 0 ? 'The files say nothing about a request that was cut.' : 'What the files say does not decide who cut a request.'
  return {
    cause: 'unknown', layer: null, limitId: null, atMs: scene.elapsedMs, confidence: 0.3, product: scene.picture?.product ?? null, directive: null, limitMs: null,
    headline: scene.picture ? `${capital(scene.picture.saw)}: ${list.length} causes look like this.` : quiet,
    explanation: scene.picture ? 'From here nobody can tell them apart; the steps below can.' : 'No log entry names an ending, and no observation was given (--saw).',
    evidence: scene.picture ? [viewEvidence(scene.picture)] : [], alternatives: list.filter((cause) => cause !== 'unknown').slice(0, 12).map((cause) => ({ cause, confidence: round(0.7 / list.length), why_not: 'nothing seen so far shows it' })),
    consequences: [], fix: [], candidates: list, need: [...(scene.picture?.need ?? []), ...needsFor(list, givenBy(scene))].filter((need, index, all) => all.findIndex((other) => other.how === need.how) === index).slice(0, 5),
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function distinct(causes: readonly Cause[]): Cause[] {
  return [...new Set(causes)]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
