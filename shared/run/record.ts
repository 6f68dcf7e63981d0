import type { LayerId, StageId } from '../flow/layers.ts'
import type { BaseUnit } from '../limits/units.ts'
import type { Verdict } from '../verdict/verdict.ts'
import type { LogSource, RunEvent, SpanStatus, StackFrame } from './event.ts'
import type { JsonValue, RunPlan } from './plan.ts'
import type { StacksSummary } from '../stacks/summary.ts'

export interface Span { id: string; parentId: string | null; layer: LayerId; name: string; startMs: number; endMs: number | null; status: SpanStatus | 'open' }

/** A limit as the run knew it. `deadlineMs`: the instant on the run's clock at which it would have fired; null if it never counted. */
export interface RunLimit { id: string; value: number | null; unit: BaseUnit; origin: string; enforced: boolean; deadlineMs: number | null; fired: boolean; why_not_enforced?: string }

/** What `run --json` prints: `cutoff.run/1`. Users' scripts rely on these names. */
export interface RunRecord {
  schema: 'cutoff.run/1'
  id: string
  startedAt: string
  plan: RunPlan
  outcome: 'completed' | 'failed' | 'cut'
  /** What the client saw. */
  elapsedMs: number
  stages: { id: StageId; atMs: number | null; detail?: string }[]
  spans: Span[]
  client: { status: number | null; bytes: number; ended: 'fin' | 'rst' | 'aborted' | 'timeout'; error: string | null }
  script: {
    exitCode: number | null; signal: string | null; wallMs: number | null; cpuMs: number | null; maxRssBytes: number | null
    stdoutBytes: number; stderrBytes: number; lastStack: StackFrame[] | null
  }
  limits: RunLimit[]
  verdict: Verdict
  output: JsonValue
  /** What transform returned as its own text; absent where `output` writes the same numbers, null where it was too large to be kept and `output` rounds whole numbers. */
  outputText?: string | null
  log: { lines: number }
  stacks?: StacksSummary
}

/** What `--save` writes and a colleague opens: the record with everything it was derived from. */
export interface SavedRun {
  schema: 'cutoff.saved-run/1'; eventFormat: number; record: RunRecord; events: RunEvent[]; log: string[]
  /** Who wrote the lines and when: each entry holds from its line on until the next. Absent in the first saved runs. */
  logOrigins?: LogOrigin[]
  /** Of a log that was too long: these lines are empty, the first but for a note that says so; the others keep their numbers. */
  leftOut?: LeftOut
  /** Set when secrets were taken out. */
  redacted?: boolean
}
export interface LeftOut { from: number; lines: number }
export type LogOrigin = [line: number, atMs: number, source: LogSource]
