import { create } from 'zustand'
import { mergeCases } from '../../shared/cases/merge-cases.ts'
import type { ScriptCase } from '../../shared/cases/script-case.ts'
import { exactInputOf, exactOutputOf, inputFieldsOf } from '../../shared/run/exact-json.ts'
import { parseExact } from '../../shared/run/parse-exact.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { announce } from './announcer.ts'
import { call, toCallError } from './engine.ts'
import { faultOfCase, judgeCase, type CaseResult } from '../../shared/cases/judge-case.ts'
import { parseInput } from '../../shared/run/parse-input.ts'
import { activeTab, planToRun, planWithInput, usePlan, type ScriptTab } from './plan.ts'
import { runOnce, type RunResult } from './run-once.ts'
import { useRun } from './run.ts'
import { complain, offerUndo, tell } from './undo.ts'
import { counted } from '../../shared/text/counted.ts'

/** Cases of the script on the screen, their results, and a series of repeats. */
interface CasesState {
  script: string | null
  cases: ScriptCase[]
  results: Record<string, CaseResult<RunResult>>
  openId: string | null
  series: Series | null
  problem: string | null
}
/** One run of a series: of which case, and whether it gave what that expects; both null for the input on the screen. */
export interface SeriesRun extends RunResult { name: string | null; passed: boolean | null }
/** N runs, K at once. */
export interface Series { wanted: number; atOnce: number; runs: SeriesRun[]; live: boolean; problem: string | null }

export const useCases = create<CasesState>(() => ({ script: null, cases: [], results: {}, openId: null, series: null, problem: null }))

/** A script's cases go by its path, or by its name while it has no file. */
export function casesKeyOf(tab: Pick<ScriptTab, 'path' | 'name'>): string {
  return tab.path ?? tab.name
}

/** Cases that are being read. Whatever changes them waits for that: what is not here yet would be overwritten. */
let reading: Promise<void> = Promise.resolve()

/** Reads the cases of the script on the screen; resolves when they are here, or why not is told. */
export function readCases(): Promise<void> {
  const script = casesKeyOf(activeTab(usePlan.getState()))
  const { script: before, problem } = useCases.getState()
  if (before !== script || problem !== null) reading = readCasesOf(script, before)
  return reading
}

async function readCasesOf(script: string, before: string | null): Promise<void> {
  // What goes on belongs to the script that was there before, and so would its results.
  if (before !== script) stopCases()
  useCases.setState({ script, cases: [], results: {}, openId: null, series: null, problem: null })
  try {
    await saveNow()
    const cases = await loadCases(script)
    if (useCases.getState().script === script) useCases.setState({ cases })
  } catch (error) {
    if (useCases.getState().script === script) useCases.setState({ problem: toCallError(error).message })
  }
}

/** The cases of scripts as the engine has them, as far as this window knows: what others change is told by the difference. */
const known = new Map<string, ScriptCase[]>()

async function loadCases(script: string): Promise<ScriptCase[]> {
  const cases = await call('loadCases', script)
  known.set(script, cases)
  return cases
}

/** Resolves once they are kept; what other windows have changed meanwhile is on the screen then. */
async function saveCases(script: string, cases: ScriptCase[]): Promise<void> {
  const before = known.get(script) ?? []
  // What is sent next builds on this, whether it has been answered by then or not: the engine does one after the other.
  known.set(script, cases)
  try {
    const now = await call('saveCases', script, cases, before)
    if (known.get(script) === cases) known.set(script, now)
    if (JSON.stringify(now) === JSON.stringify(cases)) return
    const take = (ours: ScriptCase[]) => mergeCases({ before: cases, ours, theirs: now, newId: () => crypto.randomUUID() })
    if (useCases.getState().script === script) useCases.setState((state) => ({ cases: take(state.cases) }))
    if (unsaved?.script === script) unsaved = { script, cases: useCases.getState().script === script ? useCases.getState().cases : take(unsaved.cases) }
  } catch (error) {
    if (known.get(script) === cases) known.set(script, before)
    throw error
  }
}

/** What has not been written yet, and when it will be. */
let unsaved: { script: string; cases: ScriptCase[] } | null = null
let saving: ReturnType<typeof setTimeout> | undefined
const saveDelayMs = 300

function setCases(cases: ScriptCase[]): void {
  useCases.setState({ cases })
  const { script } = useCases.getState()
  if (script === null) return
  unsaved = { script, cases }
  clearTimeout(saving)
  saving = setTimeout(() => void saveNow(), saveDelayMs)
}

