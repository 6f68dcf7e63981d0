import { useMemo } from 'react'
import { formatBytes, formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { effortOf } from '../../state/effort.ts'
import { stacksOf } from '../../state/stacks.ts'
import { type Axis, isInTail, xOf } from '../../ui/time-axis/axis.ts'
import { type DeadlineMark } from './deadlines.ts'
import { freeStretch } from './free-stretch.ts'
import type { Lane } from './lanes.ts'
import { curvesOf } from './resource-rows.ts'
import type { ResourcePoint } from './resources.ts'
import { fitText, textWidth } from '../../ui/time-axis/text-width.ts'

interface LaneNotesProps { axis: Axis; lanes: readonly Lane[]; run: Run; deadlines: readonly DeadlineMark[]; resources: readonly ResourcePoint[] }

/** Words in the lanes: what fired, what is missing, what the curves add up to. Always beside the bars, never over them. */
export function LaneNotes({ axis, lanes, run, deadlines, resources }: LaneNotesProps) {
  const endOf = (lane: Lane) => lane.bars.reduce((right, bar) => Math.max(right, Math.min(xOf(axis, Math.min(bar.endMs, axis.view.toMs)), axis.headWidth)), 0)
  const taken = Math.max(0, ...lanes.map(endOf))
  const curves = useMemo(() => curvesOf(resources, lanes, run, axis), [resources, lanes, run, axis])
  return (
    <g className="lane-notes">
      {lanes.map((lane) => {
        const end = endOf(lane)
        const fired = deadlines.find((mark) => mark.state === 'fired' && mark.laneId === lane.id)
        const y = lane.top + lane.height / 2 + 4
        if (fired) {
          const from = Math.max(end, isInTail(axis, fired.atMs) ? end : xOf(axis, fired.atMs)) + 8
          return <Note key={lane.id} x={from} y={y} room={axis.headWidth - from - 10} text={`${fired.name} ${fired.value} fired`} short={`${fired.name} fired`} className="note-fired" />
        }
        if (lane.kind === 'absent') return <Note key={lane.id} x={8} y={y} room={axis.headWidth - 20} text="not in this run: nothing here could cut it" short="not in this run" />
        if (lane.id === 'client' && run.ended) {
          return <NoLimit key={lane.id} axis={axis} y={y} run={run} />
        }
        if (lane.id === 'sub-stages' && run.ended && !lane.bars.some((bar) => bar.label === 'serialise')) return <Note key={lane.id} x={end + 8} y={y} room={axis.headWidth - end - 18} text="serialise not reached" short="" />
        if (lane.kind === 'cpu') return <CurveNote key={lane.id} axis={axis} lane={lane} taken={taken} isTailFree={!deadlines.some((mark) => mark.laneId === lane.id)} text={cpuWords(run)} curve={curves.find((curve) => curve.what === 'cpu')?.points ?? []} />
        if (lane.kind === 'memory') {
          const text = memoryWords(resources)
          return text ? <Note key={lane.id} x={Math.max(8, axis.headWidth * 0.2)} y={y} room={axis.headWidth * 0.75} text={text} short="" ground /> : null
        }
        return null
      })}
    </g>
  )
}

/** A client without a limit says so where its deadline would stand. */
function NoLimit({ axis, y, run }: { axis: Axis; y: number; run: Run }) {
  const has = run.limits.some((limit) => (limit.id === 'client.total' || limit.id === 'client.first_byte') && limit.value !== null)
  if (has || axis.tail.length === 0) return null
  return <Note x={axis.tail[0]?.x ?? 0} y={y} room={200} text="no client limit set" short="" />
}

/**
 * Words beside a curve: where it is not; else behind it in the tail, where no deadline of this lane stands; fewer of them where all have no
 * room. What finds no place at all stands at the end of the lane, on a ground.
 */
function CurveNote({ axis, lane, taken, isTailFree, text, curve }: { axis: Axis; lane: Lane; taken: number; isTailFree: boolean; text: string; curve: readonly { x: number; y: number }[] }) {
  if (!text) return null
  const y = lane.top + lane.height / 2 + 4
  const short = text.split(':')[0] ?? text
  for (const words of [text, short]) {
    const width = textWidth(words)
    const free = freeStretch(curve, taken, axis.headWidth, y + 3, width)
    if (free) return <Note x={free.x} y={y} room={free.room} text={words} short="" />
    const tail = axis.width - axis.headWidth - 2 * tailMargin
    if (isTailFree && axis.tail.length > 0 && tail >= width) return <Note x={axis.headWidth + tailMargin} y={y} room={tail} text={words} short="" />
  }
  return <Note x={Math.max(8, axis.headWidth - textWidth(short) - 10)} y={y} room={axis.headWidth - 18} text={short} short="" ground />
}
/** Clear of the tear, px. */
const tailMargin = 16

function Note({ x, y, room, text, short, className = '', ground = false }: { x: number; y: number; room: number; text: string; short: string; className?: string; ground?: boolean }) {
  const shown = textWidth(text, className !== '') <= room ? text : short && textWidth(short, true) <= room ? short : fitText(text, room)
  if (!shown) return null
  return (
    <g>
      {ground ? <rect className="note-ground" x={x - 3} y={y - 11} width={textWidth(shown) + 6} height={15} /> : null}
      <text className={`note ${className}`} x={x} y={y}>{shown}</text>
    </g>
  )
}

function cpuWords(run: Run): string {
  const exit = run.exit?.exit
  const last = run.readings.at(-1)
  const cpuMs = exit?.cpuMs ?? last?.cpuMs
  if (cpuMs == null) return ''
  const started = run.process?.atMs ?? 0
  const wallMs = exit?.wallMs ?? (last ? last.atMs - started : 0)
  const words = { waiting: ': waiting, not computing', computing: ': computing', starved: ': it wanted more, the machine was busy', mixed: '' }[effortOf(cpuMs, wallMs, stacksOf(run))]
  return `${formatMs(Math.round(cpuMs))} used ${exit ? `in ${formatMs(Math.round(wallMs))}` : 'so far'}${words}`
}

function memoryWords(resources: readonly ResourcePoint[]): string {
  const space = resources.reduce((most, point) => Math.max(most, point.addressSpaceBytes), 0)
  const resident = resources.reduce((most, point) => Math.max(most, point.rssBytes), 0)
  return [space > 0 ? `address space ${formatBytes(space)}` : '', resident > 0 ? `resident ${formatBytes(resident)}` : ''].filter(Boolean).join(' \u2002 ')
}
