import type { Run } from '../../../shared/run/fold-run.ts'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import { stateNames } from '../../../shared/stacks/states.ts'
import { pointBefore, useLogTimes, type LogPoint } from '../../state/log-times.ts'
import { segmentAt, type Stacks } from '../../state/stacks.ts'
import { exactMs, percentOf } from '../../ui/numbers.ts'
import { type Axis, isInTail, xOf } from '../../ui/time-axis/axis.ts'
import type { DeadlineMark } from './deadlines.ts'
import { resourceAt, type ResourcePoint } from './resources.ts'

/** Deadlines this near (px) stand at one place. */
const samePlacePx = 4

/** Where a reading is taken from. */
export interface ReadingSource { axis: Axis; run: Run; nowMs: number; deadlines: readonly DeadlineMark[]; resources: readonly ResourcePoint[]; stacks: Stacks }

/** What was known at one instant: place in the script, CPU, memory, the next limit, what had been said last. */
export function ReadingCard({ x, atMs, limitId, source }: { x: number; atMs: number; limitId: string | null; source: ReadingSource }) {
  const times = useLogTimes()
  const rows = readingOf(source, atMs, limitId, pointBefore(times, atMs))
  const { width } = source.axis
  if (rows.length === 0) return null
  return (
    <div className="reading-card" style={x + 316 > width ? { right: width - x + 10 } : { left: x + 10 }}>
      <b className="num">{exactMs(atMs)}</b>
      <dl>{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </div>
  )
}

/** The same in rows of name and value. `limitId`: the deadline that is meant; `said`: the line of the log that had been written last. */
export function readingOf({ axis, run, nowMs, deadlines, resources, stacks }: ReadingSource, atMs: number, limitId: string | null, said: LogPoint | undefined): [string, string][] {
  const tail = isInTail(axis, atMs)
  const rows: [string, string][] = []
  const meant = deadlines.find((mark) => mark.limitId === limitId)
  const here = meant ? deadlines.filter((mark) => Math.abs(xOf(axis, mark.atMs) - xOf(axis, meant.atMs)) <= samePlacePx) : []
  if (atMs <= nowMs && !tail) {
    const segment = segmentAt(stacks, atMs)
    const frame = segment ? segment.frames[Math.max(0, segment.own)] : undefined
    if (segment && frame) rows.push(['in', `${frame.function}:${frame.line}, ${stateNames[segment.state]}`])
    const layer = run.spans.filter((span) => span.startMs <= atMs && (span.endMs ?? nowMs) >= atMs).at(-1)
    if (layer && !frame) rows.push(['in', `${layer.layer}: ${layer.name}`])
    const point = resourceAt(resources, atMs)
    if (point && (run.exit === null || atMs <= run.exit.atMs)) {
      rows.push(['CPU', `${percentOf(point.cpuShare)} of one core`])
      const cap = run.limits.find((limit) => limit.id === 'os.address_space')?.value
      rows.push(['memory', `${formatBytes(point.rssBytes)} resident, ${formatBytes(point.addressSpaceBytes)}${cap == null ? '' : ` of ${formatBytes(cap)}`} space`])
    }
  }
  for (const mark of here) rows.push([mark.state === 'idle' ? 'no effect' : mark.state === 'pending' && run.ended ? 'not reached' : mark.state, `${mark.limitId} ${mark.value}`])
  if (here.some((mark) => mark.state === 'pending') && run.ended && meant) rows.push(['over before', `the run had ended ${apart(meant.atMs - nowMs)} before`])
  const next = deadlines.find((mark) => mark.atMs > atMs && mark.state !== 'idle')
  if (next && here.length === 0) rows.push(['next limit', `${next.limitId} in ${apart(next.atMs - atMs)}`])
  if (said && atMs <= nowMs) rows.push(['last said', `${said.text}, ${apart(atMs - said.atMs)} before`])
  return rows
}

/** A distance in time, no more exact than it is worth. */
function apart(ms: number): string {
  return formatMs(ms < 100 ? Math.round(ms * 10) / 10 : ms < 10_000 ? Math.round(ms) : Math.round(ms / 100) * 100)
}