/** Changes the cases of a script, whichever is on the screen by now. */
async function changeCasesOf(script: string, change: (cases: ScriptCase[]) => ScriptCase[]): Promise<void> {
  if (useCases.getState().script === script) { setCases(change(useCases.getState().cases)); return }
  try {
    await saveNow()
    await saveCases(script, change(await loadCases(script)))
  } catch (error) {
    complain(toCallError(error).message)
  }
}

async function saveNow(): Promise<void> {
  clearTimeout(saving)
  const due = unsaved
  unsaved = null
  if (due) await saveCases(due.script, due.cases).catch((error: unknown) => complain(toCallError(error).message))
}

// The page may be closed for good.
if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void saveNow())

/** A script that is saved under another name keeps its cases; one that had no file until then takes them along. Cases that are there already stay. */
export async function carryCases(from: Pick<ScriptTab, 'path' | 'name'>, to: Pick<ScriptTab, 'path' | 'name'>): Promise<void> {
  const [old, fresh] = [casesKeyOf(from), casesKeyOf(to)]
  if (old === fresh) return
  try {
    await saveNow()
    const [cases, there] = await Promise.all([loadCases(old), loadCases(fresh)])
    if (cases.length === 0 || there.length > 0) return
    await saveCases(fresh, cases)
    if (from.path === null) await saveCases(old, [])
    useCases.setState((state) => (state.script === old || state.script === fresh ? { script: fresh, cases } : {}))
  } catch (error) {
    complain(toCallError(error).message)
  }
}

/** A new case from the input on the screen; expected is what the run on the screen returned, if that was this script and it completed. */
export async function addCase(): Promise<void> {
  const tab = activeTab(usePlan.getState())
  await readCases()
  const { cases, problem } = useCases.getState()
  // Cases that could not be read are still there: a new list would take their place.
  if (problem !== null) { complain(problem); return }
  const { run, runId, phase } = useRun.getState()
  const mine = phase === 'ended' && runId !== null && run.plan?.script.name === tab.name && JSON.stringify(exactInputOf(run.plan)) === normal(tab.inputText)
  const record = mine && runId !== null ? await call('runRecord', runId).catch(() => null) : null
  const added: ScriptCase = { id: crypto.randomUUID(), name: `case ${cases.length + 1}`, inputText: tab.inputText, expectedText: record?.outcome === 'completed' ? JSON.stringify(exactOutputOf(record), null, 2) : null }
  setCases([...useCases.getState().cases, added])
  useCases.setState({ openId: added.id })
}

/** Adds cases that came from elsewhere, under ids of their own; those that are there to the letter are left out. */
export function addCases(given: readonly Omit<ScriptCase, 'id'>[], from: string): void {
  const { script, cases, problem } = useCases.getState()
  if (problem !== null || script === null) { complain(problem ?? 'There is no script whose cases these could be.'); return }
  const isThere = (item: Omit<ScriptCase, 'id'>) => cases.some(({ name, inputText, expectedText }) => name === item.name && inputText === item.inputText && expectedText === item.expectedText)
  const added = given.filter((item) => !isThere(item)).map((item) => ({ ...item, id: crypto.randomUUID() }))
  if (added.length === 0) { tell(`${from} holds no case that is not here already`); return }
  setCases([...cases, ...added])
  offerUndo(`${counted(added.length, 'case')} added from ${from}`, () => void changeCasesOf(script, (list) => list.filter((item) => !added.some(({ id }) => id === item.id))))
}

function normal(text: string): string | null {
  const parsed = parseInput(text)
  return parsed.ok ? JSON.stringify(parseExact(text)) : null
}

export function changeCase(id: string, change: Partial<Omit<ScriptCase, 'id'>>): void {
  setCases(useCases.getState().cases.map((item) => (item.id === id ? { ...item, ...change } : item)))
  const result = useCases.getState().results[id]
  if (!result || result.state === 'running') return
  // Another expectation is held against what the run gave; another input has not been run.
  if (change.inputText !== undefined) forgetResult(id)
  else if (change.expectedText !== undefined && result.run) setResult(id, judgeCase(change.expectedText, result.run))
  else if (change.expectedText !== undefined) forgetResult(id)
}

function forgetResult(id: string): void {
  useCases.setState((state) => ({ results: Object.fromEntries(Object.entries(state.results).filter(([key]) => key !== id)) }))
}

export function removeCase(id: string): void {
  const { script, cases } = useCases.getState()
  const index = cases.findIndex((item) => item.id === id)
  const removed = cases[index]
  if (!removed || script === null) return
  setCases(cases.toSpliced(index, 1))
  offerUndo(`${removed.name} removed`, () => void changeCasesOf(script, (list) => list.toSpliced(index, 0, removed)))
}

