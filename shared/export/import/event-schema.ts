import * as v from 'valibot'
import { layerIds, stageIds } from '../../flow/layers.ts'
import { runPlan } from '../../bridge/schemas.ts'
import type { LogSource, RunEvent, StackState } from '../../run/event.ts'

/**
 * The events of a saved run, checked before anything draws them. Fields that are not named here pass: what a later version adds
 * within the same format is kept.
 */
const num = v.pipe(v.number(), v.finite())
const str = v.string()
const bool = v.boolean()
const nullable = v.nullable
const fieldValue = v.union([str, num, bool, v.null()])
const fields = v.record(str, fieldValue)
const layer = v.picklist(layerIds)
export const stackStates = ['computing', 'sleep', 'socket', 'file', 'lock', 'child', 'waiting', 'throttled'] as const satisfies readonly StackState[]
const stackState = v.nullable(v.picklist(stackStates))
const frame = v.looseObject({ file: str, line: num, function: str, locals: v.optional(v.record(str, str)) })
const message = { headers: v.array(v.looseObject({ name: str, value: str })), headBytes: num, bodyBytes: num }
const sentRequest = v.looseObject(message)
const receivedResponse = v.looseObject({ ...message, version: str, reason: str })
const memoryAtError = v.looseObject({
  asked: nullable(num), used: nullable(num), limit: nullable(num), otherProcess: bool, machine: nullable(v.looseObject({ memory: num, swap: num, overcommit: num, commitLimit: num, committed: num })),
})
const leftAtError = v.looseObject({ descriptorLimit: nullable(num), openDescriptors: nullable(num), noDescriptorLeft: bool, fileSizeLimit: nullable(num), largestFile: nullable(num), freeBytes: nullable(num) })

/** Which schemas stand for which event: a type that is missing here, or a field that has another type, does not compile. */
type EventSchemas = { [T in RunEvent['type']]: v.GenericSchema<unknown, Omit<Extract<RunEvent, { type: T }>, 'seq' | 'atMs'>> }

const event = <const T extends RunEvent['type'], E extends v.ObjectEntries>(type: T, entries: E) => v.looseObject({ type: v.literal(type), ...entries })

export const logSources = [...layerIds.filter((id) => id !== 'script'), 'stdout', 'stderr', 'cutoff'] as const satisfies readonly LogSource[]

