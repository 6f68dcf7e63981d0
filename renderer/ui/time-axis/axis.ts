/**
 * The one time axis of the screen. `xOf` turns ms on the run's clock into px, `msOf` back; everything that has a place in
 * time uses these two.
 *
 *   break    |0 ------- linear -------- end of head|~|30 s -- 60 s - 65 s|     head shows the view, tail only deadlines
 *   log      |0 - 1 - 10 - 100 - 1 s - 10 s - 65 s|
 *   linear   |0 ------------------------------65 s|
 */
export type AxisMode = 'break' | 'log' | 'linear'

/** A stretch of the clock, ms. */
export interface View { fromMs: number; toMs: number }

export interface Axis {
  mode: AxisMode
  /** px of the whole plot. */
  width: number
  view: View
  /** Where the head ends, px; `width` when there is no tail. */
  headWidth: number
  /** Deadlines in the tail, in order, each with its place. */
  tail: { ms: number; x: number }[]
}

/** Shares of the width, as drawn: the tear, and the stretch in which the tail's deadlines stand. */
const tearAt = 0.691
const tailFrom = 0.732
const tailTo = 0.95
/** Least distance between two deadlines in the tail, as a share of the width: room for a label. */
const tailGap = 0.075

export interface AxisInput {
  mode: AxisMode
  width: number
  /** The stretch to show; null = fit. */
  zoom: View | null
  /** End of what happened so far, ms. */
  endMs: number
  /** The run goes on: the end moves, and the axis follows in steps. */
  growing?: boolean
  /** Instants of deadlines, ms; those beyond the head go to the tail. */
  deadlinesMs: readonly number[]
}

/** Lays the axis out. Pure; a wider window or a new deadline is a new axis. */
export function axisOf({ mode, width, zoom, endMs, deadlinesMs, growing = false }: AxisInput): Axis {
  const view = zoom ?? (growing ? fitOf(mode, steppedEnd(endMs), deadlinesMs, 1.1) : fitOf(mode, endMs, deadlinesMs))
  const beyond = mode === 'break' ? apartOf(deadlinesMs.filter((ms) => ms > view.toMs && Number.isFinite(ms))) : []
  if (beyond.length === 0) return { mode, width, view, headWidth: width, tail: [] }
  return { mode, width, view, headWidth: Math.round(width * tearAt), tail: tailOf(beyond, width) }
}

/** Steps in which the end of an axis grows. */
const growth = [1, 1.5, 2, 3, 4, 5, 6, 8]
/** No axis of a run that has just begun is shorter than this (ms). */
const shortestGrowingMs = 400

/** The end that a growing axis is laid out for: a round number that the run reaches only in a while, so that what stands on the axis stays where it is until then. */
export function steppedEnd(endMs: number): number {
  const end = Math.max(endMs, shortestGrowingMs)
  const power = 10 ** Math.floor(Math.log10(end))
  return (growth.find((step) => step * power >= end) ?? 10) * power
}

/** Would everything stand at the same place on both? */
export function isSameAxis(one: Axis, other: Axis): boolean {
  return one.mode === other.mode && one.width === other.width && one.headWidth === other.headWidth && one.view.fromMs === other.view.fromMs && one.view.toMs === other.view.toMs
    && one.tail.length === other.tail.length && one.tail.every((post, index) => post.ms === other.tail[index]?.ms && post.x === other.tail[index].x)
}

/** What `F` shows: for a broken axis a bit more than the run (`air` times as much), else up to the last deadline. */
export function fitOf(mode: AxisMode, endMs: number, deadlinesMs: readonly number[], air = 1.3): View {
  const end = Math.max(endMs, 1)
  if (mode !== 'break') return { fromMs: 0, toMs: Math.max(end * 1.08, ...deadlinesMs.filter(Number.isFinite).map((ms) => ms * 1.08)) }
  // A deadline soon after the end belongs beside it, not behind the tear.
  const near = deadlinesMs.filter((ms) => ms > end && ms <= end * 1.6)
  return { fromMs: 0, toMs: Math.max(end * air, ...near.map((ms) => ms * 1.08)) }
}

