import type { EventOf, FieldValue, LogLevel } from '../../../shared/run/event.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Cancellation } from '../context.ts'
import { errorAnswer, jsonAnswer, type GatewayAnswer } from '../gateway/exchange.ts'
import type { ScriptEnding, ScriptOutput } from '../../python/script-run.ts'

/** What the connector makes of a script that has ended: its answer, its log lines, the stage's detail. */
export interface EndingReading {
  answer: GatewayAnswer
  detail: NonNullable<EventOf<'stage'>['detail']>
  logs: { level: LogLevel; message: string; fields: Record<string, FieldValue> }[]
}

/**
 * How the transformation service answers for each ending (Go: `cmd.Run` and `ctx.Err()`):
 * 200 with the script's JSON; 504 when its own context or python limit killed it; 500 for everything else.
 */
export function readEnding(ending: ScriptEnding, output: ScriptOutput, ranMs: number, canceled: Cancellation | null): EndingReading {
  const fields = { execution_time_ms: Math.round(ranMs), stdout_length: output.stdoutBytes, stderr_length: output.stderrBytes, has_error: ending.kind !== 'completed' }
  const completed = { level: 'info' as const, message: 'Python script execution completed', fields }
  const failed = (error: string): EndingReading => ({
    answer: errorAnswer(500, `python script execution failed: ${error}`), detail: 'failed',
    logs: [completed, { level: 'error', message: `Python script execution failed: ${error}`, fields: stderrOf(output) }],
  })
  switch (ending.kind) {
    case 'completed': return { answer: jsonAnswer(200, ending.outputJson), detail: 'completed', logs: [completed] }
    case 'error': return failed(ending.error.message === '' ? ending.error.type : `${ending.error.type}: ${ending.error.message}`)
    case 'exited': return failed(ending.exit.signal === null ? `exit status ${ending.exit.exitCode}` : `signal: ${goSignal(ending.exit.signal)}`)
    case 'spawn_failed': return failed(ending.error)
    case 'killed': return killed(ending, output, ranMs, fields, canceled)
  }
}

function killed(ending: Extract<ScriptEnding, { kind: 'killed' }>, output: ScriptOutput, ranMs: number, fields: Record<string, FieldValue>, canceled: Cancellation | null): EndingReading {
  const { limitId } = ending
  const elapsed = formatMs(ranMs).replace(' ', '')
  if (limitId === 'connector.context' || limitId === 'connector.python') {
    return {
      answer: errorAnswer(504, `python script execution timed out after ${elapsed}`), detail: 'timed_out',
      logs: [{ level: 'error', message: 'Python script execution timed out', fields: { execution_time_ms: Math.round(ranMs), stderr: output.stderrTail.slice(-2000), limit: limitId } }],
    }
  }
  if (limitId === 'wrapper.timeout') {
    return {
      answer: errorAnswer(500, `python script execution failed: the wrapper's time limit was reached after ${elapsed}`), detail: 'timed_out',
      logs: [{ level: 'info', message: 'Python script execution completed', fields }, { level: 'error', message: 'Python script execution failed: the wrapper ended the script', fields: { limit: limitId, ...stderrOf(output) } }],
    }
  }
  // Somebody further out ended it: to the service it is a process that was killed. This is what reads like an OOM kill.
  return {
    answer: errorAnswer(500, `python script execution failed: signal: killed${canceled ? ` (${canceled.error})` : ''}`), detail: 'killed',
    logs: [{ level: 'error', message: 'Python script execution failed: signal: killed', fields: { ...fields, ...(limitId === null ? {} : { limit: limitId }), ...stderrOf(output) } }],
  }
}

function stderrOf(output: ScriptOutput): Record<string, FieldValue> {
  return output.stderrTail === '' ? {} : { stderr: output.stderrTail.slice(-2000) }
}

/** Go's names for signals, as they stand in its error texts. */
function goSignal(signal: string): string {
  return { SIGKILL: 'killed', SIGTERM: 'terminated', SIGSEGV: 'segmentation fault', SIGABRT: 'aborted', SIGINT: 'interrupt', SIGXCPU: 'CPU time limit exceeded', SIGXFSZ: 'file size limit exceeded', SIGBUS: 'bus error', SIGFPE: 'floating point exception', SIGILL: 'illegal instruction', SIGHUP: 'hangup', SIGPIPE: 'broken pipe' }[signal] ?? signal.toLowerCase()
}
