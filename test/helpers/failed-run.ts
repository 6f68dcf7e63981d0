import { explainRun } from '../../shared/verdict/index.ts'
import { foldRun, type Run } from '../../shared/run/fold-run.ts'
import type { ErrorBehind, RunEventBody, ScriptError } from '../../shared/run/event.ts'
import type { Verdict } from '../../shared/verdict/verdict.ts'
import { eventsOf, planWith } from './events.ts'

export type Fact = [number, RunEventBody]

/** An error behind another one; as if Python or native code had raised it. */
export const behind = (type: string, message: string, errno: number | null = null, raised = false): ErrorBehind => ({ type, message, errno, raised })

/** A run whose script failed with an error on line 4; as if Python or native code had raised it. */
export function runOf(limits: Record<string, number>, error: Partial<ScriptError>, ...facts: Fact[]): Run {
  const full: ScriptError = { phase: 'transform', type: 'RuntimeError', message: 'no', file: '/scripts/two_second_delay.py', line: 4, traceback: '', raised: false, causes: [], ...error }
  return foldRun(eventsOf(planWith(limits), [5, { type: 'process_started', pid: 1, python: 'python3', pythonVersion: '3.11.2', warm: true }], [40, { type: 'script_error', error: full }], ...facts,
    [42, { type: 'process_exited', leftovers: 0, exit: { exitCode: 1, signal: null, wallMs: 37, cpuMs: 10, maxRssBytes: 1e7 } }],
    [44, { type: 'client_ended', status: 500, bytes: 20, ended: 'fin', complete: true, error: null }], [50, { type: 'run_ended' }]))
}
/** What is said of such a run. */
export const verdictOf = (...run: Parameters<typeof runOf>): Verdict => explainRun(runOf(...run))
