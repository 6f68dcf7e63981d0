import type { EventOf, FieldValue, RunEvent, RunEventBody } from '../../../shared/run/event.ts'
import type { StackSettings } from '../../../shared/run/plan.ts'
import type { OsLimits, ScriptDeadline, ScriptRequest, ScriptRunner, ScriptSink } from '../../python/script-run.ts'
import type { Cancellation, RequestContext } from '../context.ts'
import type { FlowRun } from '../flow-run.ts'
import { errorAnswer, type GatewayAnswer, type GatewayRequest, type Handle } from '../gateway/exchange.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import { readEnding } from './ending-answers.ts'
import { waitForTurn } from './wait-turn.ts'
import type { Slots } from '../queue.ts'

/** What the checks before a script found. Each is reported as an event; `logs` are lines of the connector. */
export type Preflight = {
  checks: Omit<EventOf<'check'>, 'type' | 'seq' | 'atMs'>[]
  logs: { level: 'info' | 'warn' | 'error'; message: string; fields?: Record<string, FieldValue> }[]
} & (
  | { ok: true; python: { path: string; version: string; /** as it was called: `python3` */ command: string }; scriptPath: string; /** for the log; default scriptPath */ scriptLabel?: string; cwd?: string }
  /** The request is answered 500 with this error. */
  | { ok: false; error: string }
)

export interface ConnectorOptions {
  runId: string
  preflight(): Promise<Preflight>
  slots: Slots
  runner: ScriptRunner
  /** Raw output of the script, for the log. */
  output: ScriptSink['output']
  os: OsLimits
  stacks: StackSettings
}

/**
 * The transformation service: checks, queue, script, answer. Its context counts from its own start and covers the queue;
 * its python limit counts from the start of the script.
 *
 *     connector_started   queue_left   script_started          script_finished
 *       |----- checks -----|--- queue ---|--------- script -------|
 *       |------------------------ connector.context ------------------------
 *                          |-- .queue ---|---- connector.python, wrapper.timeout ----
 */
export function createConnector(run: FlowRun, options: ConnectorOptions): Handle {
  return (request, parent) => serve(run, options, request, parent)
}

async function serve(run: FlowRun, options: ConnectorOptions, request: GatewayRequest, parent: RequestContext): Promise<GatewayAnswer> {
  const { clock, emit, log, spans } = run
  const limits = limitsOfLayer(run, 'connector')
  const context = parent.child()
  const startedMs = clock.nowMs()
  const span = spans.start('connector', 'connector', 'transformation service', 'gateway')
  emit({ type: 'stage', stage: 'connector_started' })
  const deadline = limits.watch('context', 'context deadline exceeded', () => {
    if (context.cancel('connector', { kind: 'limit', limitId: limits.idOf('context') })) {
      emit({ type: 'context_canceled', layer: 'connector', cause: 'limit', limitId: limits.idOf('context'), error: 'context deadline exceeded' })
    }
  }, { fromMs: startedMs })
  const answered = (answer: GatewayAnswer, status: 'ok' | 'error' | 'cut' | 'canceled') => {
    deadline.disarm()
    span.end(status)
    return answer
  }

  const ready = await options.preflight()
  for (const check of ready.checks) emit({ type: 'check', ...check })
  for (const { level, message, fields } of ready.logs) log('connector', level, message, fields)
  if (!ready.ok) return answered(errorAnswer(500, ready.error), 'error')

  const turn = await waitForTurn(run, options.slots, context)
  if (!turn.ok) return turn.canceled ? answered(canceledAnswer(run, turn.canceled), 'canceled') : answered(turn.answer, 'cut')
  try {
    // From here the supervisor holds the deadline, beside the process it is about.
    deadline.handOver()
    const started = deadlinesOf(run, startedMs)
    const largest = limits.valueOf('output')
    if (largest !== null) emit({ type: 'limit_armed', limitId: limits.idOf('output'), deadlineMs: null })
    log('connector', 'info', 'Starting Python script execution', {
      script_path: ready.scriptLabel ?? ready.scriptPath, python_cmd: ready.python.command, timeout_seconds: secondsOf(limits.valueOf('context') ?? limits.valueOf('python')),
    })
    const { ending, output, ranMs } = await runScript(run, options, context, {
      runId: options.runId, scriptPath: ready.scriptPath, python: ready.python, inputJson: request.body.toString('utf8'), deadlines: started, os: options.os, stacks: options.stacks,
      ...(ready.cwd === undefined ? {} : { cwd: ready.cwd }), ...(largest === null ? {} : { largestResultBytes: largest }),
    })
    if (ending.kind === 'error' && ending.error.type === 'OutputLimit') emit({ type: 'limit_fired', limitId: limits.idOf('output'), effect: 'acted', passedAtMs: null, action: 'dropped the result' })
    const reading = readEnding(ending, output, ranMs, context.ended)
    for (const { level, message, fields } of reading.logs) log('connector', level, message, fields)
    if (reading.answer.status === 504) emit({ type: 'answered', layer: 'connector', hop: 0, status: 504, reason: 'python script execution timed out' })
    span.end(ending.kind === 'completed' ? 'ok' : ending.kind === 'killed' ? (ending.limitId === null ? 'canceled' : 'cut') : 'error')
    return reading.answer
  } finally {
    turn.leave()
  }
}

