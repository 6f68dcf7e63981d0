import { createContext, memo, use, useMemo } from 'react'
import { Curve } from 'recharts'
import type { Run } from '../../../shared/run/fold-run.ts'
import type { StackSegment } from '../../state/stacks.ts'
import type { Axis } from '../../ui/time-axis/axis.ts'
import { Tear } from '../../ui/time-axis/tear.tsx'
import { ticksOf } from '../../ui/time-axis/ticks.ts'
import { deadlineLabelWidth, DeadlineLabel } from './deadline-label.tsx'
import { groupDeadlines, type DeadlineMark } from './deadlines.ts'
import { LaneBars } from './lane-bars.tsx'
import { LaneNotes } from './lane-notes.tsx'
import type { Lane } from './lanes.ts'
import { LogTicks } from './log-ticks.tsx'
import type { ResourcePoint } from './resources.ts'
import { capOf, curvesOf } from './resource-rows.ts'
import { StackLane } from './stack-lane.tsx'

/** What the parts of the chart draw: the run, and the geometry that was computed for it. */
export interface DrawnRun {
  axis: Axis
  lanes: readonly Lane[]
  height: number
  deadlines: readonly DeadlineMark[]
  resources: readonly ResourcePoint[]
  run: Run
  /** The run is folded in place: its state at this version. */
  version: number
  segments: readonly StackSegment[]
  /** False when the chart is made: its frame comes first, what stands in it with the next picture. */
  filled: boolean
}

export const Drawn = createContext<DrawnRun | null>(null)

function useDrawn(): DrawnRun {
  const drawn = use(Drawn)
  if (!drawn) throw new Error('a part of the chart is outside of it')
  return drawn
}

/** Behind everything: ground, grid and ticks, then bars, stacks and curves, and the names of the deadlines. */
export function PlotBack({ below }: { below: number }) {
  const { axis, lanes, height, deadlines, resources, run, segments, filled } = useDrawn()
  return (
    <>
      <Ground axis={axis} lanes={lanes} height={height} below={below} deadlines={deadlines} />
      {filled ? lanes.map((lane) => (lane.bars.length > 0 ? <LaneBars key={lane.id} axis={axis} lane={lane} /> : null)) : null}
      {filled ? <StackLane axis={axis} lane={lanes.find((lane) => lane.kind === 'stack')} segments={segments} /> : null}
      {filled ? <Resources axis={axis} lanes={lanes} run={run} resources={resources} /> : null}
    </>
  )
}

/** What stays as long as axis and lanes do. */
const Ground = memo(function Ground({ axis, lanes, height, below, deadlines }: Pick<DrawnRun, 'axis' | 'lanes' | 'height' | 'deadlines'> & { below: number }) {
  const ticks = useMemo(() => ticksOf(axis, deadlines), [axis, deadlines])
  return (
    <>
      <defs><pattern id="queue-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="7" fill="var(--connector-fill)" /></pattern></defs>
      {axis.tail.length > 0 ? <rect className="tail-ground" x={axis.headWidth} y={below} width={Math.max(0, axis.width - axis.headWidth)} height={Math.max(0, height - below)} /> : null}
      <g className="grid-lines">{ticks.filter((tick) => !tick.tail && tick.x > 1).map((tick) => <line key={tick.ms} x1={tick.x} x2={tick.x} y1={below} y2={height} />)}</g>
      <g className="lane-lines">{lanes.map((lane) => <line key={lane.id} x1={0} x2={axis.width} y1={lane.top + lane.height - 0.5} y2={lane.top + lane.height - 0.5} />)}</g>
      <g className="tick-labels">
        {ticks.map((tick) => <text key={`${tick.tail}${tick.ms}`} x={tick.x <= 1 ? 1 : tick.x} y={below - 7} textAnchor={tick.x <= 1 ? 'start' : 'middle'} className={tick.tail ? 'tick-tail' : undefined}>{tick.ms === 0 ? '0' : tick.label}</text>)}
      </g>
    </>
  )
}, (before, after) => before.axis === after.axis && before.height === after.height && before.below === after.below && before.deadlines === after.deadlines && before.lanes.length === after.lanes.length)

/** CPU and memory of the process tree, and the cap of the memory. */
function Resources({ axis, lanes, run, resources }: Pick<DrawnRun, 'axis' | 'lanes' | 'run' | 'resources'>) {
  const curves = useMemo(() => curvesOf(resources, lanes, run, axis), [resources, lanes, run, axis])
  const cap = capOf(run, lanes, resources)
  return (
    <g className="resources">
      {curves.map((curve) => (
        <g key={curve.what} className={`curve curve-${curve.what}`}>
          {curve.floor === null ? null : <Curve className="curve-ground" type="linear" points={curve.points} baseLine={curve.floor} layout="horizontal" />}
          <Curve className="curve-line" type="linear" points={curve.points} />
        </g>
      ))}
      {cap ? <line className="cap-line" x1={0} x2={axis.width} y1={cap.y} y2={cap.y} /> : null}
      {cap ? <text className="cap-label" x={axis.width - 4} y={cap.y + 12} textAnchor="end">{cap.label}</text> : null}
    </g>
  )
}

/** What is written in the lanes. */
export function PlotWords() {
  const { axis, lanes, run, deadlines, resources, filled } = useDrawn()
  if (!filled) return null
  return (
    <>
      {lanes.map((lane) => groupDeadlines(axis, deadlines.filter((mark) => mark.laneId === lane.id), deadlineLabelWidth).map((group) => <DeadlineLabel key={`${lane.id}${group.x}`} group={group} lane={lane} />))}
      <LaneNotes axis={axis} lanes={lanes} run={run} deadlines={deadlines} resources={resources} />
    </>
  )
}

/** Over the bars: ticks of the log, the tear. */
export function PlotFront() {
  const { axis, lanes, height, run, filled } = useDrawn()
  return (
    <>
      {filled ? <LogTicks axis={axis} lane={lanes.find((lane) => lane.kind === 'log')} run={run} /> : null}
      {axis.tail.length > 0 ? <Tear x={axis.headWidth} height={height} /> : null}
    </>
  )
}
