import type { Emit, SpanStatus } from '../../shared/run/event.ts'

export type SubStage = 'interpreter' | 'load' | 'transform' | 'serialise' | 'exit' | 'replaced'

/**
 * The `python` span and its sub-stages, one open at a time:
 *
 *     python       |-----------------------------------------|
 *     interpreter  |----|
 *     load              |--|
 *     transform            |--------------------------|
 *     serialise                                       |-|
 *     exit                                              |----|
 *
 * A program that exec put in the place of Python is the last of them.
 */
export function openPythonSpan(emit: Emit, atMs: number, interpreterName: string): {
  begin(stage: SubStage, atMs: number): void
  /** An exception ended the present sub-stage: what follows (its traceback, leaving) is `exit`. */
  fail(atMs: number): void
  /** exec put another program in the place of Python: nothing of the script goes on in it. */
  replace(program: string, atMs: number): void
  end(status: SpanStatus, atMs: number): void
} {
  let current: SubStage | null = null
  let currentFrom = atMs
  const begin = (stage: SubStage, at: number, name: string = stage, before: SpanStatus = 'ok'): void => {
    if (stage === current) return
    const from = Math.max(at, currentFrom)
    if (current) emit({ type: 'span_ended', spanId: `python.${current}`, status: before }, from)
    emit({ type: 'span_started', spanId: `python.${stage}`, parentId: 'python', layer: 'script', name }, from)
    current = stage
    currentFrom = from
  }
  emit({ type: 'span_started', spanId: 'python', parentId: 'connector', layer: 'script', name: 'python' }, atMs)
  begin('interpreter', atMs, interpreterName)
  return {
    begin: (stage, at) => begin(stage, at),
    fail: (at) => begin('exit', at, 'exit', 'error'),
    replace(program, at) {
      if (current === 'replaced') {
        emit({ type: 'span_ended', spanId: 'python.replaced', status: 'ok' }, Math.max(at, currentFrom))
        current = null
      }
      begin('replaced', at, `replaced by ${program}`)
    },
    end(status, at) {
      const to = Math.max(at, currentFrom)
      // What was going on when it ended has the run's status; leaving after an error is not an error of its own.
      if (current) emit({ type: 'span_ended', spanId: `python.${current}`, status: current === 'exit' && status === 'error' ? 'ok' : status }, to)
      emit({ type: 'span_ended', spanId: 'python', status }, to)
      current = null
    },
  }
}
