import type { Cause } from '../../verdict/causes.ts'
import type { LogFact } from '../logs/fact.ts'
import type { Picture } from '../observe/picture.ts'
import { statusInWords } from '../observe/status-in-words.ts'
import type { View } from '../observe/view.ts'
import { endOf, skewsOf } from './skew.ts'

/** Which request is asked about. */
export interface Question {
  view: View | null
  picture: Picture | null
  /** ms since 1970. */
  aroundMs: number | null
  /** An id, a path, or a part of either. */
  request: string | null
}

export interface Gathered {
  facts: LogFact[]
  startMs: number | null
  elapsedMs: number | null
  /** How many requests the logs know, and how many of them ended badly. */
  requests: number
  failed: number
  /** How other requests ended that answer the question as well as the one that was chosen. */
  rivals: Cause[]
  /** True where a request was asked for that no entry names. */
  missing: boolean
}

/** Lines of one request in several files may be this far apart: logs that count whole seconds, and entries written late. */
const slackMs = 2500
/** A process's own lines count when they are this near: it may be killed a moment before or after. */
const processSlackMs = 5000

/** Facts of the one request in question: asked for by id or time, seen by the observer, or the one that ended worst. */
export function gatherRequest(all: readonly LogFact[], question: Question): Gathered {
  const skews = skewsOf(all)
  const withRequests = new Set(all.filter((fact) => fact.request !== null && fact.timeMs !== null).map((fact) => fact.file))
  const facts = all.map((fact) => aligned(fact, skews.get(fact.file) ?? 0, withRequests.has(fact.file)))
  if (question.request && !facts.some((fact) => mentions(fact, question.request ?? ''))) return { facts: [], startMs: null, elapsedMs: null, requests: 0, failed: 0, rivals: [], missing: true }
  const anchors = facts.filter((fact) => fact.request !== null && (fact.request.status !== null || fact.request.durationMs !== null || fact.signs.length > 0))
  const counted = { requests: anchors.filter((fact) => fact.request?.status != null || fact.request?.durationMs != null).length, failed: anchors.filter((fact) => fact.signs.some((sign) => sign.role === 'acts' || sign.role === 'sees')).length }
  const worst = worstOf(anchors, question, endingsOfProcesses(facts))
  // What contradicts the observer is another request; what happened to processes may still be about his.
  const anchor = worst && viewScore(worst, question.view) <= contradicts ? null : worst
  if (!anchor) return { ...incidentIn(around(facts, question.aroundMs)), startMs: null, elapsedMs: null, missing: false, ...counted }
  const near = facts.filter((fact) => fact === anchor || belongs(fact, anchor, anchors.length))
  // An error entry names neither id nor duration; the access line of the same request does, and finds the rest.
  const better = anchor.request?.id ? null : near.find((fact) => fact.request?.id != null && fact.request.durationMs !== null && fact.product === anchor.product)
  const related = better ? facts.filter((fact) => near.includes(fact) || belongs(fact, better, anchors.length)) : near
  const kept = withoutPassedOn(related)
  const longest = related.map((fact) => fact.request?.durationMs ?? null).filter((ms) => ms !== null)
  const elapsedMs = longest.length > 0 ? Math.max(...longest) : null
  const end = endOf(anchor)
  return { facts: kept, startMs: end === null ? null : end - (elapsedMs ?? 0), elapsedMs, rivals: rivalsOf(anchors, related, anchor, question), missing: false, ...counted }
}

/**
 * nginx writes an error for every upstream it tried; the request ended with the last of them. The answer's status tells which kind that
 * was, else the order of the entries.
 */
function withoutPassedOn(facts: LogFact[]): LogFact[] {
  const errors = facts.filter((fact) => fact.product === 'nginx' && fact.request?.status === null && fact.signs.some((sign) => lateOnes.has(sign.cause) || goneOnes.has(sign.cause)))
  if (errors.length < 2) return facts
  const status = facts.find((fact) => fact.product === 'nginx' && fact.request?.status != null)?.request?.status ?? null
  const kinds = status === 504 ? lateOnes : status === 502 ? goneOnes : null
  const last = errors.findLast((fact) => kinds === null || fact.signs.some((sign) => kinds.has(sign.cause))) ?? errors.at(-1)
  return facts.filter((fact) => fact === last || !errors.includes(fact) || fact.thread !== last?.thread || (fact.signs[0]?.cause === last.signs[0]?.cause))
}

/** Where only the zones of two files bring a process and a request together, that they belong together is likely and no more. */
const mostByZone = 0.86

