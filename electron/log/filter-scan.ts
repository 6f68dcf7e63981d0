import { setTimeout as wait } from 'node:timers/promises'
import type { LogFilter, LogPage, LogQuery } from '../../shared/bridge/contract.ts'
import type { LogSource } from '../../shared/run/event.ts'
import { problemOfFilter } from './line-finder.ts'
import type { BlockMatches } from './matcher.ts'
import type { BlockRef } from './search-job.ts'
import type { SearchThread } from './search-thread.ts'

/** What a search needs of its log. */
export interface SearchedLog {
  /** The file that block references point into. */
  readonly file: string
  /** Closed blocks so far; their matches never change. */
  blockCount(): number
  blockRef(index: number): BlockRef
  /** A copy of the block being filled; null when it is empty. */
  openRef(): BlockRef | null
}

/** An answer waits this long for a scan to end before it gives what there is so far. */
const mostWaitMs = 60
/** A scan that nobody asked about for this long pauses, and goes on where it was when somebody does. */
const wantedMs = 2000
/** Typing makes a new filter with every key: the others go on only if somebody asks for them again within this time. */
const supersededMs = 400
/** A slice of a scan should take about this long. */
const sliceMs = { least: 25, most: 100 }
const mostSliceBlocks = 512
/** Filters whose matches are remembered. */
const mostFilters = 8

/** Filters over one log: each is scanned once, slice by slice in the search thread, and then paged through. */
export interface LogSearch {
  page(query: Omit<LogQuery, 'runId'>): Promise<LogPage>
  /** Pauses every scan under way. */
  cancel(): void
}

interface Scan {
  readonly filter: LogFilter
  /** Matches before block i; one more than the blocks scanned. */
  readonly before: number[]
  readonly known: (number[] | null)[]
  slice: number
  error: string | null
  wantedUntil: number
  running: Promise<void> | null
}

export function createLogSearch(log: SearchedLog, thread: SearchThread): LogSearch {
  const scans = new Map<string, Scan>()

  function scanOf(filter: LogFilter): Scan {
    const key = keyOf(filter)
    const scan = scans.get(key) ?? { filter, before: [0], known: [], slice: 1, error: problemOfFilter(filter), wantedUntil: 0, running: null }
    scans.delete(key)
    scans.set(key, scan)
    for (const oldest of scans.keys()) if (scans.size > mostFilters) scans.delete(oldest)
    return scan
  }

  /** Goes on with a scan as long as it is wanted; the same promise for all who wait. */
  function advance(scan: Scan): Promise<void> {
    scan.running ??= advanceSlices(scan).finally(() => { scan.running = null })
    return scan.running
  }

  async function advanceSlices(scan: Scan): Promise<void> {
    while (scan.error === null && scan.known.length < log.blockCount() && performance.now() < scan.wantedUntil) {
      const first = scan.known.length
      const size = Math.min(scan.slice, log.blockCount() - first)
      const blocks = Array.from({ length: size }, (_, index) => log.blockRef(first + index))
      const startedAt = performance.now()
      const result = await thread.run({ kind: 'count', file: log.file, filter: scan.filter, blocks })
      if (result.ok) {
        result.answer.matches.forEach((matches) => note(scan, matches))
        scan.slice = nextSlice(scan.slice, performance.now() - startedAt)
      } else if (result.reason === 'stuck' && size > 1) {
        scan.slice = 1
      } else if (result.reason === 'closed') {
        return
      } else {
        scan.error = result.reason === 'stuck' ? stuckProblem : result.problem
      }
    }
  }

  return {
    async page({ from, count, filter }) {
      const scan = scanOf(filter ?? { text: '', regex: false, sources: null })
      const isNew = scan.wantedUntil === 0
      const now = performance.now()
      if (isNew) for (const other of scans.values()) other.wantedUntil = Math.min(other.wantedUntil, now + supersededMs)
      scan.wantedUntil = now + wantedMs
      const advancing = advance(scan)
      const enough = () => scan.before.at(-1)! >= from + count
      if (isNew || !enough()) await Promise.race([advancing, wait(mostWaitMs)])
      const scanning = scan.error === null && scan.known.length < log.blockCount()
      return await pageOf(scan, from, count, scanning)
    },
    cancel() {
      for (const scan of scans.values()) scan.wantedUntil = 1
    },
  }

  async function pageOf(scan: Scan, from: number, count: number, scanning: boolean): Promise<LogPage> {
    const scanned = scan.known.length
    const total = scan.before[scanned] ?? 0
    if (scan.error !== null) return { rows: [], total, scanning: false, error: scan.error }
    const open = scanning ? null : log.openRef()
    const openCount = open ? await countIn(scan, open) : 0
    const wanted = blocksOfPage(scan, scanned, from, count)
    const blocks = wanted.map((index) => log.blockRef(index))
    const known = wanted.map((index) => scan.known[index] ?? null)
    if (open && openCount > 0 && from + count > total) {
      blocks.push(open)
      known.push(null)
    }
    const skip = from - (wanted.length > 0 ? scan.before[wanted[0]!]! : total)
    const page = { total: total + openCount, scanning, ...(scanning ? { progress: scanned / log.blockCount() } : {}), error: scan.error }
    if (blocks.length === 0 || count === 0) return { rows: [], ...page }
    const result = await thread.run({ kind: 'page', file: log.file, filter: scan.filter, blocks, skip, take: count, known }, true)
    if (!result.ok) return { rows: [], ...page, error: result.reason === 'stuck' ? stuckProblem : result.problem }
    return { rows: result.answer.rows, ...page }
  }

  async function countIn(scan: Scan, open: BlockRef): Promise<number> {
    const result = await thread.run({ kind: 'count', file: log.file, filter: scan.filter, blocks: [open] }, true)
    if (result.ok) return result.answer.matches[0]?.count ?? 0
    if (result.reason === 'stuck') scan.error = stuckProblem
    return 0
  }
}

const stuckProblem = 'this regular expression takes too long on this log and was stopped: a repeat within a repeat, such as (a+)+, is the usual reason; make it simpler'

/** The blocks with matches `from` to `from + count`, those without a match left out. */
function blocksOfPage(scan: Scan, scanned: number, from: number, count: number): number[] {
  const wanted: number[] = []
  for (let index = lastAtOrBelow(scan.before, from); index < scanned && scan.before[index]! < from + count; index++) {
    if (scan.before[index + 1]! > Math.max(from, scan.before[index]!)) wanted.push(index)
  }
  return wanted
}

/** Index of the last entry that is not above `value`; `sums` never falls and starts at 0. */
function lastAtOrBelow(sums: readonly number[], value: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sums[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

function note(scan: Scan, { count, lines }: BlockMatches): void {
  scan.before.push((scan.before.at(-1) ?? 0) + count)
  scan.known.push(lines)
}

function nextSlice(slice: number, tookMs: number): number {
  if (tookMs < sliceMs.least) return Math.min(slice * 2, mostSliceBlocks)
  return tookMs > sliceMs.most ? Math.max(1, slice >> 1) : slice
}

function keyOf({ text, regex, sources, levels }: LogFilter): string {
  const chosen: LogSource[] | null = sources ? sources.toSorted() : null
  return JSON.stringify([text, regex, chosen, levels?.map(String).toSorted() ?? null])
}
