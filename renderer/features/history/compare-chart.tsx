import { useMemo, useRef, useState } from 'react'
import type { KeptRun } from '../../../shared/run/history.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { axisOf, xOf } from '../../ui/time-axis/axis.ts'
import { ticksOf } from '../../ui/time-axis/ticks.ts'
import { Tear } from '../../ui/time-axis/tear.tsx'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'
import { useSize } from '../../ui/use-size.ts'
import { compareLanes } from './compare-lanes.ts'
import { placeFiredLabel } from './fired-label.ts'

const rowHeight = 16
const laneHeight = 36
const axisHeight = 22

/** A above B, layer by layer, on one axis: A outlined and strong, B filled and pale, so that the pair survives without colour. */
export function CompareChart({ a, b }: { a: KeptRun; b: KeptRun }) {
  const plot = useRef<HTMLDivElement>(null)
  const { width } = useSize(plot)
  const [align, setAlign] = useState<'request' | 'script'>('request')
  const lanes = useMemo(() => compareLanes(a, b, align), [a, b, align])
  const deadlines = useMemo(() => lanes.deadlines.map((mark) => ({ atMs: mark.atMs, value: mark.value })), [lanes])
  const axis = useMemo(() => axisOf({ mode: 'break', width: Math.max(1, width), zoom: null, endMs: lanes.endMs, deadlinesMs: deadlines.map((mark) => mark.atMs) }), [width, lanes, deadlines])
  const height = axisHeight + lanes.lanes.length * laneHeight
  const ticks = ticksOf(axis, deadlines)
  return (
    <section aria-label="Timing">
      <div className="head">
        <h2>Timing</h2><span className="dim">A above, B below, on one axis</span><span className="grow" />
        <fieldset className="seg" aria-label="Align"><button type="button" aria-pressed={align === 'request'} onClick={() => setAlign('request')}>Align at request</button><button type="button" aria-pressed={align === 'script'} onClick={() => setAlign('script')}>at script start</button></fieldset>
      </div>
      <div className="compare-chart" style={{ height }} aria-hidden="true">
        <div className="gutter">
          <div className="lane-name dim" style={{ height: axisHeight }}>elapsed</div>
          {lanes.lanes.map((lane) => <div key={lane.layer} className="lane-name compare-lane-name" style={{ height: laneHeight }}><LayerMark tone={toneOf(lane.layer)} /><span className="grow">{lane.layer}</span><span className="compare-letters"><span>A</span><span>B</span></span></div>)}
        </div>
        <div className="plot compare-plot" ref={plot}>
          {width > 0 ? (
            <svg width={width} height={height}>
              {axis.tail.length > 0 ? <rect className="tail-ground" x={axis.headWidth} y={axisHeight} width={width - axis.headWidth} height={height} /> : null}
              <g className="grid-lines">{ticks.filter((tick) => !tick.tail && tick.x > 1).map((tick) => <line key={tick.ms} x1={tick.x} x2={tick.x} y1={axisHeight} y2={height} />)}</g>
              <g className="tick-labels">{ticks.map((tick) => <text key={`${tick.tail}${tick.ms}`} x={Math.max(1, tick.x)} y={15} textAnchor={tick.x <= 1 ? 'start' : 'middle'}>{tick.ms === 0 ? '0' : tick.label}</text>)}</g>
              {lanes.lanes.map((lane, index) => (
                <g key={lane.layer} className={`tone-${toneOf(lane.layer)}`}>
                  <line className="compare-line" x1={0} x2={width} y1={axisHeight + (index + 1) * laneHeight - 0.5} y2={axisHeight + (index + 1) * laneHeight - 0.5} />
                  {lane.bars.map((bar) => {
                    const x = Math.max(0, xOf(axis, bar.startMs))
                    const right = Math.min(axis.headWidth, xOf(axis, Math.min(bar.endMs, axis.view.toMs)))
                    const y = axisHeight + index * laneHeight + 2 + (bar.run === 'a' ? 0 : rowHeight)
                    const room = Math.max(2, right - x)
                    return (
                      <g key={`${bar.run}${bar.startMs}${bar.label}`} className={`compare-bar compare-bar-${bar.run}`}>
                        <rect className="bar-body" x={x} y={y} width={room} height={rowHeight - 2} /><rect className="bar-edge" x={x} y={y} width={2} height={rowHeight - 2} />
                        {bar.cut ? <rect className="bar-end-cut" x={x + room - 2} y={y} width={2} height={rowHeight - 2} /> : null}
                        <text className="bar-label" x={x + 7} y={y + 11}>{fitText(`${bar.label} ${formatMs(Math.round(bar.endMs - bar.startMs))}`, room - 12)}</text>
                      </g>
                    )
                  })}
                  {lanes.deadlines.filter((mark) => mark.layer === lane.layer).map((mark) => {
                    const x = xOf(axis, mark.atMs)
                    const top = axisHeight + index * laneHeight
                    if (!mark.fired) return <g key={`${mark.label}${mark.atMs}`}><line className="compare-pending" x1={x} x2={x} y1={top} y2={top + laneHeight} /><text className="deadline-label" x={x > width * 0.88 ? x - 5 : x + 5} y={top + 22} textAnchor={x > width * 0.88 ? 'end' : 'start'}>{mark.label}</text></g>
                    const run = mark.label.endsWith('B') ? 'b' : 'a'
                    const barsEnd = lane.bars.reduce((end, bar) => (bar.run === run ? Math.max(end, Math.min(axis.headWidth, xOf(axis, Math.min(bar.endMs, axis.view.toMs)))) : end), 0)
                    const label = placeFiredLabel({ run, x, barsEnd, textWidth: textWidth(`${mark.label}: fired`, true), end: x < axis.headWidth ? axis.headWidth : width })
                    return <g key={`${mark.label}${mark.atMs}`}><line className="compare-fired" x1={x} x2={x} y1={axisHeight} y2={height} /><text className="deadline-label compare-fired-label" x={label.x} textAnchor={label.textAnchor} y={top + (label.row === 'a' ? 12 : 28)}>{mark.label}: fired</text></g>
                  })}
                </g>
              ))}
              {axis.tail.length > 0 ? <Tear x={axis.headWidth} height={height} /> : null}
            </svg>
          ) : null}
        </div>
      </div>
    </section>
  )
}
