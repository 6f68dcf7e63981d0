import { create } from 'zustand'
import type { LogFilter, LogRow } from '../../shared/bridge/contract.ts'
import type { LogSource } from '../../shared/run/event.ts'
import { call, toCallError } from './engine.ts'
import { parseFilterText } from './filter-text.ts'
import { blockRows, createRowCache } from './row-cache.ts'
import { isLive, useRun } from './run.ts'

/** The log as the screen sees it. The engine owns the rows; here are only those that were looked at lately. */
interface LogState {
  /** What stands in the filter field: text, or `/regex/`. */
  filterText: string
  hiddenSources: LogSource[]
  /** Only what the flow said as a warning or an error. */
  onlyTrouble: boolean
  /** Rows that match (all of them without a filter). */
  total: number
  /** The engine is still searching; `total` grows. */
  scanning: boolean
  /** Share of the log that has been searched, 0..1; null when not told. */
  progress: number | null
  /** Why a search was refused. */
  error: string | null
  /** Stick to the end while the run goes on. */
  follow: boolean
  /** Counts up when rows arrived. */
  version: number
}

export const useLog = create<LogState>(() => ({ filterText: '', hiddenSources: [], onlyTrouble: false, total: 0, scanning: false, progress: null, error: null, follow: true, version: 0 }))

const cache = createRowCache<LogRow>()
const asked = new Set<number>()
/** Counts up when run or filter change; answers to older questions are thrown away. */
let turn = 0
let poll: ReturnType<typeof setTimeout> | undefined
/** While a search goes on or the log grows under a filter, it is asked again this often (ms). */
const pollMs = 150

export const allSources: readonly LogSource[] = ['client', 'network', 'proxy', 'gateway', 'connector', 'wrapper', 'os', 'platform', 'stdout', 'stderr', 'cutoff']

/** The filter field and the toggles beside it as the engine takes them; null when every line is shown. */
export function filterOf(text: string, hidden: readonly LogSource[], onlyTrouble = false): LogFilter | null {
  const sources = hidden.length === 0 ? null : allSources.filter((source) => !hidden.includes(source))
  if (text === '' && sources === null && !onlyTrouble) return null
  return { ...parseFilterText(text), sources, ...(onlyTrouble ? { levels: ['warn', 'error'] } : {}) }
}

export function rowAt(index: number): LogRow | undefined {
  return cache.row(index)
}

/** The filter that is set; null when every line is shown. */
export function filterNow({ filterText, hiddenSources, onlyTrouble }: Pick<LogState, 'filterText' | 'hiddenSources' | 'onlyTrouble'> = useLog.getState()): LogFilter | null {
  return filterOf(filterText, hiddenSources, onlyTrouble)
}

/** Are lines left out? */
export function isFiltered({ filterText, hiddenSources, onlyTrouble }: Pick<LogState, 'filterText' | 'hiddenSources' | 'onlyTrouble'>): boolean {
  return filterText !== '' || hiddenSources.length > 0 || onlyTrouble
}

/** Sees to it that these rows arrive (`to` exclusive). Cheap when they are there. */
export function needRows(from: number, to: number): void {
  const { runId } = useRun.getState()
  windowRows = Math.max(1, to - from)
  if (runId === null || to <= from) return
  for (const block of cache.missing(from, Math.max(from + 1, Math.min(to, useLog.getState().total)))) void ask(runId, block)
}

async function ask(runId: string, block: number): Promise<void> {
  if (asked.has(block)) return
  asked.add(block)
  const mine = turn
  const filter = filterNow()
  try {
    const page = await call('logRows', { runId, from: block * blockRows, count: blockRows, filter })
    if (mine !== turn) return
    cache.put(block, page.rows)
    // Without a filter the pushed number of lines is newer than any page's total.
    const total = filter === null ? Math.max(page.total, useRun.getState().logLines) : page.total
    useLog.setState((state) => ({ total, scanning: page.scanning, progress: page.progress ?? null, error: page.error, version: state.version + 1 }))
    if (page.scanning) pollLater()
  } catch (error) {
    if (mine === turn) useLog.setState({ error: toCallError(error).message, scanning: false })
  } finally {
    if (mine === turn) asked.delete(block)
  }
}

