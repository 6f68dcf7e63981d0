import { baseOf, limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { LimitState, Run } from '../../../shared/run/fold-run.ts'
import { toneOf, type LayerTone } from '../../ui/layers.ts'
import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Lane } from './lanes.ts'

/**
 * A limit as the chart draws it. `fired`: solid red through all lanes. `pending`: dashed in its lane.
 * `idle`: dotted and struck through (over, without effect, off or not enforced).
 */
export interface DeadlineMark {
  limitId: string
  tone: LayerTone
  /** Lane that owns it: `client`, `proxy2`, `gateway`. */
  laneId: string
  state: 'fired' | 'pending' | 'idle'
  /** ms on the run's clock. */
  atMs: number
  /** `write`, `read`: the id without its layer. */
  name: string
  value: string
  /** Why it is idle; empty otherwise. */
  note: string
}

/** The deadlines of a run, in order. Limits without a clock (memory, files) have no instant and are not among them. */
export function deadlinesOf(run: Run): DeadlineMark[] {
  return run.limits.flatMap((limit) => markOf(run, limit)).toSorted((a, b) => a.atMs - b.atMs)
}

function markOf(run: Run, limit: LimitState): DeadlineMark[] {
  const kind = limitKindOf(limit.id)
  if (!kind || kind.kind !== 'time' || kind.countsFrom === null || limit.value === null) return []
  const tone = toneOf(kind.layer)
  const hop = /^proxy(\d+)\./.exec(limit.id)?.[1]
  const laneId = tone === 'proxy' && hop && hop !== '1' ? `proxy${hop}` : kind.layer === 'platform' ? 'gateway' : tone
  const base = { limitId: limit.id, tone, laneId, name: baseOf(limit.id).slice(baseOf(limit.id).indexOf('.') + 1).replaceAll('_', ' '), value: formatMs(limit.value) }
  if (limit.fired) return [{ ...base, state: 'fired', atMs: limit.fired.passedAtMs ?? limit.fired.atMs, note: '' }]
  const notInForce = limit.notEnforced ?? (limit.enforced ? null : 'not enforced')
  const atMs = limit.deadlineMs ?? limit.value
  if (notInForce) return [{ ...base, state: 'idle', atMs, note: notInForce === 'not enforced' ? notInForce : 'not enforced' }]
  if (limit.armedAtMs === null) return run.ended ? [{ ...base, state: 'idle', atMs, note: 'never started' }] : [{ ...base, state: 'pending', atMs, note: '' }]
  // What was switched off long before its time had no effect on this run; switched off by the end itself, it was pending.
  const early = limit.disarmedAtMs !== null && limit.disarmedAtMs < (run.client?.atMs ?? run.nowMs) - 5 && !endedBy(run, tone, limit.disarmedAtMs)
  return [{ ...base, state: early ? 'idle' : 'pending', atMs, note: early ? 'no effect' : '' }]
}

/** Are these the same marks at the same instants? */
export function areSameMarks(one: readonly DeadlineMark[], other: readonly DeadlineMark[]): boolean {
  return one.length === other.length && one.every((mark, index) => {
    const same = other[index]
    return same !== undefined && mark.limitId === same.limitId && mark.state === same.state && mark.atMs === same.atMs && mark.laneId === same.laneId && mark.value === same.value && mark.note === same.note
  })
}

/** How near to a deadline the pointer has to be to mean it (px). */
const reachPx = 4

/** The deadline under the pointer: in its own lane, or anywhere when it fired; null where there is none. `y`: px from the top, null = no lane in particular. */
export function deadlineAt(axis: Axis, lanes: readonly Lane[], marks: readonly DeadlineMark[], x: number, y: number | null): DeadlineMark | null {
  const lane = y === null ? null : lanes.find((candidate) => y >= candidate.top && y < candidate.top + candidate.height)
  const near = marks.filter((mark) => Math.abs(xOf(axis, mark.atMs) - x) <= reachPx && (mark.state === 'fired' || y === null || mark.laneId === lane?.id))
  return near.toSorted((a, b) => Number(a.state === 'idle') - Number(b.state === 'idle') || Math.abs(xOf(axis, a.atMs) - x) - Math.abs(xOf(axis, b.atMs) - x))[0] ?? null
}

/** Did the script or the layer's own work end at that instant? Then its limits were in force for as long as there was something to limit. */
function endedBy(run: Run, tone: LayerTone, atMs: number): boolean {
  const finished = run.stages.script_finished?.atMs
  const done = run.spans.reduce((end, span) => (toneOf(span.layer) === tone ? Math.max(end, span.endMs ?? 0) : end), 0)
  return (finished !== undefined && Math.abs(finished - atMs) < 20) || (done > 0 && atMs > done - 20)
}

/** Deadlines of one lane that stand at the same place, with one label. `side`: where the label has room. */
export interface DeadlineGroup { x: number; marks: DeadlineMark[]; side: 'left' | 'right'; room: number }

/** Groups the pending and idle marks of a lane by place and finds room for the labels: to the right, else to the left. */
export function groupDeadlines(axis: Axis, marks: readonly DeadlineMark[], widthOf: (marks: readonly DeadlineMark[]) => number): DeadlineGroup[] {
  const placed = marks.filter((mark) => mark.state !== 'fired').map((mark) => ({ mark, x: xOf(axis, mark.atMs) })).filter(({ x }) => x >= 0 && x <= axis.width).toSorted((a, b) => a.x - b.x)
  const groups: DeadlineGroup[] = []
  for (const { mark, x } of placed) {
    const group = groups.at(-1)
    if (group && x - group.x < 4) group.marks.push(mark)
    else groups.push({ x, marks: [mark], side: 'right', room: 0 })
  }
  let taken = -Infinity
  for (const [index, group] of groups.entries()) {
    const needed = widthOf(group.marks) + 8
    const next = groups[index + 1]?.x ?? axis.width + 4
    const right = next - group.x - 4
    const left = group.x - Math.max(taken, axis.tail.length > 0 && group.x > axis.headWidth ? axis.headWidth + 8 : 0) - 4
    if (right >= needed || right >= left) { group.side = 'right'; group.room = right; taken = group.x + Math.min(needed, right) }
    else { group.side = 'left'; group.room = left; taken = group.x }
  }
  return groups
}
