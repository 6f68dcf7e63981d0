import { useEffect, useMemo, useRef } from 'react'
import { useSlowRun } from '../../state/clock.ts'
import { pointBefore, useLogTimes } from '../../state/log-times.ts'
import { useRun } from '../../state/run.ts'
import { stacksOf } from '../../state/stacks.ts'
import { useVerdict } from '../../state/verdict.ts'
import { exactMs } from '../../ui/numbers.ts'
import { useMedia } from '../../ui/use-media.ts'
import { useSame } from '../../ui/use-same.ts'
import { useSize } from '../../ui/use-size.ts'
import { useStages } from '../../ui/use-stages.ts'
import { axisOf, isSameAxis, type AxisMode, type View } from '../../ui/time-axis/axis.ts'
import { endMsOf } from './chart-time.ts'
import { ChartTable } from './chart-table.tsx'
import { areSameMarks, deadlinesOf } from './deadlines.ts'
import { Gutter } from './gutter.tsx'
import { lanesOf } from './lanes.ts'
import { Overlay } from './overlay.tsx'
import { Plot } from './plot.tsx'
import { readingOf } from './reading-card.tsx'
import { resourcesOf } from './resources.ts'
import type { ChartRequest } from './timing.tsx'
import { useChartInput } from './use-chart-input.ts'

export interface ChartProps { mode: AxisMode; zoom: View | null; onZoom: (zoom: View | null) => void; request: ChartRequest | null; tight: boolean; scroll: boolean }

/** Lanes, deadlines and readings on the one axis. Geometry is computed here and drawn below; nothing else knows px. */
export function Chart({ mode, zoom, onZoom, request, tight, scroll }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<HTMLDivElement>(null)
  const { width } = useSize(plot)
  const run = useRun((state) => state.run)
  const { version, nowMs, live } = useSlowRun()
  const judged = useVerdict()
  const endMs = endMsOf(run, nowMs, live)
  const tall = useMedia('(min-height: 1000px)')
  const laneHeight = tight ? 23 : tall ? 30 : 25

  const stacks = useMemo(() => stacksOf(run), [run, version])
  // Live stacks grow in place.
  const stretches = stacks.segments.length
  const lanes = useMemo(() => lanesOf({ run, nowMs: endMs, laneHeight, tight, hasStacks: stretches > 0 }), [run, version, endMs, laneHeight, tight, stretches])
  const deadlines = useSame(useMemo(() => deadlinesOf(run), [run, version]), areSameMarks)
  const resources = useMemo(() => resourcesOf(run.readings), [run, version])
  const axis = useSame(useMemo(() => axisOf({ mode, width: Math.max(width, 1), zoom, endMs, growing: live, deadlinesMs: deadlines.map((mark) => mark.atMs) }), [mode, width, zoom, endMs, live, deadlines]), isSameAxis)
  const height = lanes.reduce((bottom, lane) => Math.max(bottom, lane.top + lane.height), 0)
  // Lanes' names first, then the chart's frame, what stands in it, and what follows the pointer: the chart library alone is a frame's work when it is drawn for the first time.
  const stage = useStages(4)
  const tell = (atMs: number) => [exactMs(atMs), ...readingOf({ axis, run, nowMs: endMs, deadlines, resources, stacks }, atMs, null, pointBefore(useLogTimes.getState(), atMs)).map((row) => row.join(' '))].join(', ')
  const input = useChartInput({ axis, lanes, deadlines, frame, zoom, onZoom, request, tell })

  // A new run starts with the whole of it.
  const runId = useRun((state) => state.runId)
  useEffect(() => onZoom(null), [runId, onZoom])

  return (
    <div className="chart" ref={frame} style={scroll ? { overflowY: 'auto', flex: '1 1 0' } : undefined}>
      <div className="chart-body" style={{ height }}>
        <Gutter lanes={lanes} />
        {/* The chart is worked with keys and pointer; what it shows stands as text in the stages, the table below and the log. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="plot" ref={plot} role="application" aria-label="Timing chart. Arrow keys pan, with Shift they move the pointer, Enter selects, plus and minus zoom, F fits, C goes to the cut, J and K step through the events." tabIndex={0} {...input.handlers}>
          {stage >= 2 && width > 0 ? <Plot axis={axis} lanes={lanes} height={height} deadlines={deadlines} resources={resources} run={run} version={version} segments={stacks.segments} filled={stage >= 3} /> : null}
          {stage >= 4 && width > 0 ? <Overlay axis={axis} height={height} run={run} judged={judged} live={live} nowMs={endMs} deadlines={deadlines} resources={resources} stacks={stacks} drag={input.drag} pins={lanes.some((lane) => lane.kind === 'stages')} /> : null}
        </div>
      </div>
      <ChartTable run={run} version={version} deadlines={deadlines} live={live} />
    </div>
  )
}
