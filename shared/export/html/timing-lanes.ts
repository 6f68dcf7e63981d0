import { baseOf, limitKindOf } from '../../limits/catalog.ts'
import { formatMs, formatValue } from '../../limits/units.ts'
import type { RunLimit, RunRecord, Span } from '../../run/record.ts'
import { idleLimitsOf } from './idle-limits.ts'
import { toneOf, tones, type Tone } from './layers.ts'

/** A layer in the drawing: lines of bars that do not overlap (at least one line), and its deadlines. */
export interface TimingLane { tone: Tone; lines: Bar[][]; deadlines: DeadlineMark[] }
export interface Bar { startMs: number; endMs: number; name: string; status: Span['status'] }
/** `idle`: no timer was armed for it, or it would end nothing. */
export interface DeadlineMark { atMs: number; label: string; style: 'fired' | 'pending' | 'idle' }

/** More bars than this in one drawing are a wall; the longest are shown. */
const mostBars = 600
const mostLines = 6

/** What the drawing shows, outermost layer first. `leftOut`: how many bars were too many. */
export function timingLanesOf(record: RunRecord, endMs: number): { lanes: TimingLane[]; leftOut: number } {
  const shown = longest(record.spans, mostBars)
  const idle = idleLimitsOf(record)
  let leftOut = record.spans.length - shown.length
  const lanes = tones.flatMap((tone): TimingLane[] => {
    const lines = linesOf(shown.filter((span) => toneOf(span.layer) === tone), endMs)
    leftOut += lines.slice(mostLines).flat().length
    const deadlines = record.limits.filter((limit) => toneOfLimit(limit.id) === tone).flatMap((limit) => markOf(limit, idle.has(limit.id)))
    if (lines.length === 0 && deadlines.length === 0) return []
    return [{ tone, lines: lines.length === 0 ? [[]] : lines.slice(0, mostLines), deadlines }]
  })
  return { lanes, leftOut }
}

function longest(spans: readonly Span[], most: number): readonly Span[] {
  if (spans.length <= most) return spans
  const kept = new Set(spans.toSorted((a, b) => lengthOf(b) - lengthOf(a)).slice(0, most))
  return spans.filter((span) => kept.has(span))
}

function lengthOf(span: Span): number {
  return (span.endMs ?? Infinity) - span.startMs
}

/** Spans of a layer in lines: outer ones above inner ones, none over another. */
function linesOf(spans: readonly Span[], endMs: number): Bar[][] {
  const lines: Bar[][] = []
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs || lengthOf(b) - lengthOf(a))) {
    const bar: Bar = { startMs: span.startMs, endMs: span.endMs ?? endMs, name: span.name, status: span.status }
    const free = lines.find((line) => (line.at(-1)?.endMs ?? -Infinity) <= bar.startMs)
    if (free) free.push(bar)
    else lines.push([bar])
  }
  return lines
}

function toneOfLimit(id: string): Tone {
  return toneOf(limitKindOf(baseOf(id))?.layer ?? 'os')
}

function markOf(limit: RunLimit, isIdle: boolean): DeadlineMark[] {
  if (limit.deadlineMs === null || limit.value === null) return []
  const name = limit.id.slice(limit.id.indexOf('.') + 1).replaceAll('_', ' ')
  const proxy = /^proxy\d+/.exec(limit.id)?.[0]
  const label = `${proxy ? `${proxy} ` : ''}${name} ${limit.unit === 'ms' ? formatMs(limit.value) : formatValue(limit.value, limit.unit)}`
  return [{ atMs: limit.deadlineMs, label: limit.fired ? `${label} fired` : !limit.enforced ? `${label}, not enforced` : isIdle ? `${label}, no effect` : label, style: limit.fired ? 'fired' : limit.enforced && !isIdle ? 'pending' : 'idle' }]
}
