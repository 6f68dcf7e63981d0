import type { LayerId, StageId } from '../flow/layers.ts'
import type { LimitSetting, RunPlan } from './plan.ts'

/**
 * A run is an append-only list of these facts; spans, charts and verdicts are functions of it.
 * `atMs` is milliseconds on the run's one monotonic clock (0 = the client starts to connect).
 * Version 1 of the stored format.
 */
export type RunEvent = RunEventBody & { readonly seq: number; readonly atMs: number }
export const eventFormatVersion = 1

export type SpanStatus = 'ok' | 'error' | 'cut' | 'canceled'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
/** Who wrote a log line. `script` lines carry the stream instead: `stdout`, `stderr`. */
export type LogSource = 'client' | 'network' | 'proxy' | 'gateway' | 'connector' | 'wrapper' | 'os' | 'platform' | 'stdout' | 'stderr' | 'cutoff'
export type FieldValue = string | number | boolean | null

export interface StackFrame { file: string; line: number; function: string; locals?: Record<string, string> }
export type StackState = 'computing' | 'sleep' | 'socket' | 'file' | 'lock' | 'child' | 'waiting' | 'throttled'

/** How a process ended. `exitCode` and `signal` are never both set. */
export interface ProcessExit {
  exitCode: number | null
  signal: string | null
  /** From start of the process to its end. */
  wallMs: number
  /** User and system time of the whole tree, from wait4. Null where the platform cannot tell. */
  cpuMs: number | null
  maxRssBytes: number | null
}

/** An error the script (or its wrapper) raised, in the terms of Python. */
export interface ScriptError {
  /** Where in the wrapper's work: reading, compiling, importing, looking for transform, calling it, turning its result into JSON. */
  phase: 'read' | 'compile' | 'import' | 'find_transform' | 'transform' | 'serialise'
  type: string
  message: string
  file: string | null
  line: number | null
  traceback: string
  errno?: number | null
  /** Values near the error that explain it: path of what JSON cannot hold, the faulty source line. */
  detail?: string | null
  /** Did a `raise` statement make it (true), or Python or native code? Null where that cannot be told. */
  raised?: boolean | null
  /** What stands behind it, nearest first: causes, what was being handled when it was raised, members of an exception group. */
  causes?: ErrorBehind[]
  /** It comes from the script's own handler of SIGXCPU. */
  cpuSignal?: boolean
  /** Of an error for want of memory: the most address space (bytes) the process ever had. */
  addressSpacePeak?: number | null
  memory?: MemoryAtError | null
  left?: LeftAtError | null
  /** Standard modules in whose place a file beside the script was loaded. */
  hidden?: string[]
}

/** What was known when a request for memory had been refused; all in bytes, null where it cannot be told. */
export interface MemoryAtError {
  /** What the failed expression had asked for in one piece, at least. 0: nothing; Python's parser says MemoryError of what is nested too deep. */
  asked: number | null
  /** The address space of the process when the error was told. */
  used: number | null
  /** RLIMIT_AS as it stood then, whoever set it; null: none. */
  limit: number | null
  /** It was refused to a process of a pool, and the error was passed on from there. */
  otherProcess: boolean
  machine: MachineMemory | null
}

/** What the machine grants anybody: /proc/meminfo, and vm.overcommit_memory (0 heuristic, 1 always, 2 never beyond the commit limit; proc(5)). */
export interface MachineMemory { memory: number; swap: number; overcommit: number; commitLimit: number; committed: number }

/** What was left when an error was told of what the kernel counts; null where it cannot be told. */
export interface LeftAtError {
  /** RLIMIT_NOFILE as it stood then, whoever set it. */
  descriptorLimit: number | null
  openDescriptors: number | null
  /** The kernel refused one more descriptor. */
  noDescriptorLeft: boolean
  /** Looked at only for errors that speak of writing, in bytes: RLIMIT_FSIZE, the largest file that was open for writing, the least that a file system of those files had left. */
  fileSizeLimit: number | null
  largestFile: number | null
  freeBytes: number | null
}

/** A header field, name as written. */
export interface HeaderField { name: string; value: string }
/** The client's request as it went out; bytes as they stood on the wire. */
export interface SentRequest { headers: HeaderField[]; headBytes: number; bodyBytes: number }
/** The head of the answer that the client got; `bodyBytes`: as much of the body as came, without the framing of chunks. */
export interface ReceivedResponse { version: string; reason: string; headers: HeaderField[]; headBytes: number; bodyBytes: number }

/** A process that the script had started. */
export interface ChildAtCut { pid: number; program: string | null; command: string | null; state: StackState | null }

/** An error behind another one. */
export interface ErrorBehind { type: string; message: string; errno: number | null; raised: boolean | null }

