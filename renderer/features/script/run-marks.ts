import type { Run } from '../../../shared/run/fold-run.ts'
import { isOwnFile, segmentAt, type Stacks } from '../../state/stacks.ts'
import { groupedOf } from '../../ui/numbers.ts'

/** What the run says about one line of the script. */
export interface LineMark {
  /** `hot`: it ran at the cut. `caller`: it had called that. `error`: the exception came from here. `here`: it runs now. */
  kind: 'hot' | 'caller' | 'error' | 'here' | null
  /** A word at the end of the line. */
  tag: string
  /** Time seen on this line: its text, and its share of the longest, 0..1. */
  time: string
  share: number
}
/** Error text that stands under its line. */
export interface LineError { line: number; title: string; text: string }
export interface RunMarks { lines: Map<number, LineMark>; error: LineError | null }

/** Marks of a run for its script. `nowMs`: while running, or the instant under the pointer (null: nothing moves). Pure. */
export function runMarks(run: Run, stacks: Stacks, live: boolean, pointedMs: number | null, cut: boolean): RunMarks {
  const lines = new Map<number, LineMark>()
  const mark = (line: number, change: Partial<LineMark>) => lines.set(line, { kind: null, tag: '', time: '', share: 0, ...lines.get(line), ...change })
  const longest = Math.max(...stacks.lineMs.values(), 0)
  for (const [line, ms] of stacks.lineMs) mark(line, { time: ms < 1 ? '' : ms < 10 ? groupedOf(ms, 1) : ms < 10_000 ? groupedOf(ms) : `${(ms / 1000).toFixed(1)} s`, share: longest > 0 ? ms / longest : 0 })
  const error = run.scriptError?.error
  const errorLine = error && error.line !== null && (error.file === null || isOwnFile(run, error.file)) ? error.line : null
  if (error && errorLine !== null) mark(errorLine, { kind: 'error', tag: '' })
  if (cut && run.stack && errorLine === null) {
    const own = run.stack.frames.filter((frame) => isOwnFile(run, frame.file))
    for (const [index, frame] of own.entries()) if (index > 0) mark(frame.line, { kind: 'caller' })
    if (own[0]) mark(own[0].line, { kind: 'hot', tag: run.stack.reason === 'cut' ? 'running at the cut' : 'last seen here' })
  }
  const segment = live ? stacks.segments.at(-1) : pointedMs === null ? undefined : segmentAt(stacks, pointedMs)
  const here = segment && segment.own >= 0 ? segment.frames[segment.own] : undefined
  if (here && (live || lines.get(here.line)?.kind === undefined || lines.get(here.line)?.kind === null)) mark(here.line, { kind: live ? 'here' : null, tag: live ? 'here now' : pointedMs === null ? '' : `at ${groupedOf(pointedMs)} ms` })
  return { lines, error: error && errorLine !== null ? { line: errorLine, title: `${error.type}: ${error.message}`, text: isLineItself(run, errorLine, error.detail) ? '' : error.detail ?? '' } : null }
}

/** Does what explains an error only repeat the line above it? */
function isLineItself(run: Run, line: number, detail: string | null | undefined): boolean {
  return detail != null && run.plan?.script.text?.split('\n')[line - 1]?.trim() === detail.trim()
}

/** Would both look the same in the editor? */
export function areSameMarks(one: RunMarks, other: RunMarks): boolean {
  return one.lines.size === other.lines.size && one.error?.line === other.error?.line && one.error?.title === other.error?.title && one.error?.text === other.error?.text
    && [...one.lines].every(([line, mark]) => {
      const same = other.lines.get(line)
      return same !== undefined && mark.kind === same.kind && mark.tag === same.tag && mark.time === same.time && mark.share === same.share
    })
}
