import type { LogFact } from '../logs/fact.ts'

/** Zone mistakes are whole quarters of an hour; what is left over is a clock that is off. */
const quarterMs = 15 * 60_000
/** Two lines of one request may be this far apart and still be the same moment. */
const closeMs = 3000

/** What one file says about one request: from its first to its last moment; null where a key names several. */
interface Moments { from: number; to: number; entries: LogFact[] }

/**
 * How far each file's clock is ahead of the reference (the file with the most dated requests), ms; 0 where requests that both
 * know agree, null where no request is in both. A request is the same when its id is, else when path and status are and it is the only one.
 */
export function skewsOf(facts: readonly LogFact[]): Map<string, number | null> {
  const byFile = new Map<string, Map<string, Moments | null>>()
  for (const fact of facts) {
    const end = endOf(fact)
    if (end === null || fact.request === null) continue
    const keys = byFile.get(fact.file) ?? new Map<string, Moments | null>()
    byFile.set(fact.file, keys)
    const own: Moments = { from: end - (fact.request.durationMs ?? 0), to: end, entries: [fact] }
    for (const key of keysOf(fact)) keys.set(key, keys.has(key) ? together(keys.get(key) ?? null, own, key) : own)
  }
  const [reference, ...others] = [...byFile.entries()].toSorted((a, b) => b[1].size - a[1].size)
  const skews = new Map<string, number | null>()
  if (!reference) return skews
  skews.set(reference[0], 0)
  for (const [file, keys] of others) skews.set(file, medianGap(keys, reference[1]))
  for (const [file, skewMs] of zonesOf(facts, skews)) skews.set(file, skewMs)
  return skews
}

/** Zones differ by whole half hours, up to that of the Line Islands. */
const halfHourMs = 30 * 60_000
const farthestMs = 14 * 3_600_000
/** More failures than this are so dense that any shift would meet some. */
const mostFailures = 200

/**
 * Logs of processes name no request: a worker that was killed is told apart from others only by its time. Where none of a file's endings
 * meets a request that failed, and all of them do once the file's clock is shifted by one and the same number of half hours, it is in another zone.
 */
function zonesOf(facts: readonly LogFact[], known: ReadonlyMap<string, number | null>): Map<string, number> {
  const failures = facts.flatMap((fact) => (known.has(fact.file) && fact.request !== null && fact.signs.some((sign) => sign.role === 'sees' || sign.role === 'hint') ? [endOf(fact)] : [])).flatMap((end) => end ?? [])
  const zones = new Map<string, number>()
  if (failures.length === 0 || failures.length > mostFailures) return zones
  const meets = (end: number) => failures.some((failure) => Math.abs(failure - end) <= closeMs)
  for (const [file, own] of Map.groupBy(facts.filter((fact) => !known.has(fact.file) && fact.request === null && fact.timeMs !== null && fact.signs.some((sign) => sign.role === 'acts')), (fact) => fact.file)) {
    const ends = own.flatMap((fact) => fact.timeMs ?? []).slice(0, mostFailures)
    if (ends.some(meets)) continue
    const shifts = new Set(failures.map((failure) => Math.round(((ends[0] ?? 0) - failure) / halfHourMs) * halfHourMs).filter((shift) => shift !== 0 && Math.abs(shift) <= farthestMs))
    const fitting = [...shifts].filter((shift) => ends.every((end) => meets(end - shift)))
    if (fitting.length === 1) zones.set(file, fitting[0] ?? 0)
  }
  return zones
}

/** Several entries of one id are one request; several of one path are several requests. */
function together(known: Moments | null, own: Moments, key: string): Moments | null {
  if (known === null || !key.startsWith('id:')) return null
  return { from: Math.min(known.from, own.from), to: Math.max(known.to, own.to), entries: [...known.entries.slice(0, 50), ...own.entries] }
}

function medianGap(keys: ReadonlyMap<string, Moments | null>, reference: ReadonlyMap<string, Moments | null>): number | null {
  const gaps: number[] = []
  for (const [key, moments] of keys) {
    const other = reference.get(key)
    if (moments && other) gaps.push(gapOf(moments, other))
  }
  if (gaps.length === 0) return null
  const sorted = gaps.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  if (Math.abs(median) <= closeMs) return 0
  const quarters = Math.round(median / quarterMs) * quarterMs
  return quarters !== 0 && Math.abs(median - quarters) <= closeMs ? quarters : Math.round(median)
}

/** An entry inside of what the reference knows of the request agrees with it; else the ends are compared, or the beginnings where only that was logged. */
function gapOf(own: Moments, other: Moments): number {
  if (own.from >= other.from - closeMs && own.to <= other.to + closeMs) return 0
  const onlyBegun = own.entries.every((fact) => fact.stage === 'request_received' || fact.stage === 'connector_started' || fact.stage === 'script_started')
  return onlyBegun ? own.from - other.from : own.to - other.to
}

function keysOf(fact: LogFact): string[] {
  const request = fact.request
  if (!request) return []
  return [request.id ? `id:${request.id}` : null, request.path ? `path:${request.method ?? ''} ${request.path}` : null].filter((key) => key !== null)
}

/** When an entry's request ended, by its own clock. */
export function endOf(fact: LogFact): number | null {
  if (fact.timeMs === null) return null
  return fact.timeOf === 'start' ? fact.timeMs + (fact.request?.durationMs ?? 0) : fact.timeMs
}