/** Deadlines less than 2 % apart share one place: 30 s counted from the request and from the script's start are one label. */
function apartOf(deadlinesMs: readonly number[]): number[] {
  const apart: number[] = []
  for (const ms of deadlinesMs.toSorted((a, b) => a - b)) if (apart.length === 0 || ms > (apart.at(-1) ?? 0) * 1.02) apart.push(ms)
  return apart
}

/** Log distances kept in order, pushed apart from the right until every label has room. */
function tailOf(beyond: readonly number[], width: number): Axis['tail'] {
  const first = beyond[0] ?? 1
  const last = beyond.at(-1) ?? first
  const gap = Math.min(tailGap, (tailTo - tailFrom) / Math.max(1, beyond.length - 1))
  const shares = beyond.map((ms) => tailFrom + (last === first ? 0 : Math.log(ms / first) / Math.log(last / first)) * (tailTo - tailFrom))
  for (let index = shares.length - 2; index >= 0; index--) shares[index] = Math.min(shares[index] ?? 0, (shares[index + 1] ?? 1) - gap)
  for (let index = 0; index < shares.length; index++) shares[index] = Math.max(shares[index] ?? 0, index === 0 ? tailFrom : (shares[index - 1] ?? 0) + gap)
  return beyond.map((ms, index) => ({ ms, x: (shares[index] ?? tailFrom) * width }))
}

/** Where an instant stands, px from the left of the plot. Monotone; values outside the view fall outside `0..width`. */
export function xOf(axis: Axis, ms: number): number {
  const { view, headWidth } = axis
  if (axis.mode === 'log') return ((logOf(ms) - logOf(view.fromMs)) / (logOf(view.toMs) - logOf(view.fromMs))) * headWidth
  if (ms > view.toMs && axis.tail.length > 0) return tailX(axis, ms)
  return ((ms - view.fromMs) / (view.toMs - view.fromMs)) * headWidth
}

/** Inverse of `xOf`. */
export function msOf(axis: Axis, x: number): number {
  const { view, headWidth } = axis
  if (axis.mode === 'log') return unlogOf(logOf(view.fromMs) + (x / headWidth) * (logOf(view.toMs) - logOf(view.fromMs)))
  if (x > headWidth && axis.tail.length > 0) return tailMs(axis, x)
  return view.fromMs + (x / headWidth) * (view.toMs - view.fromMs)
}

/** Is this instant behind the tear, where nothing counts as elapsed? */
export function isInTail(axis: Axis, ms: number): boolean {
  return axis.tail.length > 0 && ms > axis.view.toMs
}

/** Logarithmic from 1 ms on, nearly linear below, so that 0 has a place. */
function logOf(ms: number): number {
  return ms >= 0 ? Math.log1p(ms) : -Math.log1p(-ms)
}
function unlogOf(value: number): number {
  return value >= 0 ? Math.expm1(value) : -Math.expm1(-value)
}

/** The tear, the deadlines and the right edge are posts; between two posts time runs logarithmically. */
function postsOf(axis: Axis): { ms: number; x: number }[] {
  const last = axis.tail.at(-1)
  return [{ ms: Math.max(axis.view.toMs, 1e-6), x: axis.headWidth }, ...axis.tail, { ms: (last?.ms ?? 1) * 2, x: axis.width }]
}
function tailX(axis: Axis, ms: number): number {
  const posts = postsOf(axis)
  for (let index = 1; index < posts.length; index++) {
    const left = posts[index - 1]
    const right = posts[index]
    if (!left || !right || (ms > right.ms && index < posts.length - 1)) continue
    return left.x + (Math.log(ms / left.ms) / Math.log(right.ms / left.ms)) * (right.x - left.x)
  }
  return axis.width
}
function tailMs(axis: Axis, x: number): number {
  const posts = postsOf(axis)
  for (let index = 1; index < posts.length; index++) {
    const left = posts[index - 1]
    const right = posts[index]
    if (!left || !right || (x > right.x && index < posts.length - 1)) continue
    return left.ms * (right.ms / left.ms) ** ((x - left.x) / (right.x - left.x))
  }
  return axis.view.toMs
}
