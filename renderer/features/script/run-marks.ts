import type { StackFrame } from '../../../shared/run/event.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { scriptTextOf } from '../../../shared/run/plan.ts'
import { errorLineOf } from '../../state/script-line.ts'
import { isOwnFile, segmentAt, type Stacks } from '../../state/stacks.ts'
import { groupedOf } from '../../ui/numbers.ts'
import { visibleValue } from '../../../shared/text/visible-text.ts'
import { unreachedLines, type Stand } from './unreached.ts'

/** What the run says about one line of the script. */
export interface LineMark {
  /** `hot`: it ran at the cut. `caller`: it had called that. `error`: the exception came from here. `here`: it runs now. */
  kind: 'hot' | 'caller' | 'error' | 'here' | null
  /** A word at the end of the line. */
  tag: string
  /** Time seen on this line: its text, and its share of the longest, 0..1. */
  time: string
  share: number
  /** The script cannot have reached it. */
  never: boolean
}
/** What stands under its line: an error, or the values at the cut where they were asked for. */
export interface LineNote { line: number; kind: 'error' | 'cut'; title: string; text: string }
export interface RunMarks { lines: Map<number, LineMark>; note: LineNote | null }

/** Marks of a run for its script. `nowMs`: while running, or the instant under the pointer (null: nothing moves). Pure. */
export function runMarks(run: Run, stacks: Stacks, live: boolean, pointedMs: number | null, cut: boolean): RunMarks {
  const lines = new Map<number, LineMark>()
  const mark = (line: number, change: Partial<LineMark>) => lines.set(line, { kind: null, tag: '', time: '', share: 0, never: false, ...lines.get(line), ...change })
  const longest = Math.max(...stacks.lineMs.values(), 0)
  for (const [line, ms] of stacks.lineMs) mark(line, { time: ms < 1 ? '' : ms < 10 ? groupedOf(ms, 1) : ms < 10_000 ? groupedOf(ms) : `${(ms / 1000).toFixed(1)} s`, share: longest > 0 ? ms / longest : 0 })
  const error = run.scriptError?.error
  const errorLine = errorLineOf(run)
  if (error && errorLine !== null) {
    for (const { line } of raisedAt(run, error.traceback)) mark(line, { kind: 'caller' })
    mark(errorLine, { kind: 'error', tag: '' })
  }
  if (cut && run.stack && errorLine === null) {
    const own = run.stack.frames.filter((frame) => isOwnFile(run, frame.file))
    for (const [index, frame] of own.entries()) if (index > 0) mark(frame.line, { kind: 'caller' })
    if (own[0]) mark(own[0].line, { kind: 'hot', tag: run.stack.reason === 'cut' ? 'running at the cut' : 'last seen here' })
  }
  const segment = live ? stacks.segments.at(-1) : pointedMs === null ? undefined : segmentAt(stacks, pointedMs)
  const callers = segment && segment.own >= 0 ? segment.frames.slice(segment.own + 1) : []
  for (const { file, line } of callers) if (isOwnFile(run, file) && lines.get(line)?.kind == null) mark(line, { kind: 'caller' })
  const here = segment && segment.own >= 0 ? segment.frames[segment.own] : undefined
  if (here && (live || lines.get(here.line)?.kind == null)) mark(here.line, { kind: live ? 'here' : null, tag: live ? 'here now' : pointedMs === null ? '' : `at ${groupedOf(pointedMs)} ms` })
  for (const line of unreachedIn(run, live ? segment?.frames ?? [] : null, cut)) if (!lines.has(line)) mark(line, { never: true })
  const note: LineNote | null = error && errorLine !== null ? { line: errorLine, kind: 'error', title: error.message ? `${error.type}: ${error.message}` : error.type, text: isLineItself(run, errorLine, error.detail) ? '' : error.detail ?? '' } : null
  return { lines, note: visibleValue(note ?? (cut ? valuesAtCut(run) : null)) }
}

/** While a run goes on the page has other things to do than to parse a longer script (some 300 lines). */
const longestWhileLive = 10_000

/** Lines that the script cannot have come to; `live`: where it stands while the run goes on. */
function unreachedIn(run: Run, live: readonly StackFrame[] | null, cut: boolean): number[] {
  const text = run.plan && scriptTextOf(run.plan)
  const error = run.scriptError?.error
  if (!text || !run.process || error?.phase === 'read' || error?.phase === 'compile') return []
  // The last look at a script that is over says nothing any more.
  if (live) return text.length > longestWhileLive ? [] : unreachedLines(text, run.scriptResult || run.exit ? [] : standsOf(run, live))
  if (error) return unreachedLines(text, raisedAt(run, error.traceback), true)
  // Where it stood is known of a script that was killed: one that went on came further.
  const isKilled = cut && run.stack?.reason === 'cut' && !run.scriptResult && run.exit?.exit.signal != null
  return unreachedLines(text, isKilled && run.stack ? standsOf(run, run.stack.frames) : [])
}

function standsOf(run: Run, frames: readonly StackFrame[]): Stand[] {
  return frames.filter((frame) => isOwnFile(run, frame.file)).toReversed()
}

/** Where an exception came through the script, as Python's last traceback tells; nothing of a group of exceptions, which has many. */
function raisedAt(run: Run, traceback: string): Stand[] {
  const told = traceback.slice(Math.max(0, traceback.lastIndexOf('Traceback (most recent call last):')))
  if (/^\s*[+|] /m.test(traceback)) return []
  return [...told.matchAll(/^  File "(.+)", line (\d+), in (.+)$/gm)].filter(([, file = '']) => isOwnFile(run, file)).map(([, , line, name = '']) => ({ function: name, line: Number(line) }))
}

/** Local variables of the line that ran at the cut, where they were asked for. */
function valuesAtCut(run: Run): LineNote | null {
  const frame = run.stack?.reason === 'cut' ? run.stack.frames.find(({ file }) => isOwnFile(run, file)) : undefined
  const values = Object.entries(frame?.locals ?? {})
  return frame && values.length > 0 ? { line: frame.line, kind: 'cut', title: `${frame.function === '<module>' ? 'Module' : `${frame.function}()`} at the cut`, text: values.map(([name, value]) => `${name} = ${value}`).join('\n') } : null
}

/** Does what explains an error only repeat the line above it? */
function isLineItself(run: Run, line: number, detail: string | null | undefined): boolean {
  return detail != null && run.plan?.script.text?.split('\n')[line - 1]?.trim() === detail.trim()
}

/** Would both look the same in the editor? */
export function areSameMarks(one: RunMarks, other: RunMarks): boolean {
  return one.lines.size === other.lines.size && one.note?.line === other.note?.line && one.note?.kind === other.note?.kind && one.note?.title === other.note?.title && one.note?.text === other.note?.text
    && [...one.lines].every(([line, mark]) => {
      const same = other.lines.get(line)
      return same !== undefined && mark.kind === same.kind && mark.tag === same.tag && mark.time === same.time && mark.share === same.share && mark.never === same.never
    })
}
