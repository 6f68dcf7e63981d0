import type { CaseRun } from '../../shared/cases/judge-case.ts'
import { outcomeOfCause } from '../../shared/verdict/causes.ts'
import { explainRun } from '../../shared/verdict/index.ts'
import { foldRun } from '../../shared/run/fold-run.ts'
import type { RunEvent } from '../../shared/run/event.ts'
import { exactOutputOf } from '../../shared/run/exact-json.ts'
import type { RunPlan } from '../../shared/run/plan.ts'
import { visibleValue } from '../../shared/text/visible-text.ts'
import { call, onPush } from './engine.ts'
import type { Outcome } from './verdict.ts'

/** What came of one run that is not shown on the screen (a case, a repeat). */
export interface RunResult extends CaseRun { runId: string; outcome: Outcome; cause: string; elapsedMs: number; queueMs: number; scriptMs: number | null }

/** The record is made a moment after the end has been told: how long it is waited for, and how often it is asked for (ms). */
const recordPatienceMs = 5000
const askEveryMs = 25

const waiting = new Map<string, { events: RunEvent[]; done: (events: RunEvent[]) => void }>()
/** Facts that overtook the answer to `startRun`. */
const early = new Map<string, RunEvent[]>()
let following = false
let starting = 0

function follow(): void {
  if (following) return
  following = true
  onPush('events', ({ runId, events }) => {
    const run = waiting.get(runId)
    if (run) take(runId, run, events)
    else if (starting > 0) early.set(runId, [...(early.get(runId) ?? []), ...events])
  })
}

function take(runId: string, run: { events: RunEvent[]; done: (events: RunEvent[]) => void }, events: RunEvent[]): void {
  run.events.push(...events)
  if (events.some((event) => event.type === 'run_ended')) { waiting.delete(runId); run.done(run.events) }
}

/** Runs a plan beside the screen and resolves when it is over. `started` hears the id, for stopping. Rejects when it cannot be started. */
export async function runOnce(plan: RunPlan, started: (runId: string) => void): Promise<RunResult> {
  follow()
  starting++
  let runId: string
  try {
    runId = (await call('startRun', plan)).runId
  } finally {
    starting--
  }
  started(runId)
  const ended = new Promise<RunEvent[]>((done) => {
    const run = { events: [], done }
    waiting.set(runId, run)
    const before = early.get(runId)
    early.delete(runId)
    if (starting === 0) early.clear()
    if (before) take(runId, run, before)
  })
  const run = foldRun(await ended)
  const verdict = visibleValue(explainRun(run))
  const record = await recordOf(runId)
  const outcome = outcomeOfCause(verdict.cause)
  return {
    runId, outcome, cause: verdict.cause, headline: verdict.headline, elapsedMs: run.client?.atMs ?? run.nowMs, queueMs: run.queueLeft?.waitedMs ?? 0,
    scriptMs: run.stages.script_started && run.stages.script_finished ? run.stages.script_finished.atMs - run.stages.script_started.atMs : null, output: record ? exactOutputOf(record) : null, rounded: record?.outputText === null, completed: outcome === 'completed',
  }
}

async function recordOf(runId: string) {
  const until = performance.now() + recordPatienceMs
  for (;;) {
    const record = await call('runRecord', runId)
    if (record || performance.now() > until) return record
    await new Promise((resolve) => setTimeout(resolve, askEveryMs))
  }
}
