import { create } from 'zustand'
import type { HistoryQuery, HistoryRow, HistoryState as StoreState, KeptRun, Retention } from '../../shared/run/history.ts'
import type { LogRow } from '../../shared/bridge/contract.ts'
import type { LogSource } from '../../shared/run/event.ts'
import { counted } from '../../shared/text/counted.ts'
import { groupedOf } from '../ui/numbers.ts'
import { pickFiles } from '../ui/pick-file.ts'
import { visibleValue } from '../../shared/text/visible-text.ts'
import { announce } from './announcer.ts'
import { whileBusy } from './busy.ts'
import { allSources } from './log.ts'
import { askHost, call, toCallError, useEngine } from './engine.ts'
import { isLive, showRun, useRun } from './run.ts'
import { complain, complainAndGoWithout, offerUndo, tell } from './undo.ts'
import { setView, useView } from './view.ts'

export type HistoryFilter = NonNullable<HistoryQuery['outcome']> | 'all'

/** The kept runs as the list shows them; pages are added as one scrolls down. */
interface HistoryListState {
  rows: HistoryRow[]
  total: number
  kept: { runs: number; bytes: number }
  filter: HistoryFilter
  search: string
  loading: boolean
  error: string | null
  store: StoreState | null
  retention: Retention | null
  /** Ids of the two runs to compare. */
  a: string | null
  b: string | null
  /** The comparison stands on the answer side. */
  comparing: boolean
}

export const useHistory = create<HistoryListState>(() => ({
  rows: [], total: 0, kept: { runs: 0, bytes: 0 }, filter: 'all', search: '', loading: false, error: null, store: null, retention: null, a: null, b: null, comparing: false,
}))

/** Rows per page. */
const pageRows = 200
/** Counts up with every new question; answers to older ones are thrown away. */
let turn = 0

async function ask(before: number | null): Promise<void> {
  const mine = ++turn
  const { filter, search } = useHistory.getState()
  useHistory.setState({ loading: true })
  try {
    const page = await whileBusy(search === '' ? 'Reading the history…' : 'Searching the history…', call('historyList', { outcome: filter === 'all' ? null : filter, search, before, count: pageRows }))
    if (mine !== turn) return
    const rows = visibleValue(page.runs)
    useHistory.setState((state) => ({ rows: before === null ? rows : [...state.rows, ...rows], total: page.total, kept: page.kept, loading: false, error: null }))
  } catch (error) {
    if (mine === turn) useHistory.setState({ loading: false, error: toCallError(error).message })
  }
}

/** Reads the list anew, from the newest run. */
export async function readHistory(): Promise<void> {
  await ask(null)
  await checkStore()
}

/** What the store has to tell is told once, wherever one is: that it was damaged and set aside, or that runs are not kept. */
let told = ''

/** Asks how the store is. */
export async function checkStore(): Promise<void> {
  const answer = await call('historyState').catch(() => null)
  if (!answer) return
  const { state, retention } = answer
  useHistory.setState({ store: state, retention })
  const news = state.on ? (state.notice ?? '') : `Runs are not kept: ${state.reason}`
  if (news !== '' && news !== told) complain(news)
  told = news
}

/** The next page, if there is one. */
export async function readMoreHistory(): Promise<void> {
  const { rows, total, loading } = useHistory.getState()
  const last = rows.at(-1)
  if (!loading && last && rows.length < total) await ask(last.number)
}

export function setHistoryFilter(change: { filter?: HistoryFilter; search?: string }): void {
  useHistory.setState(change)
  void ask(null)
}

/** Shows a kept run on the answer side exactly as it was. What is being typed stays. */
export async function openKeptRun(id: string): Promise<void> {
  if (isLive(useRun.getState())) { tell('Stop the run first: the answer side shows one run at a time.'); return }
  try {
    const kept = await whileBusy('Opening the run…', call('historyGet', id))
    if (!kept) { complain('That run is no longer kept.'); void readHistory(); return }
    useHistory.setState({ comparing: false })
    showKept(kept)
    announce(`Run ${kept.number} opened: ${kept.record.verdict.headline}`)
  } catch (error) {
    complain(toCallError(error).message)
  }
}

/** Opens the run that people call by this number. */
export async function openRunNumber(number: number): Promise<void> {
  try {
    const page = await call('historyList', { before: number + 1, count: 1 })
    const row = page.runs[0]
    if (row?.number === number) await openKeptRun(row.id)
    else complain(`There is no run ${number}.`)
  } catch (error) {
    complain(toCallError(error).message)
  }
}

function showKept(kept: KeptRun): void {
  const { record } = kept
  showRun(record.id, kept.events, record.log.lines, {}, kept.number)
  void countSources(record.id).then((counts) => { if (useRun.getState().runId === record.id) useRun.setState({ logCounts: counts }) })
}

/** How many lines each source wrote: asked of the engine, which has counted while it wrote. */
async function countSources(runId: string): Promise<Partial<Record<LogSource, number>>> {
  const counts: Partial<Record<LogSource, number>> = {}
  for (const source of allSources) {
    const total = await linesOf(runId, source)
    if (total > 0) counts[source] = total
  }
  return counts
}

/** How long a count that is not complete is left alone before it is asked for again (ms). */
const countAgainMs = 50

/** Lines of one source; 0 where they cannot be read, or another run is looked at meanwhile. */
async function linesOf(runId: string, source: LogSource): Promise<number> {
  for (;;) {
    const page = await call('logRows', { runId, from: 0, count: 1, filter: { text: '', regex: false, sources: [source] } }).catch(() => null)
    if (!page || useRun.getState().runId !== runId) return 0
    if (!page.scanning) return page.total
    await new Promise((resolve) => { setTimeout(resolve, countAgainMs) })
  }
}

