import { tickingMs, exactMs } from '../../ui/numbers.ts'
import type { Axis } from '../../ui/time-axis/axis.ts'
import { placeBars, type PlacedBar } from './bars.ts'
import type { Lane } from './lanes.ts'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'

/** The bars of one lane. */
export function LaneBars({ axis, lane }: { axis: Axis; lane: Lane }) {
  const bars = placeBars(axis, lane.bars)
  const labelled = bars.filter((bar) => bar.look !== 'back')
  // A short step at the beginning of a bar stands on top of it: the bar's own label begins behind it.
  const startOf = (bar: PlacedBar) => bars.reduce((x, other) => (other !== bar && other.x >= bar.x && other.x <= x + 120 && other.width < bar.width && other.x + other.width < bar.x + bar.width / 2 ? Math.max(x, other.x + other.width) : x), bar.x)
  return (
    <g className={`lane-bars tone-${lane.tone ?? 'os'}`}>
      {bars.map((bar) => <BarShape key={`${bar.id}${bar.startMs}`} bar={bar} lane={lane} />)}
      {(labelled.length > 0 ? labelled : bars).map((bar) => <BarLabel key={`${bar.id}${bar.startMs}`} bar={bar} lane={lane} from={startOf(bar)} />)}
    </g>
  )
}

/** A bar: pale body, strong left edge; a red or orange right edge tells that it was cut or failed. */
export function BarShape({ bar, lane }: { bar: PlacedBar; lane: Lane }) {
  const y = lane.top + 3
  const height = lane.height - 6
  const width = Math.max(bar.width, 2)
  return (
    <g className={`bar bar-${bar.look}`}>
      <rect className="bar-body" x={bar.x} y={y} width={width} height={height} rx={1} />
      {bar.look === 'wait' ? <rect className="bar-hatch" x={bar.x} y={y} width={width} height={height} fill="url(#queue-hatch)" /> : null}
      {bar.cutLeft ? null : <rect className="bar-edge" x={bar.x} y={y} width={Math.min(2, width)} height={height} />}
      {(bar.end === 'cut' || bar.end === 'failed') && !bar.cutRight ? <rect className={`bar-end-${bar.end}`} x={bar.x + width - 2} y={y} width={2} height={height} /> : null}
    </g>
  )
}

function BarLabel({ bar, lane, from }: { bar: PlacedBar; lane: Lane; from: number }) {
  const room = bar.width - (from - bar.x) - 12
  if (room < 18) return null
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
