import { constants } from 'node:os'
import type { LayerId } from '../../shared/flow/layers.ts'
import type { ProcessExit, ScriptError, SpanStatus } from '../../shared/run/event.ts'
import type { ScriptEnding } from './script-run.ts'

/** A kill of ours, as announced before it was done. */
export interface Intent { by: LayerId; limitId: string | null; reason: string }

/**
 * How the script ended, from what is known when it is gone. A kill of ours comes first: what was sent before it arrived is no answer any
 * more. A result counts only with exit code 0, as for every caller that looks at the exit code; sys.exit() is an exit, not an error.
 */
export function endingOf(known: { intent: Intent | null; outputJson: string | null; error: ScriptError | null; exit: ProcessExit }): ScriptEnding {
  const { intent, outputJson, error, exit } = known
  if (intent) return { kind: 'killed', ...intent, exit }
  if (outputJson !== null && exit.exitCode === 0) return { kind: 'completed', outputJson, exit }
  if (error && error.type !== 'SystemExit') return { kind: 'error', error, exit }
  return { kind: 'exited', exit }
}

/** The status of the spans that were open at the end. */
export function statusOfEnding(ending: ScriptEnding): SpanStatus {
  switch (ending.kind) {
    case 'completed': return 'ok'
    case 'killed': return ending.limitId === null ? 'canceled' : 'cut'
    case 'error': case 'exited': case 'spawn_failed': return 'error'
  }
}

// Some numbers have two names (SIGABRT, SIGIOT); the first is the one people know.
const signalNames = new Map(Object.entries(constants.signals).map(([name, number]): [number, string] => [number, name]).toReversed())

/** `SIGKILL` for 9; real-time signals, which have no name here, as `SIG62`. */
export function signalName(number: number | null): string | null {
  return number === null ? null : (signalNames.get(number) ?? `SIG${number}`)
}