function aligned(fact: LogFact, skewMs: number, namesRequests: boolean): LogFact {
  if (skewMs === 0 || fact.timeMs === null) return fact
  return { ...fact, timeMs: fact.timeMs - skewMs, signs: namesRequests ? fact.signs : fact.signs.map((sign) => ({ ...sign, confidence: Math.min(mostByZone, sign.confidence) })) }
}

function around(facts: readonly LogFact[], atMs: number | null): LogFact[] {
  return atMs === null ? [...facts] : facts.filter((fact) => fact.timeMs === null || Math.abs(fact.timeMs - atMs) <= 60_000)
}

/** What happened further apart than this are two stories. */
const incidentMs = 120_000

/** Without any request the latest thing that acted is told, with what happened around it; what acted at another time may be meant as well. */
function incidentIn(facts: LogFact[]): Pick<Gathered, 'facts' | 'rivals'> {
  const acted = facts.filter((fact) => fact.timeMs !== null && fact.signs.some((sign) => sign.role === 'acts'))
  const lead = acted.reduce<LogFact | null>((latest, fact) => (latest === null || (fact.timeMs ?? 0) >= (latest.timeMs ?? 0) ? fact : latest), null)
  if (!lead) return { facts, rivals: [] }
  const end = lead.timeMs ?? 0
  const near = facts.filter((fact) => fact.timeMs === null || (fact.timeMs >= end - (lead.tookMs ?? 0) - incidentMs && fact.timeMs <= end + incidentMs))
  const own = new Set(near.flatMap((fact) => fact.signs.flatMap((sign) => [sign.cause, ...(sign.orElse ?? [])])))
  const others = facts.filter((fact) => !near.includes(fact)).flatMap((fact) => fact.signs.filter((sign) => sign.role === 'acts').map((sign) => sign.cause))
  return { facts: near, rivals: [...new Set(others)].filter((cause) => !own.has(cause)).slice(0, 6) }
}

/** A request that failed in the moment a process ended is the one it was serving, whatever other lines look worse. */
const endedTogether = 5
const togetherMs = 1500
/** More endings than this are so dense that some meet any request. */
const mostEndings = 100

function endingsOfProcesses(facts: readonly LogFact[]): number[] {
  const times = facts.flatMap((fact) => (fact.request === null && fact.timeMs !== null && fact.signs.some((sign) => sign.role === 'acts') ? [fact.timeMs] : []))
  return times.length > mostEndings ? [] : times
}

function endedWith(fact: LogFact, endings: readonly number[]): boolean {
  const end = endOf(fact)
  return endings.length > 0 && end !== null && (fact.request?.status ?? 0) >= 500 && endings.some((time) => Math.abs(time - end) <= togetherMs)
}

/** The anchor of the request in question; of equals the kind of ending that happens most. */
function worstOf(anchors: readonly LogFact[], question: Question, endings: readonly number[]): LogFact | null {
  const kinds = new Map<string, number>()
  for (const fact of anchors) kinds.set(kindOf(fact), (kinds.get(kindOf(fact)) ?? 0) + 1)
  let best: LogFact | null = null
  let bestScore = Number.NEGATIVE_INFINITY
  for (const fact of anchors) {
    const score = scoreOf(fact, question) + (endedWith(fact, endings) ? endedTogether : 0) + Math.log10(kinds.get(kindOf(fact)) ?? 1) * 0.5
    if (score > bestScore) {
      best = fact
      bestScore = score
    }
  }
  return best
}

/** Fits that differ by less than this are the same. */
const sameFit = 1

/** What other requests died of that fit the question no worse: with several such in a log nobody can tell which one is meant. */
function rivalsOf(anchors: readonly LogFact[], related: readonly LogFact[], anchor: LogFact, question: Question): Cause[] {
  const own = new Set(related)
  const causes = new Set(related.flatMap((fact) => fact.signs.flatMap((sign) => [sign.cause, ...(sign.orElse ?? [])])))
  const best = fitOf(anchor, question)
  const others = anchors.filter((fact) => !own.has(fact) && best - fitOf(fact, question) < sameFit)
  return [...new Set(others.flatMap((fact) => fact.signs.filter((sign) => sign.role === 'acts' || sign.role === 'sees').map((sign) => sign.cause)))].filter((cause) => !causes.has(cause)).slice(0, 6)
}

function kindOf(fact: LogFact): string {
  return fact.signs.map((sign) => `${sign.role} ${sign.cause}`).join(',')
}

function scoreOf(fact: LogFact, question: Question): number {
  const weight = { acts: 6, sees: 4, hint: 1.5, fine: 0 }
  return Math.max(0, ...fact.signs.map((sign) => weight[sign.role] * sign.confidence)) + fitOf(fact, question)
}

