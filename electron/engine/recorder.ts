import { applyEvent, emptyRun, type Run } from '../../shared/run/fold-run.ts'
import type { Emit, FieldValue, LogLevel, LogSource, RunEvent, RunEventBody } from '../../shared/run/event.ts'

/** Numbers and keeps a run's facts, folds them as they come, and passes them on. */
export interface Recorder {
  readonly run: Run
  readonly events: RunEvent[]
  emit: Emit
  /** A message of the flow: a line of the log and an event that evidence can point to. */
  log(source: LogSource, level: LogLevel, message: string, fields?: Record<string, FieldValue>): void
}

/** `appendMessage` writes into the run's log and returns the number of the line. */
export function createRecorder(options: {
  nowMs: () => number
  appendMessage: (row: { source: LogSource; level: LogLevel; message: string; fields: Record<string, FieldValue>; atMs: number }) => number
  onEvent: (event: RunEvent) => void
}): Recorder {
  const run = emptyRun()
  const emit = (body: RunEventBody, atMs?: number): RunEvent => {
    const event: RunEvent = { ...body, seq: run.events.length, atMs: atMs ?? options.nowMs() }
    applyEvent(run, event)
    options.onEvent(event)
    return event
  }
  return {
    run, events: run.events, emit,
    log(source, level, message, fields = {}) {
      const atMs = options.nowMs()
      const line = options.appendMessage({ source, level, message, fields, atMs })
      emit({ type: 'log', line, source, level, message, fields }, atMs)
    },
  }
}