export type RunEventBody =
  | { type: 'run_started'; runId: string; startedAt: string; plan: RunPlan; version: string }
  /** A check before the flow accepts the script: interpreter, file, syntax. */
  | { type: 'check'; name: string; ok: boolean; detail: string; fields?: Record<string, FieldValue> }
  | { type: 'stage'; stage: StageId; detail?: 'completed' | 'failed' | 'timed_out' | 'killed' }
  | { type: 'span_started'; spanId: string; parentId: string | null; layer: LayerId; name: string }
  | { type: 'span_ended'; spanId: string; status: SpanStatus }
  /** A real timer or kernel limit is in force from now on; `deadlineMs` null where it is not a clock. */
  | { type: 'limit_armed'; limitId: string; deadlineMs: number | null }
  /** What it watched is over; it can no longer fire. */
  | { type: 'limit_disarmed'; limitId: string }
  | { type: 'limit_not_enforced'; limitId: string; reason: string }
  /**
   * A limit acted. `effect` `acted`: it did something at this instant. `late`: it had passed (at `passedAtMs`) and showed only now (Go's WriteTimeout).
   */
  | { type: 'limit_fired'; limitId: string; effect: 'acted' | 'late'; passedAtMs: number | null; action: string }
  | { type: 'fault_injected'; fault: string; action: string; place: string }
  /** A request's context ended. `cause` is Go's wording: `context canceled`, `context deadline exceeded`. */
  | { type: 'context_canceled'; layer: LayerId; cause: 'client_gone' | 'limit' | 'user_stop' | 'engine_stop'; limitId: string | null; error: string }
  /** The user pressed Stop. */
  | { type: 'stop_requested' }
  /** A layer saw one of its connections end. `side`: towards the client (`downstream`) or the script (`upstream`); `by`: who ended it. */
  | { type: 'connection_ended'; layer: LayerId; hop: number; side: 'downstream' | 'upstream'; by: 'peer' | 'self'; how: 'fin' | 'rst' | 'timeout' | 'refused' | 'unreachable'; bytes: number; complete: boolean; error: string | null }
  /** A layer answered its client by itself (an error page) instead of passing an answer on. */
  | { type: 'answered'; layer: LayerId; hop: number; status: number; reason: string }
  /** `request`, `response`: null where nothing of it was sent or came; missing in events of older versions. */
  | { type: 'client_ended'; status: number | null; bytes: number; ended: 'fin' | 'rst' | 'aborted' | 'timeout'; complete: boolean; error: string | null; request?: SentRequest | null; response?: ReceivedResponse | null }
  /** A real proxy's own log line, read as evidence. */
  | { type: 'proxy_log'; hop: number; product: 'nginx' | 'haproxy' | 'builtin'; kind: 'access' | 'error'; line: string; fields: Record<string, FieldValue> }
  | { type: 'queue_entered'; waiting: number; running: number; concurrency: number }
  | { type: 'queue_left'; waitedMs: number }
  | { type: 'process_started'; pid: number; python: string; pythonVersion: string; warm: boolean }
  /** Written before the signal is sent, so a kill of ours is never mistaken for somebody else's. */
  | { type: 'kill_intent'; by: LayerId; limitId: string | null; reason: string; signal: string }
  /**
   * exec had put another program in the place of Python by then. `program`: path of its executable, or only the `name` the kernel gave the process,
   * found when it had ended already. `command`: its arguments.
   */
  | { type: 'process_replaced'; program: string; command: string | null; by: 'path' | 'name' }
  /** What else of the run was alive at the cut, or when the script had ended by itself. `program` null: a fork of the script itself. */
  | { type: 'children_at_cut'; children: ChildAtCut[] }
  | { type: 'process_exited'; exit: ProcessExit; leftovers: number }
  | { type: 'script_error'; error: ScriptError }
  | { type: 'script_result'; bytes: number }
  /** A counter of the kernel that proves or excludes a cause: cgroup `oom_kill`, vmstat `oom_kill`, `pids.events`. Difference over the run. */
  | { type: 'kernel_counter'; name: string; delta: number }
  /** Where the script was. `reason`: at the cut, or the last sample when the process was already gone (`ageMs`). */
  | { type: 'stack'; reason: 'cut' | 'last_sample'; frames: StackFrame[]; threads: { name: string; frames: StackFrame[] }[]; state: StackState | null; ageMs: number; method: 'external' | 'thread' | 'faulthandler' }
  /** `torn`, `lost`: readings made again and samples given up, since the start. `threads`: [thread, name] as far as they are new. */
  | { type: 'stack_samples'; method: 'external' | 'thread'; samples: StackSample[]; tables?: StackTables; torn?: number; lost?: number; threads?: [number, string][] }
  | { type: 'stacks_off'; reason: string }
  | { type: 'reading'; cpuMs: number; rssBytes: number; addressSpaceBytes: number; processes: number; threads: number; throttledMs?: number }
  /** A message of the flow itself (also a line of the log). Script output is in the log only. */
  | { type: 'log'; line: number; source: LogSource; level: LogLevel; message: string; fields: Record<string, FieldValue> }
  | { type: 'output'; stdoutBytes: number; stderrBytes: number; lines: number }
  | { type: 'garbage_collected'; generation: number; durationMs: number }
  | { type: 'imported'; module: string; startMs: number; selfMs: number; totalMs: number; depth: number }
  | { type: 'allocations'; lines: { file: string; line: number; bytes: number; count: number }[] }
  | { type: 'run_ended' }

/** Samples are compact: `stack` indexes `tables.stacks`; tables grow, each event carries only what is new. */
export interface StackSample { atMs: number; thread: number; stack: number; state: StackState; pid?: number }
export interface StackTables {
  /** [file, function, line] triples, numbered from `firstFrame`. */
  firstFrame: number; frames: [string, string, number][]
  /** Frame indexes, innermost first, numbered from `firstStack`. */
  firstStack: number; stacks: number[][]
}

export type EventOf<T extends RunEventBody['type']> = Extract<RunEvent, { type: T }>
/** How a layer reports a fact; `atMs` only where the fact is older than the call. */
export type Emit = (body: RunEventBody, atMs?: number) => RunEvent
export type { LimitSetting }