/** Rows that the window over the log last wanted. */
let windowRows = blockRows
/** The end of a log that is followed, as it has arrived and until it is shown. */
let tail: { block: number; rows: LogRow[] } | null = null
let askingTail = false
let tailShownAt = -Infinity
/** Rows of a log that grows without end are shown with the next beat, others when they come (ms). */
const tailMs = 150

/** Fetches the end of a log that is followed. Its rows and its length are shown together: a row that one cannot read yet is not told. */
async function askTail(runId: string): Promise<void> {
  if (askingTail) return
  askingTail = true
  const mine = turn
  const lines = useRun.getState().logLines
  const block = Math.floor(Math.max(0, lines - windowRows) / blockRows)
  try {
    const page = await call('logRows', { runId, from: block * blockRows, count: (Math.floor((lines - 1) / blockRows) + 1 - block) * blockRows, filter: null })
    if (mine !== turn) return
    tail = { block, rows: page.rows }
    if (performance.now() - tailShownAt >= tailMs || !isLive(useRun.getState())) showTail()
  } catch (error) {
    if (mine === turn) useLog.setState({ error: toCallError(error).message })
  } finally {
    askingTail = false
  }
  // What came meanwhile, of a log that may not grow again.
  if (mine === turn && useRun.getState().logLines > lines) followGrowth()
}

/** Shows the end of the log that has arrived; called at every beat of a run that goes on. */
export function showTail(): void {
  if (tail === null) return
  const { block: first, rows } = tail
  tail = null
  tailShownAt = performance.now()
  for (let at = 0; at < rows.length; at += blockRows) cache.put(first + at / blockRows, rows.slice(at, at + blockRows))
  const total = first * blockRows + rows.length
  useLog.setState((log) => ({ total: Math.max(log.total, total), error: null, version: log.version + 1 }))
}

/** The log has grown, and nothing is left out of it. */
function followGrowth(): void {
  const { runId, logLines } = useRun.getState()
  if (runId === null) return
  if (useLog.getState().follow) void askTail(runId)
  // Rows that are there stay until the block that has grown arrives again.
  else useLog.setState((log) => ({ total: logLines, version: log.version + 1 }))
}

function pollLater(): void {
  poll ??= setTimeout(() => {
    poll = undefined
    const { runId } = useRun.getState()
    if (runId === null) return
    // Any block tells the new total; the last one is the one that grows.
    void ask(runId, Math.max(0, Math.floor((useLog.getState().total - 1) / blockRows)))
    useLog.setState((state) => ({ version: state.version + 1 }))
  }, pollMs)
}

function restart(change: Partial<LogState>): void {
  turn++
  tail = null
  tailShownAt = -Infinity
  cache.clear()
  asked.clear()
  clearTimeout(poll)
  poll = undefined
  useLog.setState((state) => ({ total: 0, scanning: false, progress: null, error: null, version: state.version + 1, ...change }))
  const { runId, logLines } = useRun.getState()
  const filter = filterNow()
  if (filter === null) useLog.setState({ total: logLines })
  else if (runId !== null) { useLog.setState({ scanning: true }); void ask(runId, 0) }
}

/** A finished log that is filtered is read from its top, not followed. */
function stay(): Partial<LogState> {
  return isLive(useRun.getState()) ? {} : { follow: false }
}

export function setFilterText(filterText: string): void {
  if (filterText !== useLog.getState().filterText) restart({ filterText, ...stay() })
}

export function toggleSource(sources: readonly LogSource[]): void {
  const { hiddenSources } = useLog.getState()
  const hide = sources.some((source) => !hiddenSources.includes(source))
  restart({ ...stay(), hiddenSources: hide ? [...new Set([...hiddenSources, ...sources])] : hiddenSources.filter((source) => !sources.includes(source)) })
}

export function setOnlyTrouble(onlyTrouble: boolean): void {
  restart({ onlyTrouble, ...stay() })
}

/** Takes every filter away; ends a search that goes on. */
export function showWholeLog(): void {
  if (isFiltered(useLog.getState())) restart({ filterText: '', hiddenSources: [], onlyTrouble: false, ...stay() })
}

export function setFollow(follow: boolean): void {
  if (useLog.getState().follow !== follow) useLog.setState({ follow })
}

/** Keeps the log in step with the run; called once. */
export function followLog(): void {
  useRun.subscribe((state, before) => {
    if (state.runId !== before.runId) { restart({ follow: isLive(state) }); return }
    if (state.logLines === before.logLines) return
    if (filterNow() === null) followGrowth()
    else pollLater()
  })
}