export async function pinRun(id: string, pinned: boolean): Promise<void> {
  await call('historyPin', id, pinned).catch((error: unknown) => complain(toCallError(error).message))
  useHistory.setState((state) => ({ rows: state.rows.map((row) => (row.id === id ? { ...row, pinned } : row)) }))
}

/** What is kept once these runs are gone. */
function keptWithout({ rows, kept }: HistoryListState, removed: readonly string[]): HistoryListState['kept'] {
  const bytes = rows.reduce((sum, row) => sum + (removed.includes(row.id) ? row.bytes : 0), 0)
  return { runs: kept.runs - removed.length, bytes: kept.bytes - bytes }
}

/** Takes runs out of the list; for ten minutes they can be brought back. */
export async function removeRuns(ids: string[]): Promise<void> {
  try {
    const removed = await call('historyRemove', ids)
    const only = removed.length === 1 ? useHistory.getState().rows.find((row) => row.id === removed[0]) : undefined
    useHistory.setState((state) => ({ rows: state.rows.filter((row) => !removed.includes(row.id)), total: state.total - removed.length, kept: keptWithout(state, removed), a: removed.includes(state.a ?? '') ? null : state.a, b: removed.includes(state.b ?? '') ? null : state.b }))
    offerUndo(only ? `Run ${only.number} removed` : `${counted(removed.length, 'run')} removed`, () => { void bringBack(removed) })
  } catch (error) {
    complain(toCallError(error).message)
  }
}

/** Takes a record that a colleague sent into the history and shows it. */
export function importRunText(text: string, name: string): Promise<void> {
  return takeImport(call('importRun', text), name)
}

export function importRunAt(path: string): Promise<void> {
  return takeImport(call('importRunFile', path), path.split(/[\\/]/).at(-1) ?? path)
}

async function takeImport(work: Promise<KeptRun>, name: string): Promise<void> {
  try {
    showImported(await whileBusy(`Reading ${name}…`, work))
  } catch (error) {
    const { code, message, hint, where } = toCallError(error)
    // The very run is here: that is what somebody who imports it wants to see.
    if (code === 'already_kept' && where !== null) { setView({ pane: 'history' }); await openKeptRun(where); tell(`${name}: ${message}`) }
    else complain(`${name}: ${message}${hint ? ` (${hint})` : ''}`)
  }
}

function showImported(kept: KeptRun): void {
  if (!isLive(useRun.getState())) showKept(kept)
  setView({ pane: 'history' })
  void readHistory()
  tell(`Imported as run ${kept.number}`)
}

export async function importRunFiles(): Promise<void> {
  if (askHost('run.open')) return
  for (const file of await pickFiles('.json,.cutoff,application/json').catch(complainAndGoWithout)) await importRunText(file.text, file.name)
}

/** Puts a run into the comparison: as A if that is free, else as B; a second press takes it out. */
export function toggleCompare(id: string): void {
  useHistory.setState((state) => {
    if (state.a === id) return { a: state.b, b: null }
    if (state.b === id) return { b: null }
    return state.a === null ? { a: id } : { b: id }
  })
}

/** Opens the history with the run on the screen as A. */
export function compareWith(id: string): void {
  useHistory.setState((state) => ({ a: id, b: state.b === id ? null : state.b }))
  setView({ pane: 'history' })
  tell('Choose the run to compare with')
}

export function swapCompared(): void { useHistory.setState((state) => ({ a: state.b, b: state.a })) }
export function clearCompared(): void { useHistory.setState({ a: null, b: null, comparing: false }) }

/** Sets what stays. What has to go for it can be brought back, together with what stayed before. */
export async function setRetention(retention: Retention): Promise<void> {
  const before = useHistory.getState().retention
  useHistory.setState({ retention })
  try {
    const removed = await call('setRetention', retention)
    if (removed.length > 0) offerUndo(removed.length === 1 ? 'The oldest run was removed' : `The ${groupedOf(removed.length)} oldest runs were removed`, () => { void bringBack(removed, before) })
  } catch (error) {
    useHistory.setState({ retention: before })
    complain(toCallError(error).message)
  }
  void readHistory()
}

/** Brings runs back; with a retention that holds them, which comes first, or they would go again. */
async function bringBack(ids: string[], retention: Retention | null = null): Promise<void> {
  try {
    if (retention) await call('setRetention', retention)
    const restored = await call('historyRestore', ids)
    if (restored.length < ids.length) complain(`${groupedOf(ids.length - restored.length)} of ${groupedOf(ids.length)} runs are gone for good: they were removed too long ago.`)
  } catch (error) {
    complain(toCallError(error).message)
  }
  void readHistory()
}

/** A kept run for the comparison, in full. */
export function keptRun(id: string): Promise<KeptRun | null> {
  return call('historyGet', id)
}

/** The beginning of a kept run's log, for the comparison. */
export async function keptLog(id: string, count: number): Promise<LogRow[]> {
  return (await call('logRows', { runId: id, from: 0, count, filter: null })).rows
}

/** Opening the store must not take time from the start of the screen (ms). */
const storeCheckMs = 1500

/** How the store is, is asked for once the screen stands. A run that has just ended appears in an open list: once it has its number it is in the history. Called once. */
export function followHistory(): void {
  const soon = () => { if (useEngine.getState().phase === 'ready') setTimeout(() => void checkStore(), storeCheckMs) }
  useEngine.subscribe((state, before) => { if (state.phase !== before.phase) soon() })
  soon()
  useRun.subscribe((state, before) => {
    if (state.number === null || state.number === before.number || state.runId !== before.runId) return
    if (useView.getState().pane === 'history' || useHistory.getState().rows.length > 0) void readHistory()
  })
}
