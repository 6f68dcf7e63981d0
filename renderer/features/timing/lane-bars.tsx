import { tickingMs, exactMs } from '../../ui/numbers.ts'
import type { Axis } from '../../ui/time-axis/axis.ts'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'
import { placeBars, type PlacedBar } from './bars.ts'
import type { Bar, Lane } from './lanes.ts'
import { type Box, rectPath } from './rect-path.ts'

/** From back to front: what lies behind its own parts is drawn first. */
const looks: readonly Bar['look'][] = ['back', 'solid', 'idle', 'wait']
/** A label in less room than this (px) says nothing. */
const leastLabel = 18

/** The bars of one lane. */
export function LaneBars({ axis, lane }: { axis: Axis; lane: Lane }) {
  const bars = placeBars(axis, lane.bars)
  const labelled = bars.some((bar) => bar.look !== 'back') ? bars.filter((bar) => bar.look !== 'back') : bars
  return (
    <g className={`lane-bars tone-${lane.tone ?? 'os'}`}>
      {looks.map((look) => <BarShapes key={look} look={look} bars={bars.filter((bar) => bar.look === look)} lane={lane} />)}
      {labelled.map((bar) => (bar.width - 12 < leastLabel ? null : <BarLabel key={`${bar.id}${bar.startMs}`} bar={bar} lane={lane} from={labelStart(bar, bars)} />))}
    </g>
  )
}

/** A short step at the beginning of a bar stands on top of it: the bar's own label begins behind it. */
function labelStart(bar: PlacedBar, bars: readonly PlacedBar[]): number {
  return bars.reduce((x, other) => (other !== bar && other.x >= bar.x && other.x <= x + 120 && other.width < bar.width && other.x + other.width < bar.x + bar.width / 2 ? Math.max(x, other.x + other.width) : x), bar.x)
}

/** Bars of one look: pale body, strong left edge; a red or orange right edge tells that one was cut or failed. */
function BarShapes({ look, bars, lane }: { look: Bar['look']; bars: readonly PlacedBar[]; lane: Lane }) {
  if (bars.length === 0) return null
  const bodies = bars.map((bar): Box => ({ x: bar.x, y: lane.top + 3, width: Math.max(bar.width, 2), height: lane.height - 6 }))
  const bodyPath = rectPath(bodies)
  const rightEdges = (end: 'cut' | 'failed') => bodies.flatMap((body, index): Box[] => (bars[index]?.end === end && !bars[index].cutRight ? [{ ...body, x: body.x + body.width - 2, width: 2 }] : []))
  const [cut, failed] = [rightEdges('cut'), rightEdges('failed')]
  return (
    <g className={`bar bar-${look}`}>
      <path className="bar-body" d={bodyPath} />
      {look === 'wait' ? <path className="bar-hatch" d={bodyPath} fill="url(#queue-hatch)" /> : null}
      <path className="bar-edge" d={rectPath(bodies.filter((_, index) => !bars[index]?.cutLeft).map((body) => ({ ...body, width: 2 })))} />
      {cut.length > 0 ? <path className="bar-end-cut" d={rectPath(cut)} /> : null}
      {failed.length > 0 ? <path className="bar-end-failed" d={rectPath(failed)} /> : null}
    </g>
  )
}

function BarLabel({ bar, lane, from }: { bar: PlacedBar; lane: Lane; from: number }) {
  const room = bar.width - (from - bar.x) - 12
  if (room < leastLabel) return null
  const label = bar.count > 1 ? `${bar.count} spans` : bar.label
  const name = fitText(label, room)
  if (!name) return null
  const lasted = bar.endMs - bar.startMs
  const detail = [bar.end === 'open' ? tickingMs(lasted) : exactMs(lasted), bar.detail].filter(Boolean).join(', ')
  const left = room - textWidth(name) - 8
  const shown = name === label ? [detail, exactMs(lasted)].find((text) => textWidth(text) <= left) : undefined
  return (
    <text className="bar-label" x={from + 7} y={lane.top + lane.height / 2 + 4}>
      {name}{shown ? <tspan className="bar-detail" dx={6}>{shown}</tspan> : null}
    </text>
  )
}
