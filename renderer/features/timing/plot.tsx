import { memo, useMemo } from 'react'
import { Area, ComposedChart, XAxis, YAxis, ZIndexLayer } from 'recharts'
import type { Run } from '../../../shared/run/fold-run.ts'
import type { StackSegment } from '../../state/stacks.ts'
import { type Axis, isInTail, xOf } from '../../ui/time-axis/axis.ts'
import { chartScale } from './chart-scale.ts'
import { groupDeadlines, type DeadlineMark } from './deadlines.ts'
import { deadlineLabelWidth, DeadlineLabel } from './deadline-label.tsx'
import { DeadlineLine } from './deadline-line.tsx'
import { LaneBars } from './lane-bars.tsx'
import { LaneNotes } from './lane-notes.tsx'
import type { Lane } from './lanes.ts'
import { LogTicks } from './log-ticks.tsx'
import type { ResourcePoint } from './resources.ts'
import { capOf, floorOf, resourceRows } from './resource-rows.ts'
import { StackLane } from './stack-lane.tsx'
import { ticksOf } from '../../ui/time-axis/ticks.ts'
import { Tear } from '../../ui/time-axis/tear.tsx'

interface PlotProps {
  axis: Axis
  lanes: readonly Lane[]
  height: number
  deadlines: readonly DeadlineMark[]
  resources: readonly ResourcePoint[]
  run: Run
  version: number
  segments: readonly StackSegment[]
}

const noMargin = { top: 0, right: 0, bottom: 0, left: 0 }

/** Everything with a place in time, in one recharts chart: x is the screen's axis, y is px from the top. */
export const Plot = memo(function Plot({ axis, lanes, height, deadlines, resources, run, segments }: PlotProps) {
  const scale = useMemo(() => chartScale(axis), [axis])
  const rows = useMemo(() => resourceRows(resources, lanes, run, axis), [resources, lanes, run, axis])
  const ticks = useMemo(() => ticksOf(axis, deadlines), [axis, deadlines])
  const cap = capOf(run, lanes, resources)
  const axisLane = lanes[0]
  const below = axisLane ? axisLane.height : 0
  const fired = deadlines.filter((mark) => mark.state === 'fired')
  return (
    <ComposedChart data={rows} width={axis.width} height={height} margin={noMargin} accessibilityLayer={false} className="plot-svg">
      <XAxis type="number" dataKey="atMs" hide scale={scale} domain={[axis.view.fromMs, axis.view.toMs]} allowDataOverflow />
      <YAxis type="number" hide domain={[0, height]} reversed allowDataOverflow width={0} />
      <defs><pattern id="queue-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4" height="7" fill="var(--connector-fill)" /></pattern></defs>
      {axis.tail.length > 0 ? <rect className="tail-ground" x={axis.headWidth} y={below} width={Math.max(0, axis.width - axis.headWidth)} height={Math.max(0, height - below)} /> : null}
      <g className="grid-lines">{ticks.filter((tick) => !tick.tail && tick.x > 1).map((tick) => <line key={tick.ms} x1={tick.x} x2={tick.x} y1={below} y2={height} />)}</g>
      <g className="lane-lines">{lanes.map((lane) => <line key={lane.id} x1={0} x2={axis.width} y1={lane.top + lane.height - 0.5} y2={lane.top + lane.height - 0.5} />)}</g>
      <g className="tick-labels">
        {ticks.map((tick) => <text key={`${tick.tail}${tick.ms}`} x={tick.x <= 1 ? 1 : tick.x} y={below - 7} textAnchor={tick.x <= 1 ? 'start' : 'middle'} className={tick.tail ? 'tick-tail' : undefined}>{tick.ms === 0 ? '0' : tick.label}</text>)}
      </g>
      {lanes.map((lane) => (lane.bars.length > 0 ? <LaneBars key={lane.id} axis={axis} lane={lane} /> : null))}
      <StackLane axis={axis} lane={lanes.find((lane) => lane.kind === 'stack')} segments={segments} open={!run.ended} />
      {rows.length > 1 ? (
        <>
          <Area dataKey="cpuY" baseValue={floorOf(lanes, 'cpu')} fill="var(--python-fill)" fillOpacity={1} stroke="var(--python)" strokeWidth={1.5} isAnimationActive={false} activeDot={false} dot={false} />
          <Area dataKey="rssY" baseValue={floorOf(lanes, 'memory')} fill="var(--os-fill)" fillOpacity={1} stroke="var(--os)" strokeWidth={1.5} isAnimationActive={false} activeDot={false} dot={false} />
          <Area dataKey="spaceY" baseValue={floorOf(lanes, 'memory')} fill="none" stroke="var(--os)" strokeWidth={1.5} strokeDasharray="3 2" isAnimationActive={false} activeDot={false} dot={false} />
        </>
      ) : null}
      {cap ? <line className="cap-line" x1={0} x2={axis.width} y1={cap.y} y2={cap.y} /> : null}
      {cap ? <text className="cap-label" x={axis.width - 4} y={cap.y + 12} textAnchor="end">{cap.label}</text> : null}
      {deadlines.filter((mark) => mark.state !== 'fired').map((mark) => {
        const lane = lanes.find((candidate) => candidate.id === mark.laneId)
        if (!lane || xOf(axis, mark.atMs) < 0) return null
        return <DeadlineLine key={mark.limitId} atMs={mark.atMs} top={lane.top} bottom={lane.top + lane.height} state={mark.state} />
      })}
      {lanes.map((lane) => groupDeadlines(axis, deadlines.filter((mark) => mark.laneId === lane.id), deadlineLabelWidth).map((group) => <DeadlineLabel key={`${lane.id}${group.x}`} group={group} lane={lane} />))}
      {/* Words over the curves, under what fired. */}
      <ZIndexLayer zIndex={150}><LaneNotes axis={axis} lanes={lanes} run={run} deadlines={deadlines} resources={resources} /></ZIndexLayer>
      <LogTicks axis={axis} lane={lanes.find((lane) => lane.kind === 'log')} run={run} />
      {axis.tail.length > 0 ? <Tear x={axis.headWidth} height={height} /> : null}
      {fired.map((mark) => (xOf(axis, mark.atMs) < 0 || xOf(axis, mark.atMs) > axis.width || (!isInTail(axis, mark.atMs) && xOf(axis, mark.atMs) > axis.headWidth) ? null : (
        <DeadlineLine key={mark.limitId} atMs={mark.atMs} top={below - 2} bottom={height} state="fired" />
      )))}
    </ComposedChart>
  )
}, (before, after) => before.axis === after.axis && before.lanes === after.lanes && before.deadlines === after.deadlines && before.version === after.version && before.run === after.run)
