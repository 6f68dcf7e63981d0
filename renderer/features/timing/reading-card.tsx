import type { Run } from '../../../shared/run/fold-run.ts'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import { stateNames } from '../../../shared/stacks/states.ts'
import { segmentAt, type Stacks } from '../../state/stacks.ts'
import { exactMs, percentOf } from '../../ui/numbers.ts'
import { type Axis, isInTail } from '../../ui/time-axis/axis.ts'
import type { DeadlineMark } from './deadlines.ts'
import { resourceAt, type ResourcePoint } from './resources.ts'

interface ReadingCardProps { axis: Axis; x: number; atMs: number; run: Run; nowMs: number; deadlines: readonly DeadlineMark[]; resources: readonly ResourcePoint[]; stacks: Stacks }

/** What was known at one instant: place in the script, CPU, memory, the next limit, the nearest log line. */
export function ReadingCard({ axis, x, atMs, run, nowMs, deadlines, resources, stacks }: ReadingCardProps) {
  const rows = rowsOf(run, atMs, nowMs, deadlines, resources, stacks, isInTail(axis, atMs))
  if (rows.length === 0) return null
  const right = x + 300 > axis.width
  return (
    <div className="reading-card" style={right ? { right: axis.width - x + 10 } : { left: x + 10 }}>
      <b className="num">{exactMs(atMs)}</b>
      <dl>{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </div>
  )
}

function rowsOf(run: Run, atMs: number, nowMs: number, deadlines: readonly DeadlineMark[], resources: readonly ResourcePoint[], stacks: Stacks, tail: boolean): [string, string][] {
  const rows: [string, string][] = []
  const here = deadlines.filter((mark) => Math.abs(mark.atMs - atMs) <= mark.atMs * 0.01)
  if (atMs <= nowMs && !tail) {
    const segment = segmentAt(stacks, atMs)
    const frame = segment ? segment.frames[Math.max(0, segment.own)] : undefined
    if (segment && frame) rows.push(['in', `${frame.function}:${frame.line}, ${stateNames[segment.state]}`])
    const layer = run.spans.filter((span) => span.startMs <= atMs && (span.endMs ?? nowMs) >= atMs).at(-1)
    if (layer && !frame) rows.push(['in', `${layer.layer}: ${layer.name}`])
    const point = resourceAt(resources, atMs)
    if (point && (run.exit === null || atMs <= run.exit.atMs)) {
      rows.push(['CPU', `${percentOf(point.cpuShare)} of one core`])
      rows.push(['memory', `${formatBytes(point.rssBytes)} resident, ${formatBytes(point.addressSpaceBytes)} space`])
    }
  }
  for (const mark of here) rows.push([mark.state === 'idle' ? 'no effect' : mark.state, `${mark.limitId} ${mark.value}`])
  const next = deadlines.find((mark) => mark.atMs > atMs && mark.state !== 'idle')
  if (next && here.length === 0) rows.push(['next limit', `${next.limitId} in ${formatMs(Math.round((next.atMs - atMs) * 10) / 10)}`])
  const log = run.logs.findLast((line) => line.atMs <= atMs)
  if (log && atMs <= nowMs) rows.push(['nearest log', `line ${log.line + 1}, ${formatMs(Math.round((atMs - log.atMs) * 10) / 10)} earlier`])
  return rows
}
