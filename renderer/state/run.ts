import { create } from 'zustand'
import type { CallError } from '../../shared/bridge/contract.ts'
import { applyEvent, emptyRun, type Run } from '../../shared/run/fold-run.ts'
import type { LogSource, RunEvent } from '../../shared/run/event.ts'
import { announce } from './announcer.ts'
import { call, onPush, toCallError } from './engine.ts'
import { createEventQueue } from './event-queue.ts'
import { planRestored, planToRun, usePlan } from './plan.ts'
import { clearSelection, hoverAt } from './pointer.ts'

/**
 * The run on the screen. `run` is folded in place (a live run sees thousands of events); `version` counts up with every
 * batch, so whatever is derived from `run` is keyed by it.
 */
interface RunState {
  phase: 'none' | 'starting' | 'running' | 'ended' | 'lost'
  runId: string | null
  run: Run
  version: number
  /** Why the last start was refused. */
  startError: CallError | null
  /** What people call it ("run 412"); null until it is kept. */
  number: number | null
  stopping: boolean
  logLines: number
  logCounts: Partial<Record<LogSource, number>>
  /** `performance.now()` at the run's 0, as near as the arrival of its events tells. */
  zeroMs: number
}

const none = (): Omit<RunState, 'phase'> => ({ runId: null, run: emptyRun(), version: 0, startError: null, number: null, stopping: false, logLines: 0, logCounts: {}, zeroMs: Infinity })
export const useRun = create<RunState>(() => ({ phase: 'none', ...none() }))

/** Is a run going on (or about to)? Then Run is Stop. */
export function isLive(state: Pick<RunState, 'phase'>): boolean {
  return state.phase === 'starting' || state.phase === 'running'
}

const queue = createEventQueue<RunEvent>((events) => {
  const state = useRun.getState()
  for (const event of events) applyEvent(state.run, event)
  const ended = state.run.ended
  useRun.setState({ version: state.version + 1, ...(ended && state.phase === 'running' ? { phase: 'ended', stopping: false } : {}) })
})

/** Runs the plan on the screen. Does nothing while a run goes on. A start that is refused leaves the answer that was there. */
export async function startRun(): Promise<void> {
  const before = useRun.getState()
  if (isLive(before)) return
  useRun.setState({ ...none(), phase: 'starting' })
  clearSelection()
  hoverAt(null, null)
  early.clear()
  try {
    await planRestored()
    const { runId } = await call('startRun', planToRun(usePlan.getState()))
    const grown = grownEarly.get(runId)
    useRun.setState({ phase: 'running', runId, ...(grown ? { logLines: grown.lines, logCounts: grown.counts } : {}) })
    grownEarly.clear()
    announce('Run started')
    for (const events of early.get(runId) ?? []) take(runId, events)
    early.clear()
  } catch (error) {
    useRun.setState({ ...before, startError: toCallError(error) })
    announce(`The run could not start: ${toCallError(error).message}`)
  }
}

/** The user's Stop: the client leaves now. */
export async function stopRun(): Promise<void> {
  const { runId, phase, stopping } = useRun.getState()
  if (phase !== 'running' || runId === null || stopping) return
  useRun.setState({ stopping: true })
  await call('stopRun', runId).catch(() => useRun.setState({ stopping: false }))
}

/** Facts that overtook the answer to `startRun`. */
const early = new Map<string, RunEvent[][]>()
const grownEarly = new Map<string, { lines: number; counts: RunState['logCounts'] }>()

function take(runId: string, events: RunEvent[]): void {
  const state = useRun.getState()
  if (state.runId !== runId) {
    if (state.phase === 'starting') early.set(runId, [...(early.get(runId) ?? []), events])
    return
  }
  const now = performance.now()
  const zeroMs = events.reduce((least, event) => Math.min(least, now - event.atMs), state.zeroMs)
  if (zeroMs !== state.zeroMs) useRun.setState({ zeroMs })
  queue.push(events)
}

/** Listens to the engine; called once. */
export function followRuns(): void {
  onPush('events', ({ runId, events }) => take(runId, events))
  onPush('logGrew', (growth) => {
    const state = useRun.getState()
    if (state.runId !== growth.runId) { if (state.phase === 'starting') grownEarly.set(growth.runId, growth); return }
    grown = growth
    if (!isLive(state) || performance.now() - grownAt >= growMs) takeGrowth()
  })
}

/** The log's newest length. The log of a busy script grows at every push; the screen takes that up once in a beat, a line now and then at once. */
let grown: { runId: string; lines: number; counts: RunState['logCounts'] } | null = null
let grownAt = -Infinity
const growMs = 200

/** Takes up how far the log has grown; called at every beat of a run that goes on. */
export function takeGrowth(): void {
  if (grown === null) return
  if (grown.runId === useRun.getState().runId) useRun.setState({ logLines: grown.lines, logCounts: grown.counts })
  grown = null
  grownAt = performance.now()
}

/** A new engine knows nothing of the old one's run: what is on the screen stays, marked as lost. */
export function loseRun(): void {
  if (!isLive(useRun.getState())) return
  queue.flush()
  useRun.setState({ phase: 'lost', stopping: false })
}

/** Shows a run from its events (history, an imported record); replaces what is on the screen. */
export function showRun(runId: string, events: readonly RunEvent[], logLines: number, logCounts: RunState['logCounts'], number: number | null): void {
  const run = emptyRun()
  for (const event of events) applyEvent(run, event)
  queue.clear()
  clearSelection()
  useRun.setState({ ...none(), phase: 'ended', runId, run, version: 1, logLines, logCounts, number })
}
