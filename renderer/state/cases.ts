import { create } from 'zustand'
import type { ScriptCase } from '../../shared/bridge/contract.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { announce } from './announcer.ts'
import { call, toCallError } from './engine.ts'
import { jsonDiff, type JsonDifference } from './json-diff.ts'
import { parseInput } from './parse-input.ts'
import { activeTab, planToRun, usePlan, type ScriptTab } from './plan.ts'
import { runOnce, type RunResult } from './run-once.ts'
import { useRun } from './run.ts'
import { offerUndo, tell } from './undo.ts'

/** What came of a case: passed, or why not. */
export interface CaseResult { state: 'running' | 'passed' | 'failed'; run: RunResult | null; differences: JsonDifference[]; problem: string | null }

/** Cases of the script on the screen, their results, and a series of repeats. */
interface CasesState {
  script: string | null
  cases: ScriptCase[]
  results: Record<string, CaseResult>
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
function keyOf(tab: ScriptTab): string {
  return tab.path ?? tab.name
}

/** Reads the cases of the script on the screen. */
export async function readCases(): Promise<void> {
  const script = keyOf(activeTab(usePlan.getState()))
  if (useCases.getState().script === script) return
  useCases.setState({ script, cases: [], results: {}, openId: null, series: null, problem: null })
  try {
    const cases = await call('loadCases', script)
    if (useCases.getState().script === script) useCases.setState({ cases })
  } catch (error) {
    useCases.setState({ problem: toCallError(error).message })
  }
}

let saving: ReturnType<typeof setTimeout> | undefined
function setCases(cases: ScriptCase[]): void {
  useCases.setState({ cases })
  const { script } = useCases.getState()
  clearTimeout(saving)
  saving = setTimeout(() => { if (script !== null) call('saveCases', script, cases).catch((error: unknown) => tell(toCallError(error).message)) }, 300)
}

/** A new case from the input on the screen; expected is what the run on the screen returned, if that was this script and it completed. */
export async function addCase(): Promise<void> {
  const tab = activeTab(usePlan.getState())
  const { cases } = useCases.getState()
  const { run, runId, phase } = useRun.getState()
  const mine = phase === 'ended' && runId !== null && run.plan?.script.name === tab.name && JSON.stringify(run.plan.input) === normal(tab.inputText)
  const record = mine && runId !== null ? await call('runRecord', runId).catch(() => null) : null
  const added: ScriptCase = { id: crypto.randomUUID(), name: `case ${cases.length + 1}`, inputText: tab.inputText, expectedText: record?.outcome === 'completed' ? JSON.stringify(record.output, null, 2) : null }
  setCases([...useCases.getState().cases, added])
  useCases.setState({ openId: added.id })
}

function normal(text: string): string | null {
  const parsed = parseInput(text)
  return parsed.ok ? JSON.stringify(parsed.value) : null
}

export function changeCase(id: string, change: Partial<Omit<ScriptCase, 'id'>>): void {
  setCases(useCases.getState().cases.map((item) => (item.id === id ? { ...item, ...change } : item)))
}

export function removeCase(id: string): void {
  const { cases } = useCases.getState()
  const removed = cases.find((item) => item.id === id)
  setCases(cases.filter((item) => item.id !== id))
  if (removed) offerUndo(`${removed.name} removed`, () => setCases(cases))
}

/** Takes what the last run of a case returned as what is expected from now on. */
export function acceptOutput(id: string): void {
  const output = useCases.getState().results[id]?.run
  if (output?.completed) changeCase(id, { expectedText: JSON.stringify(output.output, null, 2) })
  useCases.setState((state) => ({ results: { ...state.results, [id]: { state: 'passed', run: output ?? null, differences: [], problem: null } } }))
}

const liveRuns = new Set<string>()
let stopped = false

/** Ends cases and repeats that are going on. */
export function stopCases(): void {
  stopped = true
  for (const runId of liveRuns) void call('stopRun', runId).catch(() => {})
}

/** Runs these cases one after the other (all without ids), with the limits on the screen. */
export async function runCases(ids?: readonly string[]): Promise<void> {
  stopped = false
  const wanted = useCases.getState().cases.filter((item) => !ids || ids.includes(item.id))
  for (const item of wanted) {
    if (stopped) break
    setResult(item.id, { state: 'running', run: null, differences: [], problem: null })
    setResult(item.id, await resultOf(item))
  }
  const { results } = useCases.getState()
  const passed = wanted.filter((item) => results[item.id]?.state === 'passed').length
  announce(`${passed} of ${wanted.length} cases passed`)
}

function setResult(id: string, result: CaseResult): void {
  useCases.setState((state) => ({ results: { ...state.results, [id]: result } }))
}

async function resultOf(item: ScriptCase): Promise<CaseResult> {
  const none = { run: null, differences: [] }
  const input = parseInput(item.inputText)
  if (!input.ok) return { ...none, state: 'failed', problem: `its input is not JSON: line ${input.line}, column ${input.column}: ${input.problem}` }
  const expected = item.expectedText === null || item.expectedText.trim() === '' ? null : parseInput(item.expectedText)
  if (expected && !expected.ok) return { ...none, state: 'failed', problem: `what is expected is not JSON: line ${expected.line}, column ${expected.column}: ${expected.problem}` }
  try {
    const run = await once({ ...quietPlan(), input: input.value })
    if (!run.completed) return { state: 'failed', run, differences: [], problem: run.headline }
    const differences = expected?.ok ? jsonDiff(expected.value, run.output) : []
    return { state: differences.length > 0 ? 'failed' : 'passed', run, differences, problem: null }
  } catch (error) {
    return { ...none, state: 'failed', problem: toCallError(error).message }
  }
}

/** The plan on the screen without a look at the stacks: what is measured many times is not watched. */
function quietPlan(): RunPlan {
  return { ...planToRun(usePlan.getState()), stacks: { rateHz: 0, locals: false, allocations: false } }
}

async function once(plan: RunPlan): Promise<RunResult> {
  let id: string | null = null
  try {
    return await runOnce(plan, (runId) => { id = runId; liveRuns.add(runId) })
  } finally {
    if (id !== null) liveRuns.delete(id)
  }
}

/** Runs the script `wanted` times, `atOnce` at a time: with the input on the screen, or with these cases in turn, each held against what it expects. */
export async function runSeries(wanted: number, atOnce: number, ids: readonly string[] = []): Promise<void> {
  stopped = false
  const items = useCases.getState().cases.filter((item) => ids.includes(item.id))
  useCases.setState({ series: { wanted, atOnce, runs: [], live: true, problem: null } })
  let started = 0
  const change = (next: (series: Series) => Partial<Series>) => useCases.setState((state) => (state.series ? { series: { ...state.series, ...next(state.series) } } : {}))
  const worker = async () => {
    while (started < wanted && !stopped) {
      const item = items[started++ % Math.max(1, items.length)]
      const result = item ? await resultOf(item) : null
      const run = result ? result.run : await once(quietPlan())
      if (!run) throw new Error(`${item?.name}: ${result?.problem}`)
      const told: SeriesRun = { ...run, name: item?.name ?? null, passed: result ? result.state === 'passed' : null }
      change((series) => ({ runs: [...series.runs, told] }))
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, wanted) }, worker))
    announce(`${wanted} runs done`)
  } catch (error) {
    stopped = true
    change(() => ({ problem: toCallError(error).message }))
  }
  change(() => ({ live: false }))
}
