import { planFlow } from '../../../shared/flow/plan-flow.ts'
import type { RunLimit, RunRecord, Span } from '../../../shared/run/record.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Paint } from './colors.ts'

const nameWidth = 22

/**
 * The stages and layers as bars on one axis, drawn in text, every deadline marked.
 *
 *     client                 |################################|  500.4 ms
 *     deadlines                                               ^ client.total 500 ms (fired)
 *
 * `width` is that of the terminal, in columns.
 */
export function waterfallText(record: RunRecord, width: number, paint: Paint): string[] {
  const endMs = Math.max(1, record.elapsedMs, ...record.spans.map((span) => span.endMs ?? 0))
  const columns = Math.max(20, Math.min(100, width - nameWidth - 14))
  const columnOf = (ms: number) => Math.min(columns - 1, Math.max(0, Math.floor((ms / endMs) * columns)))
  return [
    ...stageLines(record, columns, columnOf, paint),
    ...barRows(record.spans, endMs).map((span) => barLine(span, endMs, columns, columnOf, paint)),
    ...deadlineLines(record, endMs, columnOf, paint),
  ]
}

/** Marks 1..5 stand where each stage was reached; a later mark on the same column wins, the exact times follow in words. */
function stageLines(record: RunRecord, columns: number, columnOf: (ms: number) => number, paint: Paint): string[] {
  const axis = Array.from({ length: columns }, () => '·')
  const words = record.stages.map((stage, index) => {
    if (stage.atMs !== null) axis[columnOf(stage.atMs)] = String(index + 1)
    return `${index + 1} ${stage.id} ${stage.atMs === null ? 'not reached' : formatMs(stage.atMs)}${stage.detail ? ` (${stage.detail.replace('_', ' ')})` : ''}`
  })
  return [...words.map((line, index) => (record.stages[index]?.atMs === null ? paint.dim(`  ${line}`) : `  ${line}`)), '', `${'  stages'.padEnd(nameWidth)} ${paint.dim(axis.join(''))}`]
}

/** A part of a layer's work that took less than this share of the whole and went well is no bar of its own. */
const leastShare = 0.01

/** One row for each span that can be seen, parents before their children. */
function barRows(spans: readonly Span[], endMs: number): Span[] {
  const depth = (span: Span): number => {
    const parent = spans.find((other) => other.id === span.parentId)
    return parent && parent !== span ? depth(parent) + 1 : 0
  }
  const isLong = (span: Span): boolean => (span.endMs ?? endMs) - span.startMs >= endMs * leastShare
  return spans.filter((span) => depth(span) <= 4 && (span.parentId === null || span.status !== 'ok' || isLong(span)))
}

function barLine(span: Span, endMs: number, columns: number, columnOf: (ms: number) => number, paint: Paint): string {
  const from = columnOf(span.startMs)
  const to = columnOf(span.endMs ?? endMs)
  const bar = `${' '.repeat(from)}${(span.status === 'cut' || span.status === 'canceled' ? '▓' : '█').repeat(to - from + 1)}`.padEnd(columns)
  const label = `  ${span.layer === span.name ? span.layer : `${span.layer} ${span.name}`}`
  const color = span.status === 'cut' || span.status === 'error' ? paint.red : span.status === 'canceled' ? paint.yellow : paint.cyan
  return `${fit(label, nameWidth)} ${color(bar)} ${formatMs((span.endMs ?? endMs) - span.startMs)}`
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width)
}

/** Deadlines within the drawn time stand under their instant; the others are named in one line, with when the nearest would have come. */
function deadlineLines(record: RunRecord, endMs: number, columnOf: (ms: number) => number, paint: Paint): string[] {
  const deadlines = record.limits.filter((limit) => limit.deadlineMs !== null).toSorted((a, b) => (a.deadlineMs ?? 0) - (b.deadlineMs ?? 0))
  const wordsOf = (limit: RunLimit): string => `${limit.id} ${formatMs(limit.value ?? 0)}`
  // Such as Go's ReadTimeout once the request is read: nothing of it is to come.
  const withoutEffect = new Set(planFlow(record.plan).deadlines.filter((deadline) => deadline.effect === 'no_effect').map((deadline) => deadline.limitId))
  const later = deadlines.filter((limit) => (limit.deadlineMs ?? 0) > endMs && !withoutEffect.has(limit.id))
  const [next] = later
  const passed = deadlines.filter((limit) => (limit.deadlineMs ?? 0) <= endMs).map((limit) => {
    const at = limit.deadlineMs ?? 0
    const words = wordsOf(limit)
    const mark = `${' '.repeat(columnOf(at))}^ ${words}${limit.fired ? ' fired' : ' passed without effect'}`
    return `${'  deadline'.padEnd(nameWidth)} ${limit.fired ? paint.red(mark) : paint.dim(mark)}`
  })
  return next ? [...passed, paint.dim(`${'  still to come'.padEnd(nameWidth)} ${later.map(wordsOf).join(', ')}; the first ${formatMs((next.deadlineMs ?? 0) - endMs)} after the end`)] : passed
}
