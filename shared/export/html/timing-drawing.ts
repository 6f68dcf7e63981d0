import { formatBytes, formatMs } from '../../limits/units.ts'
import type { EventOf, RunEvent } from '../../run/event.ts'
import type { RunRecord } from '../../run/record.ts'
import { html, type Markup } from './markup.ts'
import { timeAxisOf, type TimeAxis } from './time-axis.ts'
import { timingLanesOf, type Bar, type DeadlineMark, type TimingLane } from './timing-lanes.ts'
import type { Tone } from './layers.ts'

const width = 1080
const gutter = 118
const rowHeight = 24
const chartHeight = 38
const top = 30

/** The waterfall with its deadlines, CPU and memory on one axis, as one SVG that needs nothing else. */
export function timingDrawingOf(record: RunRecord, events: readonly RunEvent[]): Markup {
  const endMs = record.spans.reduce((end, span) => Math.max(end, span.endMs ?? 0), Math.max(record.elapsedMs, ...record.stages.map((stage) => stage.atMs ?? 0)))
  const { lanes, leftOut } = timingLanesOf(record, endMs)
  const axis = timeAxisOf(gutter, width - 8, endMs, lanes.flatMap((lane) => lane.deadlines.map((mark) => mark.atMs)))
  const rows = lanes.flatMap((lane) => rowsOf(lane, axis))
  const readings = events.filter((event): event is EventOf<'reading'> => event.type === 'reading')
  const charts = readings.length < 2 ? [] : chartsOf(readings, record)
  const bottom = top + rows.length * rowHeight + charts.length * chartHeight
  const fired = rows.flatMap((row) => row.deadlines).filter((mark) => mark.style === 'fired')
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Waterfall"><svg viewBox="0 0 ${width} ${bottom + 6}" role="img" aria-label="${descriptionOf(record)}">
${gridOf(axis, bottom)}
${rows.map((row, index) => rowOf(row, axis, top + index * rowHeight))}
${charts.map((chart, index) => chartOf(chart, axis, top + rows.length * rowHeight + index * chartHeight))}
${tearOf(axis, bottom)}
${fired.map((mark) => html`<line class="fired" x1="${px(axis.xOf(mark.atMs))}" x2="${px(axis.xOf(mark.atMs))}" y1="${top - 6}" y2="${bottom}"/>`)}
</svg></div>${leftOut > 0 && html`<p class="explanation">${leftOut} short spans are left out here; the JSON export has all of them.</p>`}`
}

function descriptionOf(record: RunRecord): string {
  const stages = record.stages.map((stage) => `${stage.id.replaceAll('_', ' ')} ${stage.atMs === null ? 'not reached' : `at ${formatMs(stage.atMs)}`}`)
  return `Waterfall of the run. ${stages.join(', ')}.`
}

function gridOf(axis: TimeAxis, bottom: number): Markup {
  return html`${axis.headEnd < axis.right && html`<rect class="tail" x="${px(axis.headEnd)}" y="0" width="${px(axis.right + 8 - axis.headEnd)}" height="${bottom}"/>`}
${axis.ticks.map((ms) => html`<line class="grid" x1="${px(axis.xOf(ms))}" x2="${px(axis.xOf(ms))}" y1="${top - 6}" y2="${bottom}"/><text class="faint" x="${px(axis.xOf(ms) + 3)}" y="15">${ms === 0 ? '0' : formatMs(ms)}</text>`)}
${axis.tail.map(({ label, x }) => html`<text class="faint" x="${px(x + 3)}" y="15">${label}</text>`)}
<line class="edge" x1="0" x2="${width}" y1="${top - 6}" y2="${top - 6}"/>`
}

/** The place where the scale changes. */
function tearOf(axis: TimeAxis, bottom: number): Markup | false {
  if (axis.headEnd >= axis.right) return false
  const steps = Math.ceil((bottom - 2) / 8)
  const path = Array.from({ length: steps }, (_, index) => `${index % 2 === 0 ? 'l4 8' : 'l-4 8'}`).join('')
  return html`<path d="M${px(axis.headEnd - 2)} 0${path}" fill="none" class="edge"/><path d="M${px(axis.headEnd + 3)} 0${path}" fill="none" class="edge"/>`
}

interface TimingRow { tone: Tone; isFirst: boolean; bars: Bar[]; deadlines: DeadlineMark[] }

/** A layer's lines; a deadline whose label would run into the one before it goes to the next line. */
function rowsOf({ tone, lines, deadlines }: TimingLane, axis: TimeAxis): TimingRow[] {
  const rows = lines.map((bars, index): TimingRow => ({ tone, isFirst: index === 0, bars, deadlines: [] }))
  const taken: number[] = []
  for (const mark of deadlines.toSorted((a, b) => a.atMs - b.atMs)) {
    const [from, to] = extentOf(mark, axis)
    let index = taken.findIndex((end) => end < from)
    if (index === -1) index = taken.length
    taken[index] = to
    const row = rows[index] ?? { tone, isFirst: index === 0, bars: [], deadlines: [] }
    rows[index] = row
    row.deadlines.push(mark)
  }
  return rows
}

/** From where to where a deadline's line and label reach. */
function extentOf(mark: DeadlineMark, axis: TimeAxis): [number, number] {
  const x = axis.xOf(mark.atMs)
  const label = textWidth(mark.label) + 8
  return x + label > axis.right + 8 ? [x - label, x] : [x, x + label]
}

function rowOf(row: TimingRow, axis: TimeAxis, y: number): Markup {
  return html`<g>${row.isFirst && html`<line class="grid" x1="0" x2="${width}" y1="${y}" y2="${y}"/><rect x="4" y="${y + 8}" width="8" height="8" rx="2" fill="var(--${row.tone})"/><text class="name" x="18" y="${y + 16}">${row.tone}</text>`}
${row.bars.map((bar, index) => barOf(bar, row, axis, y, row.bars[index + 1]?.startMs ?? null))}
${row.deadlines.map((mark) => deadlineOf(mark, axis, y))}</g>`
}

function barOf(bar: Bar, row: TimingRow, axis: TimeAxis, y: number, nextStartMs: number | null): Markup {
  const x = axis.xOf(bar.startMs)
  const length = Math.max(1.5, axis.xOf(bar.endMs) - x)
  const label = `${bar.name} ${formatMs(bar.endMs - bar.startMs)}${bar.status === 'ok' ? '' : `, ${bar.status}`}`
  const needed = textWidth(label) + 10
  const roomAfter = (nextStartMs === null ? axis.headEnd : axis.xOf(nextStartMs)) - (x + length)
  // A mark stands for a deadline there; its label comes first.
  const isAfterFree = row.deadlines.every((mark) => Math.abs(axis.xOf(mark.atMs) - (x + length)) > needed)
  return html`<g><title>${label}, ${formatMs(bar.startMs)} to ${formatMs(bar.endMs)}</title><rect x="${px(x)}" y="${y + 3}" width="${px(length)}" height="${rowHeight - 6}" rx="2" fill="var(--${row.tone}-fill)"/><rect x="${px(x)}" y="${y + 3}" width="2" height="${rowHeight - 6}" fill="var(--${row.tone})"/>${
    length >= needed ? html`<text class="on-bar" x="${px(x + 7)}" y="${y + 16}">${label}</text>`
      : isAfterFree && roomAfter >= needed && html`<text x="${px(x + length + 5)}" y="${y + 16}">${label}</text>`}</g>`
}

function deadlineOf(mark: DeadlineMark, axis: TimeAxis, y: number): Markup {
  const x = axis.xOf(mark.atMs)
  const isRight = extentOf(mark, axis)[1] === x
  return html`<g><title>${mark.label}, at ${formatMs(mark.atMs)}</title><line class="${mark.style}" x1="${px(x)}" x2="${px(x)}" y1="${y + 1}" y2="${y + rowHeight - 1}"/><text class="${mark.style === 'fired' ? 'hot' : mark.style === 'idle' ? 'faint' : ''}" x="${px(isRight ? x - 4 : x + 4)}" y="${y + 16}" text-anchor="${isRight ? 'end' : 'start'}">${mark.label}</text></g>`
}

interface Chart { name: string; note: string; points: { atMs: number; share: number }[]; tone: 'python' | 'os' }

/** CPU since the reading before (of one core, or of the most it used), and resident memory (of the most, which is written beside it). */
function chartsOf(readings: readonly EventOf<'reading'>[], record: RunRecord): Chart[] {
  const cpu = readings.slice(1).map((reading, index) => {
    const before = readings[index]!
    return { atMs: reading.atMs, share: Math.max(0, reading.cpuMs - before.cpuMs) / Math.max(1, reading.atMs - before.atMs) }
  })
  const mostCpu = cpu.reduce((most, point) => Math.max(most, point.share), 1)
  const mostBytes = readings.reduce((most, reading) => Math.max(most, reading.rssBytes), 1)
  const usedMs = record.script.cpuMs
  return [
    { name: 'CPU', tone: 'python', note: usedMs === null ? '' : `${formatMs(usedMs)} computing in ${formatMs(record.script.wallMs ?? 0)}`, points: cpu.map(({ atMs, share }) => ({ atMs, share: share / mostCpu })) },
    { name: 'memory', tone: 'os', note: `resident, at most ${formatBytes(mostBytes)}`, points: readings.map((reading) => ({ atMs: reading.atMs, share: reading.rssBytes / mostBytes })) },
  ]
}

function chartOf(chart: Chart, axis: TimeAxis, y: number): Markup {
  const base = y + chartHeight - 4
  const heightOf = (share: number) => base - share * (chartHeight - 12)
  const points = chart.points.map(({ atMs, share }) => `${px(axis.xOf(atMs))} ${px(heightOf(share))}`)
  const first = axis.xOf(chart.points[0]?.atMs ?? 0)
  const last = axis.xOf(chart.points.at(-1)?.atMs ?? 0)
  return html`<g><line class="grid" x1="0" x2="${width}" y1="${y}" y2="${y}"/><rect x="4" y="${y + 12}" width="8" height="8" rx="2" fill="var(--${chart.tone})"/><text class="name" x="18" y="${y + 20}">${chart.name}</text>
<path d="M${px(first)} ${base}L${points.join('L')}L${px(last)} ${base}Z" fill="var(--${chart.tone}-fill)"/><path d="M${points.join('L')}" fill="none" stroke="var(--${chart.tone})" stroke-width="1.5"/><text class="faint" x="${px(axis.headEnd < axis.right ? axis.headEnd + 12 : axis.right)}" y="${y + 20}" text-anchor="${axis.headEnd < axis.right ? 'start' : 'end'}">${chart.note}</text></g>`
}

/** About 6 px a character at 11 px. */
function textWidth(text: string): number {
  return text.length * 6.1
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}