export const eventSchemas: EventSchemas = {
  run_started: event('run_started', { runId: str, startedAt: str, plan: runPlan, version: str }),
  check: event('check', { name: str, ok: bool, detail: str, fields: v.optional(fields) }),
  stage: event('stage', { stage: v.picklist(stageIds), detail: v.optional(v.picklist(['completed', 'failed', 'timed_out', 'killed'])) }),
  span_started: event('span_started', { spanId: str, parentId: nullable(str), layer, name: str }),
  span_ended: event('span_ended', { spanId: str, status: v.picklist(['ok', 'error', 'cut', 'canceled']) }),
  limit_armed: event('limit_armed', { limitId: str, deadlineMs: nullable(num) }),
  limit_disarmed: event('limit_disarmed', { limitId: str }),
  limit_not_enforced: event('limit_not_enforced', { limitId: str, reason: str }),
  limit_fired: event('limit_fired', { limitId: str, effect: v.picklist(['acted', 'late']), passedAtMs: nullable(num), action: str }),
  fault_injected: event('fault_injected', { fault: str, action: str, place: str }),
  context_canceled: event('context_canceled', { layer, cause: v.picklist(['client_gone', 'limit', 'user_stop', 'engine_stop']), limitId: nullable(str), error: str }),
  stop_requested: event('stop_requested', {}),
  connection_ended: event('connection_ended', {
    layer, hop: num, side: v.picklist(['downstream', 'upstream']), by: v.picklist(['peer', 'self']), how: v.picklist(['fin', 'rst', 'timeout', 'refused', 'unreachable']),
    bytes: num, complete: bool, error: nullable(str),
  }),
  answered: event('answered', { layer, hop: num, status: num, reason: str }),
  client_ended: event('client_ended', { status: nullable(num), bytes: num, ended: v.picklist(['fin', 'rst', 'aborted', 'timeout']), complete: bool, error: nullable(str), request: v.optional(nullable(sentRequest)), response: v.optional(nullable(receivedResponse)) }),
  proxy_log: event('proxy_log', { hop: num, product: v.picklist(['nginx', 'haproxy', 'builtin']), kind: v.picklist(['access', 'error']), line: str, fields }),
  queue_entered: event('queue_entered', { waiting: num, running: num, concurrency: num }),
  queue_left: event('queue_left', { waitedMs: num }),
  process_started: event('process_started', { pid: num, python: str, pythonVersion: str, warm: bool }),
  kill_intent: event('kill_intent', { by: layer, limitId: nullable(str), reason: str, signal: str }),
  process_replaced: event('process_replaced', { program: str, command: nullable(str), by: v.picklist(['path', 'name']) }),
  children_at_cut: event('children_at_cut', { children: v.array(v.looseObject({ pid: num, program: nullable(str), command: nullable(str), state: stackState })) }),
  process_exited: event('process_exited', {
    exit: v.looseObject({ exitCode: nullable(num), signal: nullable(str), wallMs: num, cpuMs: nullable(num), maxRssBytes: nullable(num) }), leftovers: num,
  }),
  script_error: event('script_error', {
    error: v.looseObject({
      phase: v.picklist(['read', 'compile', 'import', 'find_transform', 'transform', 'serialise']), type: str, message: str, file: nullable(str), line: nullable(num), traceback: str,
      errno: v.optional(nullable(num)), detail: v.optional(nullable(str)), raised: v.optional(nullable(bool)), cpuSignal: v.optional(bool), addressSpacePeak: v.optional(nullable(num)), memory: v.optional(nullable(memoryAtError)), left: v.optional(nullable(leftAtError)), hidden: v.optional(v.array(str)),
      causes: v.optional(v.array(v.looseObject({ type: str, message: str, errno: nullable(num), raised: nullable(bool) }))),
    }),
  }),
  script_result: event('script_result', { bytes: num }),
  kernel_counter: event('kernel_counter', { name: str, delta: num }),
  stack: event('stack', {
    reason: v.picklist(['cut', 'last_sample']), frames: v.array(frame), threads: v.array(v.looseObject({ name: str, frames: v.array(frame) })), state: stackState, ageMs: num,
    method: v.picklist(['external', 'thread', 'faulthandler']),
  }),
  stack_samples: event('stack_samples', {
    method: v.picklist(['external', 'thread']), samples: v.array(v.looseObject({ atMs: num, thread: num, stack: num, state: v.nonNullable(stackState), pid: v.optional(num) })),
    torn: v.optional(num), lost: v.optional(num), threads: v.optional(v.array(v.tuple([num, str]))),
    tables: v.optional(v.looseObject({ firstFrame: num, frames: v.array(v.tuple([str, str, num])), firstStack: num, stacks: v.array(v.array(num)) })),
  }),
  stacks_off: event('stacks_off', { reason: str }),
  reading: event('reading', { cpuMs: num, rssBytes: num, addressSpaceBytes: num, processes: num, threads: num, throttledMs: v.optional(num) }),
  log: event('log', { line: num, source: v.picklist(logSources), level: v.picklist(['debug', 'info', 'warn', 'error']), message: str, fields }),
  output: event('output', { stdoutBytes: num, stderrBytes: num, lines: num }),
  garbage_collected: event('garbage_collected', { generation: num, durationMs: num }),
  imported: event('imported', { module: str, startMs: num, selfMs: num, totalMs: num, depth: num }),
  allocations: event('allocations', { lines: v.array(v.looseObject({ file: str, line: num, bytes: num, count: num })) }),
  run_ended: event('run_ended', {}),
}

/** What every event has. */
export const eventHead = v.looseObject({ type: str, seq: v.pipe(num, v.integer(), v.minValue(0)), atMs: num })