/** How well an entry is what was asked about. */
function fitOf(fact: LogFact, question: Question): number {
  let score = 0
  if (question.request) score += mentions(fact, question.request) ? 100 : -50
  if (question.aroundMs !== null && fact.timeMs !== null) score -= Math.abs(fact.timeMs - question.aroundMs) / 10_000
  return score + viewScore(fact, question.view)
}

/** Another path is another request: what proxies rewrite is at its beginning. */
const otherPath = -6
/** From here on an entry is not about what the observer saw. */
const contradicts = -4

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '') || '/'
}

/** A `Date` header counts whole seconds, and so do many logs. */
const dateSlackMs = 1000

const lateOnes = new Set<Cause>(['proxy.read', 'proxy.connect', 'proxy.send'])
const goneOnes = new Set<Cause>(['proxy.refused', 'proxy.bad_gateway', 'proxy.backend_down', 'network.dns'])

/** How well an entry fits what the observer saw: status, duration, path. */
function viewScore(fact: LogFact, view: View | null): number {
  const request = fact.request
  if (!view || view.kind === 'process' || !request) return 0
  let score = 0
  // A library makes an error of an error answer: its status stands in the words.
  const status = view.status ?? (view.kind === 'client-lib' ? statusInWords(view.errors.join('\n'))?.status ?? null : null)
  // Its own clock, or the answer’s `Date`: entries of that second are meant. A zone that is not known only leaves this undecided.
  const at = endOf(fact)
  if (view.endedAt !== null && at !== null && Math.abs(at - view.endedAt) <= dateSlackMs) score += 2
  if (status !== null && request.status !== null) score += status === request.status ? 3 : -3
  if (view.elapsedMs !== null && request.durationMs !== null) score += Math.abs(view.elapsedMs - request.durationMs) <= Math.max(80, view.elapsedMs * 0.05) ? 2 : 0
  if (view.url && request.path) score += samePath(pathOf(view.url), request.path) ? 3 : otherPath
  // An error entry has no status of its own, yet nginx answers 504 to what took too long and 502 to what was not there.
  if (status !== null && request.status === null && fact.product === 'nginx') score += fact.signs.some((sign) => (status === 504 && lateOnes.has(sign.cause)) || (status === 502 && goneOnes.has(sign.cause))) ? 2 : fact.signs.some((sign) => lateOnes.has(sign.cause) || goneOnes.has(sign.cause)) ? -2 : 0
  return score
}

function mentions(fact: LogFact, wanted: string): boolean {
  return fact.request?.id === wanted || fact.thread === wanted || (fact.request?.path?.includes(wanted) ?? false) || fact.text.includes(wanted)
}

/** Whether an entry is about the anchor's request: same id, same thread of the same file, or the same time and nothing that speaks against it. */
function belongs(fact: LogFact, anchor: LogFact, anchors: number): boolean {
  const a = anchor.request
  const b = fact.request
  if (a?.id && b?.id) return a.id === b.id
  if (fact.file === anchor.file && fact.thread !== null && anchor.thread !== null && b !== null) return fact.thread === anchor.thread
  if (a?.path && b?.path && !samePath(a.path, b.path)) return false
  // One product repeats the request line as it came; only from hop to hop it may be rewritten.
  if (fact.product === anchor.product && a?.path && b?.path && a.method && b.method && a.path !== b.path) return false
  if (fact.file === anchor.file && b !== null && b.status !== null && a?.status !== null && fact.product === anchor.product) return false
  const end = endOf(anchor)
  const other = endOf(fact)
  if (end === null || other === null) return anchors <= 20 || b === null
  const began = end - (a?.durationMs ?? 0)
  const slack = b === null ? processSlackMs : slackMs
  // Apache's lines tell when a request began; without a duration its errors come as late as its limits let them.
  const late = anchor.timeOf === 'start' && a?.durationMs === null && fact.product === anchor.product && hostOf(a.client) !== null && hostOf(a.client) === hostOf(b?.client ?? null) ? longestWaitMs : slack
  return other >= began - slack && other <= end + late
}

/** Most servers' limits are shorter. */
const longestWaitMs = 130_000

function hostOf(client: string | null): string | null {
  return client?.replace(/:\d+$/, '') ?? null
}

/** Proxies rewrite prefixes and drop queries: one ends with the other. */
function samePath(a: string, b: string): boolean {
  const bare = (path: string) => path.split('?')[0] ?? path
  return bare(a).endsWith(bare(b)) || bare(b).endsWith(bare(a))
}
