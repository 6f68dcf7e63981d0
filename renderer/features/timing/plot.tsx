import { memo, useMemo } from 'react'
import { ComposedChart, XAxis, YAxis, ZIndexLayer } from 'recharts'
import { type Axis, isInTail, xOf } from '../../ui/time-axis/axis.ts'
import { useSame } from '../../ui/use-same.ts'
import { chartScale } from './chart-scale.ts'
import { DeadlineLine, type LineOfDeadline } from './deadline-line.tsx'
import { PlotBack, PlotFront, PlotWords, Drawn, type DrawnRun } from './plot-layers.tsx'

const noMargin = { top: 0, right: 0, bottom: 0, left: 0 }

/**
 * Everything with a place in time, in one recharts chart: x is the screen's axis, y is px from the top. The library is given axis and
 * deadlines, which seldom change; bars, curves and words are drawn inside it by parts that take the run from the context, so that a
 * run that goes on draws them anew without going through the library.
 */
export function Plot(props: DrawnRun) {
  const drawn = useSame(props, (before, now) => before.axis === now.axis && before.lanes === now.lanes && before.deadlines === now.deadlines && before.version === now.version && before.run === now.run && before.filled === now.filled)
  const { axis, height, lanes } = drawn
  const lines = useSame(linesOf(drawn), (before, now) => before.length === now.length && before.every((line, index) => areSameLines(line, now[index])))
  return <Drawn value={drawn}><PlotFrame axis={axis} height={height} below={lanes[0]?.height ?? 0} lines={lines} /></Drawn>
}

const PlotFrame = memo(function PlotFrame({ axis, height, below, lines }: { axis: Axis; height: number; below: number; lines: readonly LineOfDeadline[] }) {
  const scale = useMemo(() => chartScale(axis), [axis])
  return (
    <ComposedChart data={noRows} width={axis.width} height={height} margin={noMargin} accessibilityLayer={false} className="plot-svg">
      <XAxis type="number" dataKey="atMs" hide niceTicks="none" scale={scale} domain={[axis.view.fromMs, axis.view.toMs]} allowDataOverflow />
      <YAxis type="number" hide niceTicks="none" domain={[0, height]} reversed allowDataOverflow width={0} />
      <PlotBack below={below} />
      {lines.filter((line) => line.state !== 'fired').map((line) => <DeadlineLine key={line.limitId} {...line} />)}
      {/* Words over the curves, under what fired. */}
      <ZIndexLayer zIndex={150}><PlotWords /></ZIndexLayer>
      <PlotFront />
      {lines.filter((line) => line.state === 'fired').map((line) => <DeadlineLine key={line.limitId} {...line} />)}
    </ComposedChart>
  )
})

const noRows: never[] = []

/** The deadlines that are in view: in the lane that owns them, what fired through all lanes. */
function linesOf({ axis, lanes, height, deadlines }: DrawnRun): LineOfDeadline[] {
  const below = lanes[0]?.height ?? 0
  return deadlines.flatMap((mark): LineOfDeadline[] => {
    const x = xOf(axis, mark.atMs)
    if (mark.state === 'fired') return x < 0 || x > axis.width || (!isInTail(axis, mark.atMs) && x > axis.headWidth) ? [] : [{ limitId: mark.limitId, atMs: mark.atMs, top: below - 2, bottom: height, state: mark.state }]
    const lane = lanes.find((candidate) => candidate.id === mark.laneId)
    return !lane || x < 0 ? [] : [{ limitId: mark.limitId, atMs: mark.atMs, top: lane.top, bottom: lane.top + lane.height, state: mark.state }]
  })
}

function areSameLines(one: LineOfDeadline, other: LineOfDeadline | undefined): boolean {
  return other !== undefined && one.limitId === other.limitId && one.atMs === other.atMs && one.top === other.top && one.bottom === other.bottom && one.state === other.state
}
