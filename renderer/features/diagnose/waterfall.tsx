import { useMemo, useRef } from 'react'
import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { stageIds } from '../../../shared/flow/layers.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { exactMs } from '../../ui/numbers.ts'
import { axisOf, xOf, type Axis } from '../../ui/time-axis/axis.ts'
import { Tear } from '../../ui/time-axis/tear.tsx'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'
import { ticksOf } from '../../ui/time-axis/ticks.ts'
import { useSize } from '../../ui/use-size.ts'
import { labelPlaces } from './label-places.ts'
import { waterfallOf, type Lane, type Waterfall as Fall } from './waterfall-lanes.ts'

const laneHeight = 25
const axisHeight = 22

/** The one request as its logs tell it: the five stages, a bar per hop, the deadlines of each, on one axis. */
export function Waterfall({ diagnosis }: { diagnosis: Diagnosis }) {
  const fall = useMemo(() => waterfallOf(diagnosis), [diagnosis])
  return fall.lanes.length === 0 ? null : <Drawing diagnosis={diagnosis} fall={fall} />
}

/** Its box is there from its first drawing on, so that its size is known. */
function Drawing({ diagnosis, fall }: { diagnosis: Diagnosis; fall: Fall }) {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const told = fall.lanes.some((lane) => lane.bar !== null)
  // Without a request there is nothing to be linear about: deadlines alone stand on a log axis.
  const axis = useMemo(() => axisOf({ mode: told ? 'break' : 'log', width: Math.max(width, 200), zoom: null, endMs: fall.endMs, deadlinesMs: fall.deadlinesMs }), [fall, told, width])
  const ticks = useMemo(() => ticksOf(axis, []), [axis])
  const height = axisHeight + fall.lanes.length * laneHeight
  const cutX = fall.cutMs === null ? null : xOf(axis, fall.cutMs)
  return (
    <section className="section" aria-label="Timing">
      <div className="head"><h2>Timing</h2><span className="dim">{told ? 'the request as its logs tell it, on one clock' : 'the deadlines of a request that waits; no log tells of one'}</span><span className="grow" />
        <span className="legend roomy-only"><span><i />fired</span><span className="legend-pending"><i />pending</span></span></div>
      {told || fall.stages.length > 0 ? <Stages diagnosis={diagnosis} /> : null}
      <div className="dg-fall">
        <div className="gutter" aria-hidden="true">
          <div className="lane-name" style={{ height: axisHeight }}><span className="dim">elapsed</span></div>
          {fall.lanes.map((lane) => <div key={lane.key} className="lane-name" style={{ height: laneHeight }} title={lane.name}><LayerMark tone={lane.tone} /><span className="clip">{lane.name}</span></div>)}
        </div>
        <div className="dg-plot" ref={box} style={{ height }} aria-hidden="true">
          {width > 0 ? (
            <svg width={axis.width} height={height}>
              {axis.tail.length > 0 ? <rect className="tail-ground" x={axis.headWidth} y={0} width={axis.width - axis.headWidth} height={height} /> : null}
              {ticks.map((tick) => <g key={`${tick.ms}${tick.tail}`}>{tick.tail ? null : <line className="dg-grid" x1={tick.x} x2={tick.x} y1={axisHeight} y2={height} />}<text className="dg-tick" x={tick.x} y={15} textAnchor={tick.x < 8 ? 'start' : 'middle'}>{tick.label}</text></g>)}
              {fall.lanes.map((lane, index) => <LaneRow key={lane.key} lane={lane} axis={axis} y={axisHeight + index * laneHeight} />)}
              {axis.tail.length > 0 ? <Tear x={axis.headWidth} height={height} /> : null}
              {cutX === null ? null : <g><line className="dg-cut" x1={cutX} x2={cutX} y1={axisHeight - 2} y2={height} /><rect className="dg-cut-flag" x={cutX - flagWidth(fall.cutMs) / 2} y={2} width={flagWidth(fall.cutMs)} height={17} rx={3} /><text className="dg-cut-text" x={cutX} y={15} textAnchor="middle">{formatMs(fall.cutMs ?? 0)}</text></g>}
            </svg>
          ) : null}
        </div>
      </div>
      <table className="sr-only" aria-label="Hops and deadlines of this request">
        <thead><tr><th>Hop</th><th>From</th><th>To</th><th>Deadlines</th></tr></thead>
        <tbody>{fall.lanes.map((lane) => <tr key={lane.key}><td>{lane.name}</td><td>{lane.bar ? exactMs(lane.bar.startMs) : ''}</td><td>{lane.bar ? exactMs(lane.bar.endMs) : ''}</td><td>{lane.deadlines.map((deadline) => `${deadline.label}${deadline.fired ? ', fired' : ''}`).join('; ')}</td></tr>)}</tbody>
      </table>
    </section>
  )
}

