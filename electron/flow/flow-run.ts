import type { Emit, FieldValue, LogLevel, LogSource } from '../../shared/run/event.ts'
import type { LimitSetting } from '../../shared/run/plan.ts'
import type { RunClock } from './clock.ts'
import { createSpans, type Spans } from './spans.ts'

/** Writes one line of the flow's own log. */
export type FlowLog = (source: LogSource, level: LogLevel, message: string, fields?: Record<string, FieldValue>) => void

/** What every layer of one run shares: where facts go, what time it is, which limits the plan sets. */
export interface FlowRun {
  readonly clock: RunClock
  readonly emit: Emit
  readonly log: FlowLog
  readonly spans: Spans
  readonly limits: readonly LimitSetting[]
}

export function createFlowRun(parts: { clock: RunClock; emit: Emit; log: FlowLog; limits: readonly LimitSetting[] }): FlowRun {
  return { ...parts, spans: createSpans(parts.emit) }
}
