import type { FoundRequest } from '../../shared/bridge/desk.ts'
import { endOf, skewsOf } from '../../shared/diagnose/judge/skew.ts'
import type { LogFact } from '../../shared/diagnose/logs/fact.ts'

/** Entries of one request in several files are this near to each other, ms: logs that count whole seconds, entries written late. */
const nearMs = 2500
const mostListed = 200
const weights = { acts: 3, sees: 2, hint: 1, fine: 0 } as const

/** `logs`: who has told of it: each log once, and one file may hold several. */
interface Group { best: LogFact; weight: number; endMs: number | null; logs: Set<string>; id: string | null }

/**
 * The requests that log entries know, each once however many files tell of it: bad endings first, then the newest. The key of a
 * request names its most telling entry, `file:line`. Pure.
 */
export function foundRequests(facts: readonly LogFact[]): { requests: FoundRequest[]; total: number } {
  const skews = skewsOf(facts)
  const groups: Group[] = []
  const byPlace = new Map<string, Group[]>()
  const dated = facts.flatMap((fact) => {
    if (!isRequest(fact)) return []
    const end = endOf(fact)
    return [{ fact, endMs: end === null ? null : end - (skews.get(fact.file) ?? 0) }]
  }).toSorted((a, b) => (a.endMs ?? 0) - (b.endMs ?? 0))
  for (const { fact, endMs } of dated) {
    const places = placesOf(fact)
    const known = places.flatMap((place) => byPlace.get(place)?.slice(-4) ?? []).find((group) => belongs(group, fact, endMs))
    const group = known ?? { best: fact, weight: weightOf(fact), endMs, logs: new Set<string>(), id: fact.request?.id ?? null }
    if (!known) groups.push(group)
    else if (weightOf(fact) > group.weight) Object.assign(group, { best: fact, weight: weightOf(fact) })
    group.logs.add(logOf(fact))
    group.id ??= fact.request?.id ?? null
    for (const place of places) {
      const there = byPlace.get(place) ?? []
      byPlace.set(place, there)
      if (!there.includes(group)) there.push(group)
      if (there.length > 16) there.shift()
    }
  }
  const bad = (group: Group) => Number(group.weight >= 2)
  groups.sort((a, b) => bad(b) - bad(a) || (b.endMs ?? 0) - (a.endMs ?? 0))
  return { requests: groups.slice(0, mostListed).map(toFound), total: groups.length }
}

/** The key of the request that an entry is the most telling one of. */
export function keyOf(fact: LogFact): string {
  return `${fact.file}:${fact.line}`
}

function isRequest(fact: LogFact): boolean {
  return fact.request !== null && (fact.request.path !== null || fact.request.id !== null) && (fact.request.status !== null || fact.request.durationMs !== null || fact.signs.some((sign) => sign.role !== 'fine'))
}

function placesOf(fact: LogFact): string[] {
  const { id, path } = fact.request ?? { id: null, path: null }
  return [...(id ? [`id ${id}`] : []), ...(path ? [`path ${path.split('?')[0]}`] : [])]
}

/** Same id; or no id speaks against it, it is near in time, and its log has not told of this request yet (other than the same connection's). */
function belongs(group: Group, fact: LogFact, endMs: number | null): boolean {
  const id = fact.request?.id ?? null
  if (id !== null && group.id !== null) return id === group.id
  if (group.logs.has(logOf(fact))) return fact.thread !== null && fact.thread === group.best.thread && fact.file === group.best.file
  if (endMs === null || group.endMs === null) return endMs === group.endMs
  return Math.abs(endMs - group.endMs) <= nearMs
}

/** One file may hold the access lines and the error lines of several programs (journald, a container). */
function logOf(fact: LogFact): string {
  return `${fact.file} ${fact.product} ${fact.request?.status == null ? 'words' : 'status'}`
}

function weightOf(fact: LogFact): number {
  return Math.max(0, ...fact.signs.map((sign) => weights[sign.role] + sign.confidence / 10)) + (fact.request?.durationMs === null ? 0 : 0.01)
}

function toFound({ best }: Group): FoundRequest {
  const sign = best.signs.filter((candidate) => weights[candidate.role] >= 2).toSorted((a, b) => weights[b.role] + b.confidence - weights[a.role] - a.confidence)[0]
  const request = best.request
  return {
    key: keyOf(best), timeMs: best.timeMs, method: request?.method ?? null, path: request?.path ?? null, status: request?.status ?? null,
    durationMs: request?.durationMs ?? null, product: best.product, file: best.file, line: best.line, cause: sign?.cause ?? null,
  }
}
