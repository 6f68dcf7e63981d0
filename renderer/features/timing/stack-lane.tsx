import type { StackSegment } from '../../state/stacks.ts'
import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Lane } from './lanes.ts'
import { fitText } from '../../ui/time-axis/text-width.ts'
import { rectPath } from './rect-path.ts'

/** Shapes drawn at most: more cannot be told apart on any screen. */
const most = 1200

interface Shape { x: number; width: number; segment: StackSegment }

/** Where the script stood, from the samples: computing solid, waiting pale. Stretches too thin to see are drawn together. */
export function StackLane({ axis, lane, segments }: { axis: Axis; lane: Lane | undefined; segments: readonly StackSegment[] }) {
  if (!lane) return null
  const shapes = placeSegments(axis, segments)
  const idle = Map.groupBy(shapes, ({ segment }) => segment.state !== 'computing')
  return (
    <g className="stack-lane tone-python">
      {[false, true].map((isIdle) => <StackShapes key={String(isIdle)} className={isIdle ? 'bar bar-idle' : 'bar bar-solid'} shapes={idle.get(isIdle) ?? []} lane={lane} />)}
      {shapes.map(({ x, width, segment }) => (width > 34 ? <StackLabel key={segment.startMs} segment={segment} x={x + 7} y={lane.top + lane.height / 2 + 4} room={width - 12} /> : null))}
    </g>
  )
}

function placeSegments(axis: Axis, segments: readonly StackSegment[]): Shape[] {
  const shapes: Shape[] = []
  for (const [index, segment] of segments.entries()) {
    const endMs = segments[index + 1]?.startMs ?? segment.endMs
    const left = Math.max(0, xOf(axis, segment.startMs))
    const right = Math.min(axis.headWidth, xOf(axis, Math.min(endMs, axis.view.toMs)))
    if (right <= 0 || left >= axis.headWidth || right < left) continue
    const before = shapes.at(-1)
    if (before && right - left < 1 && left - (before.x + before.width) < 1) { before.width = Math.max(before.width, right - before.x); continue }
    if (shapes.length < most) shapes.push({ x: left, width: Math.max(right - left, 1), segment })
  }
  return shapes
}

function StackShapes({ className, shapes, lane }: { className: string; shapes: readonly Shape[]; lane: Lane }) {
  if (shapes.length === 0) return null
  const bodies = shapes.map(({ x, width }) => ({ x, width, y: lane.top + 3, height: lane.height - 6 }))
  return (
    <g className={className}>
      <path className="bar-body" d={rectPath(bodies)} />
      <path className="bar-edge" d={rectPath(bodies.filter(({ width }) => width > 3).map((body) => ({ ...body, width: 2 })))} />
    </g>
  )
}

function StackLabel({ segment, x, y, room }: { segment: StackSegment; x: number; y: number; room: number }) {
  const own = segment.own >= 0 ? segment.frames[segment.own] : segment.frames[0]
  if (!own) return null
  const caller = segment.own >= 0 ? segment.frames[segment.own + 1] : undefined
  const place = `${own.function}:${own.line}`
  const words = fitText(place, room) || fitText(`line ${own.line}`, room)
  const from = caller && words === place ? fitText(`from ${caller.function}:${caller.line}`, room - place.length * 6 - 8) : ''
  return <text className="bar-label" x={x} y={y}>{words}{from ? <tspan className="bar-detail" dx={6}>{from}</tspan> : null}</text>
}
