import { create } from 'zustand'
import type { HistoryQuery, HistoryRow, HistoryState as StoreState, KeptRun, Retention } from '../../shared/run/history.ts'
import type { LogRow } from '../../shared/bridge/contract.ts'
import type { LogSource } from '../../shared/run/event.ts'
import { pickFiles } from '../ui/pick-file.ts'
import { announce } from './announcer.ts'
import { allSources } from './log.ts'
import { askHost, call, toCallError } from './engine.ts'
import { openTab, usePlan, addProfile } from './plan.ts'
import { isLive, showRun, useRun } from './run.ts'
import { offerUndo, tell } from './undo.ts'
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
    const page = await call('historyList', { outcome: filter === 'all' ? null : filter, search, before, count: pageRows })
    if (mine !== turn) return
    useHistory.setState((state) => ({ rows: before === null ? page.runs : [...state.rows, ...page.runs], total: page.total, kept: page.kept, loading: false, error: null }))
  } catch (error) {
    if (mine === turn) useHistory.setState({ loading: false, error: toCallError(error).message })
  }
}

/** Reads the list anew, from the newest run. */
export async function readHistory(): Promise<void> {
  await ask(null)
  const state = await call('historyState').catch(() => null)
  if (state) useHistory.setState({ store: state.state, retention: state.retention })
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
    const kept = await call('historyGet', id)
    if (!kept) { tell('That run is no longer kept.'); void readHistory(); return }
    useHistory.setState({ comparing: false })
    showKept(kept)
    announce(`Run ${kept.number} opened: ${kept.record.verdict.headline}`)
  } catch (error) {
    tell(toCallError(error).message)
  }
}

/** Opens the run that people call by this number. */
export async function openRunNumber(number: number): Promise<void> {
  try {
    const page = await call('historyList', { before: number + 1, count: 1 })
    const row = page.runs[0]
    if (row?.number === number) await openKeptRun(row.id)
    else tell(`There is no run ${number}.`)
  } catch (error) {
    tell(toCallError(error).message)
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
    const page = await call('logRows', { runId, from: 0, count: 1, filter: { text: '', regex: false, sources: [source] } }).catch(() => null)
    if (page && page.total > 0) counts[source] = page.total
  }
  return counts
}

/** Loads the plan of the run on the screen into the editor: script, input, limits, flow. */
export function takePlanOfRun(): void {
  const { plan } = useRun.getState().run
  if (!plan) return
  const kept = plan.script.text
  openTab({ name: plan.script.name, path: plan.script.path, savedText: null, inputText: JSON.stringify(plan.input, null, 2), inputName: 'input.json', ...(kept === null ? {} : { text: kept }) })
  const profiles = usePlan.getState().profiles
  if (!profiles.some((profile) => profile.name === plan.profile)) addProfile({ name: plan.profile, title: plan.profile, description: 'Taken from a run.', emulated: false, proxies: plan.proxies, limits: plan.limits.map(({ id, value, origin, enforced }) => ({ id, value, origin, enforced })) })
  usePlan.setState({ profileName: plan.profile, proxies: plan.proxies, faults: plan.faults, python: plan.python, propagateCancel: plan.propagateCancel, edits: Object.fromEntries(plan.limits.filter((limit) => limit.origin === 'this run' || !limit.enforced).map((limit) => [limit.id, { value: limit.value, enforced: limit.enforced }])) })
  setView({ pane: 'script' })
  tell('Script, input and limits of that run are in the editor')
}

export async function pinRun(id: string, pinned: boolean): Promise<void> {
  await call('historyPin', id, pinned).catch((error: unknown) => tell(toCallError(error).message))
  useHistory.setState((state) => ({ rows: state.rows.map((row) => (row.id === id ? { ...row, pinned } : row)) }))
}

/** Takes runs out of the list; for ten minutes they can be brought back. */
export async function removeRuns(ids: string[]): Promise<void> {
  try {
    const removed = await call('historyRemove', ids)
    useHistory.setState((state) => ({ rows: state.rows.filter((row) => !removed.includes(row.id)), total: state.total - removed.length, a: removed.includes(state.a ?? '') ? null : state.a, b: removed.includes(state.b ?? '') ? null : state.b }))
    offerUndo(removed.length === 1 ? 'Run removed' : `${removed.length} runs removed`, () => { void call('historyRestore', removed).then(() => readHistory(), (error: unknown) => tell(toCallError(error).message)) })
  } catch (error) {
    tell(toCallError(error).message)
  }
}

/** Takes a record that a colleague sent into the history and shows it. */
export async function importRunText(text: string, name: string): Promise<void> {
  try {
    showImported(await call('importRun', text))
  } catch (error) {
    const { message, hint } = toCallError(error)
    tell(`${name}: ${message}${hint ? ` (${hint})` : ''}`)
  }
}

export async function importRunAt(path: string): Promise<void> {
  try {
    showImported(await call('importRunFile', path))
  } catch (error) {
    tell(toCallError(error).message)
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
  for (const file of await pickFiles('.json,.cutoff,application/json')) await importRunText(file.text, file.name)
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

export async function setRetention(retention: Retention): Promise<void> {
  useHistory.setState({ retention })
  await call('setRetention', retention).catch((error: unknown) => tell(toCallError(error).message))
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

/** A run that has just ended appears in an open list: once it has its number it is in the history. Called once. */
export function followHistory(): void {
  useRun.subscribe((state, before) => {
    if (state.number === null || state.number === before.number || state.runId !== before.runId) return
    if (useView.getState().pane === 'history' || useHistory.getState().rows.length > 0) void readHistory()
  })
}