/** The deadlines on the script's process, with who acts when they pass. */
function deadlinesOf(run: FlowRun, connectorStartedMs: number): ScriptDeadline[] {
  const connector = limitsOfLayer(run, 'connector')
  const contextMs = connector.valueOf('context')
  const pythonMs = connector.valueOf('python')
  const wrapperMs = limitsOfLayer(run, 'wrapper').valueOf('timeout')
  return [
    ...(contextMs === null ? [] : [{ limitId: 'connector.context', by: 'connector' as const, at: { runMs: connectorStartedMs + contextMs } }]),
    ...(pythonMs === null ? [] : [{ limitId: 'connector.python', by: 'connector' as const, at: { afterStartMs: pythonMs } }]),
    ...(wrapperMs === null ? [] : [{ limitId: 'wrapper.timeout', by: 'wrapper' as const, at: { afterStartMs: wrapperMs } }]),
  ]
}

/** Runs the script, stamps its two stages, and kills it when the context ends. */
async function runScript(run: FlowRun, options: ConnectorOptions, context: RequestContext, request: ScriptRequest) {
  const { emit, clock } = run
  let startedMs = clock.nowMs()
  let finishedMs: number | null = null
  const follow = (body: RunEventBody, atMs?: number): RunEvent => {
    const event = emit(body, atMs)
    if (body.type === 'process_started') {
      startedMs = event.atMs
      emit({ type: 'stage', stage: 'script_started' }, startedMs)
    }
    if (body.type === 'process_exited') finishedMs = event.atMs
    return event
  }
  const script = options.runner.start(request, { emit: follow, output: options.output, runMsOf: clock.runMsOf })
  const letGo = context.onEnd((cancellation) => script.kill('connector', null, cancellation.error))
  const { ending, output } = await script.ended
  letGo()
  const endMs = finishedMs ?? clock.nowMs()
  const reading = readEnding(ending, output, endMs - startedMs, context.ended)
  if (ending.kind !== 'spawn_failed') emit({ type: 'stage', stage: 'script_finished', detail: reading.detail }, endMs)
  return { ending, output, ranMs: endMs - startedMs }
}

/** The context ended before a script was started. */
function canceledAnswer({ emit, log }: FlowRun, { cause, error }: Cancellation): GatewayAnswer {
  log('connector', 'error', `request ended before a script was started: ${error}`, cause.limitId === null ? {} : { limit: cause.limitId })
  if (cause.limitId !== 'connector.context') return errorAnswer(500, error)
  emit({ type: 'answered', layer: 'connector', hop: 0, status: 504, reason: error })
  return errorAnswer(504, error)
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