function flagWidth(ms: number | null): number {
  return textWidth(formatMs(ms ?? 0), true) + 12
}

function Stages({ diagnosis }: { diagnosis: Diagnosis }) {
  return (
    <ol className="stages" aria-label="Stages">
      {stageIds.map((id, index) => {
        const atMs = diagnosis.stages.find((stage) => stage.id === id)?.atMs ?? null
        return (
          <li key={id} className={cx('stage', atMs === null && 'stage-not_reached')}>
            <span className="pin" aria-hidden="true">{index + 1}</span><span className="stage-id">{id}</span><span className="stage-time num">{atMs === null ? 'not in the logs' : exactMs(atMs)}</span>
          </li>
        )
      })}
    </ol>
  )
}

function LaneRow({ lane, axis, y }: { lane: Lane; axis: Axis; y: number }) {
  const { bar } = lane
  const from = bar ? Math.max(0, xOf(axis, bar.startMs)) : 0
  const to = bar ? Math.min(axis.headWidth, Math.max(from + 2, xOf(axis, bar.endMs))) : 0
  const words = bar ? fitText(bar.text, to - from - 12) : ''
  const pending = lane.deadlines.filter((deadline) => !deadline.fired)
  const places = labelPlaces(pending.map((deadline) => ({ x: xOf(axis, deadline.atMs), label: deadline.label })), { from: bar ? to + (words ? 0 : textWidth(bar.text) + 8) : 0, breakAt: axis.tail.length > 0 ? axis.headWidth : null, to: axis.width })
  return (
    <g className={`tone-${lane.tone}`}>
      <title>{bar ? `${lane.name}: ${exactMs(bar.startMs)} to ${exactMs(bar.endMs)}` : `${lane.name}: nothing of it in the logs`}</title>
      <line className="dg-grid" x1={0} x2={axis.width} y1={y + laneHeight - 0.5} y2={y + laneHeight - 0.5} />
      {bar ? <><rect className="bar-body" x={from} y={y + 4} width={to - from} height={laneHeight - 8} rx={2} /><rect className="bar-edge" x={from} y={y + 4} width={2} height={laneHeight - 8} />{bar.failed ? <rect className="bar-end-cut" x={to - 2} y={y + 4} width={2} height={laneHeight - 8} /> : null}</> : null}
      {bar && words ? <text className="dg-bar-text" x={from + 8} y={y + 16}>{words}</text> : null}
      {bar && !words ? <text className="dg-note" x={to + 5} y={y + 16}>{bar.text}</text> : null}
      {pending.map((deadline, index) => {
        const x = xOf(axis, deadline.atMs)
        const place = places[index] ?? null
        return <g key={deadline.label}><title>{deadline.label}</title><line className="deadline" x1={x} x2={x} y1={y + 2} y2={y + laneHeight - 2} />{place ? <text className="dg-note" x={place.x} y={y + 16} textAnchor={place.anchor}>{place.text}</text> : null}</g>
      })}
      {lane.deadlines.filter((deadline) => deadline.fired).map((deadline) => <text key={deadline.label} className="dg-fired" x={Math.max(to, xOf(axis, deadline.atMs)) + (words || !bar ? 7 : 60)} y={y + 16}>{fitText(`${deadline.label} fired`, axis.headWidth - Math.max(to, xOf(axis, deadline.atMs)) - 12)}</text>)}
    </g>
  )
}
