import type { ScriptError } from '../../shared/run/event.ts'
import type { Frame } from './frames.ts'
import { parseReport, type ReportMessage } from './messages.ts'
import type { ScriptSink } from './script-run.ts'
import type { openPythonSpan } from './script-spans.ts'
import type { StackFact } from './stacks/stack-messages.ts'

/** What the wrapper in the script's process has told so far. */
export interface ScriptReport {
  onFrame(frame: Frame): void
  readonly outputJson: string | null
  readonly error: ScriptError | null
  /** A kernel limit is in force, or why it is not; the run goes on either way. */
  osLimit(message: Extract<ReportMessage, { e: 'os_limit' }>): void
  /** OS limits in force, to be disarmed at the end. */
  readonly limitsInForce: Set<string>
}

/** Turns the wrapper's facts into events, each with its own instant, and keeps the result or the error. */
export function followReport(sink: ScriptSink, spans: ReturnType<typeof openPythonSpan>, msOf: (ns: number) => number, onAlive: (pid: number) => void, onStackFact: (fact: StackFact) => void): ScriptReport {
  const state = { outputJson: null as string | null, error: null as ScriptError | null, limitsInForce: new Set<string>() }
  const osLimit: ScriptReport['osLimit'] = ({ id, ok, reason }) => {
    if (ok) {
      state.limitsInForce.add(id)
      sink.emit({ type: 'limit_armed', limitId: id, deadlineMs: null })
    } else sink.emit({ type: 'limit_not_enforced', limitId: id, reason: reason ?? 'the system refused it' })
  }
  return {
    osLimit,
    get outputJson() { return state.outputJson },
    get error() { return state.error },
    limitsInForce: state.limitsInForce,
    onFrame(frame) {
      const message = parseReport(frame)
      if (!message) return
      switch (message.e) {
        case 'phase':
          // It may speak before the supervisor has told of it.
          if (message.pid !== undefined) onAlive(message.pid)
          spans.begin(message.name, msOf(message.t))
          return
        case 'os_limit': osLimit(message); return
        case 'samples': case 'stacks_off': case 'imported': case 'collected': case 'thread': case 'allocations': onStackFact(message); return
        case 'result':
          // Pure ASCII by construction: one byte is one character.
          state.outputJson = Buffer.from(frame.payload ?? []).toString('latin1')
          sink.emit({ type: 'script_result', bytes: message.bytes }, msOf(message.t))
          return
        case 'error': {
          const { e: _, t, ...error } = message
          state.error = error
          sink.emit({ type: 'script_error', error }, msOf(t))
          spans.fail(msOf(t))
        }
      }
    },
  }
}
