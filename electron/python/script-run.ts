import type { Emit, ProcessExit, ScriptError } from '../../shared/run/event.ts'
import type { StackSettings } from '../../shared/run/plan.ts'
import type { LayerId } from '../../shared/flow/layers.ts'

/** A deadline on the script's process. Held by the supervisor's clock, so a busy engine does not make it late. */
export interface ScriptDeadline {
  limitId: string
  /** Who acts when it passes. */
  by: LayerId
  /** Absolute, ms on the run's clock; or counted from the start of the script's process. */
  at: { runMs: number } | { afterStartMs: number }
}

/** Kernel limits for the script's process (tree); undefined = not set. */
export interface OsLimits {
  addressSpaceBytes?: number
  cpuTimeMs?: number
  openFiles?: number
  processes?: number
  fileSizeBytes?: number
  /** Of one core, for the whole tree: 500 = half a core. */
  cpuShareMillicores?: number
  /** cgroup memory limit of the tree; reported by `limit_not_enforced` where no cgroup is writable. */
  memoryBytes?: number
  /** The platform's memory, watched as resident memory of the tree. */
  platformMemoryBytes?: number
}

export interface ScriptRequest {
  runId: string
  /** The file Python compiles; tracebacks and stacks name `scriptName`'s path. */
  scriptPath: string
  /** Resolved interpreter (never a shim). */
  python: { path: string; version: string }
  /** JSON text handed to `transform`. */
  inputJson: string
  deadlines: ScriptDeadline[]
  os: OsLimits
  stacks: StackSettings
  /** The most a result may be, in bytes of JSON; default: what the runner takes (256 MB). */
  largestResultBytes?: number
  /** Working directory of the script; default the script's folder. */
  cwd?: string
}

/** How the script ended; facts, not blame. */
export type ScriptEnding =
  | { kind: 'completed'; outputJson: string; exit: ProcessExit }
  | { kind: 'error'; error: ScriptError; exit: ProcessExit }
  /** A deadline or a cancel of ours ended it: the intent says which. */
  | { kind: 'killed'; by: LayerId; limitId: string | null; reason: string; exit: ProcessExit }
  /** It ended without a result and without an intent of ours: os._exit, a signal, a crash. */
  | { kind: 'exited'; exit: ProcessExit }
  | { kind: 'spawn_failed'; error: string; code: string | null }

export interface ScriptOutput {
  stdoutBytes: number
  stderrBytes: number
  /** Last part of stderr, for messages. At most 64 KiB. */
  stderrTail: string
}

export interface ScriptRun {
  readonly pid: number | null
  /** Ends the whole tree. Idempotent; the first reason stays. */
  kill(by: LayerId, limitId: string | null, reason: string): void
  /** Settles when the tree is gone and the output is drained (bounded); never rejects. */
  readonly ended: Promise<{ ending: ScriptEnding; output: ScriptOutput }>
}

/** Where the runner reports: facts as events, output as raw chunks (for the log store). */
export interface ScriptSink {
  emit: Emit
  /** Raw bytes as they came; `atMs` on the run's clock. */
  output(stream: 'stdout' | 'stderr', chunk: Uint8Array, atMs: number): void
  /** Turns a monotonic instant (ns, `process.hrtime` / `time.monotonic_ns`) into ms on the run's clock. */
  runMsOf(monotonicNs: bigint): number
}

/** Starts scripts; keeps one spare supervisor warm per interpreter. */
export interface ScriptRunner {
  /** Loads what starting a process takes: tens of milliseconds that belong before the clock of a run. */
  load(): void
  start(request: ScriptRequest, sink: ScriptSink): ScriptRun
  /** Makes a spare ready for this interpreter; returns when it is (or could not be made). */
  warm(python: { path: string; version: string }): Promise<void>
  /** Ends every process of the runner, spares included. */
  close(): Promise<void>
}