/** Takes what the last run of a case returned as what is expected from now on. */
export function acceptOutput(id: string): void {
  const { script, cases, results } = useCases.getState()
  const before = cases.find((item) => item.id === id)
  const run = results[id]?.run
  if (!before || !run?.completed || script === null) return
  changeCase(id, { expectedText: JSON.stringify(run.output, null, 2) })
  offerUndo(`What ${before.name} expects was replaced`, () => {
    const { expectedText } = before
    if (useCases.getState().script === script) changeCase(id, { expectedText })
    else void changeCasesOf(script, (list) => list.map((item) => (item.id === id ? { ...item, expectedText } : item)))
  })
}

/** Cases or repeats that go on: which runs, and whether they were told to end. */
interface Going { stopped: boolean; readonly runs: Set<string> }
const going = new Set<Going>()

/** Ends cases and repeats that are going on. */
export function stopCases(): void {
  for (const one of going) {
    one.stopped = true
    for (const runId of one.runs) void call('stopRun', runId).catch(() => {})
  }
}

/**
 * Runs these cases one after the other (all without ids), with the script and the limits as they are on the screen now: what is changed
 * meanwhile is for the next time.
 */
export async function runCases(ids?: readonly string[]): Promise<void> {
  const wanted = useCases.getState().cases.filter((item) => !ids || ids.includes(item.id))
  const plan = quietPlan(null)
  const mine: Going = { stopped: false, runs: new Set() }
  going.add(mine)
  let passed = 0
  for (const item of wanted) {
    if (mine.stopped) break
    setResult(item.id, { state: 'running', run: null, differences: [], problem: null })
    const result = await resultOf(item, plan, mine)
    setResult(item.id, result)
    if (result.state === 'passed') passed++
  }
  going.delete(mine)
  announce(`${passed} of ${wanted.length} cases passed`)
}

/** A result belongs to a case of the script on the screen. */
function setResult(id: string, result: CaseResult<RunResult>): void {
  useCases.setState((state) => (state.cases.some((item) => item.id === id) ? { results: { ...state.results, [id]: result } } : {}))
}

async function resultOf(item: ScriptCase, plan: RunPlan, mine: Going): Promise<CaseResult<RunResult>> {
  const none = { run: null, differences: [], state: 'failed' as const }
  const fault = faultOfCase(item)
  const input = parseInput(item.inputText)
  if (fault !== null || !input.ok) return { ...none, problem: fault }
  try {
    return judgeCase(item.expectedText, await once({ ...plan, ...inputFieldsOf(item.inputText), case: item.name }, mine))
  } catch (error) {
    return { ...none, problem: toCallError(error).message }
  }
}

/** The plan on the screen without a look at the stacks: what is measured many times is not watched. `null`: with no input yet; else with that on the screen. */
function quietPlan(input?: null): RunPlan {
  const state = usePlan.getState()
  return { ...(input === undefined ? planToRun(state) : planWithInput(state, { input })), stacks: { rateHz: 0, locals: false, allocations: false } }
}

async function once(plan: RunPlan, { runs }: Going): Promise<RunResult> {
  let id: string | null = null
  try {
    return await runOnce(plan, (runId) => { id = runId; runs.add(runId) })
  } finally {
    if (id !== null) runs.delete(id)
  }
}

/**
 * Runs the script `wanted` times, `atOnce` at a time: with the input on the screen, or with these cases in turn, each held against what it
 * expects. Script and limits are those on the screen when it begins.
 */
export async function runSeries(wanted: number, atOnce: number, ids: readonly string[] = []): Promise<void> {
  const items = useCases.getState().cases.filter((item) => ids.includes(item.id))
  const { script } = useCases.getState()
  const mine: Going = { stopped: false, runs: new Set() }
  going.add(mine)
  useCases.setState({ series: { wanted, atOnce, runs: [], live: true, problem: null } })
  let started = 0
  const change = (next: (series: Series) => Partial<Series>) => useCases.setState((state) => (state.series && state.script === script ? { series: { ...state.series, ...next(state.series) } } : {}))
  try {
    const plan = quietPlan(items.length > 0 ? null : undefined)
    const worker = async () => {
      while (started < wanted && !mine.stopped) {
        const item = items[started++ % Math.max(1, items.length)]
        const result = item ? await resultOf(item, plan, mine) : null
        const run = result ? result.run : await once(plan, mine)
        if (!run) throw new Error(`${item?.name}: ${result?.problem}`)
        const told: SeriesRun = { ...run, name: item?.name ?? null, passed: result ? result.state === 'passed' : null }
        change((series) => ({ runs: [...series.runs, told] }))
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, wanted) }, worker))
    announce(`${counted(wanted, 'run')} done`)
  } catch (error) {
    mine.stopped = true
    change(() => ({ problem: toCallError(error).message }))
  }
  going.delete(mine)
  change(() => ({ live: false }))
}
