import { type Axis, msOf, type View } from '../../ui/time-axis/axis.ts'

/** The shortest stretch that can be shown (ms): below it the clock's own resolution is all there is to see. */
export const shortestMs = 0.05

/** Zooms by `factor` (above 1 = closer) and keeps the instant at `x` under the pointer. */
export function zoomAt(axis: Axis, x: number, factor: number): View {
  const at = Math.min(x, axis.headWidth)
  const fromMs = msOf(axis, at - at / factor)
  const toMs = msOf(axis, at + (axis.headWidth - at) / factor)
  if (toMs - fromMs >= shortestMs) return clampView({ fromMs, toMs })
  const centre = msOf(axis, at)
  return clampView({ fromMs: centre - shortestMs / 2, toMs: centre + shortestMs / 2 })
}

/** Moves the view by a share of its width; positive = later. */
export function panBy(view: View, share: number): View {
  const shift = (view.toMs - view.fromMs) * share
  return clampView({ fromMs: view.fromMs + shift, toMs: view.toMs + shift })
}

/** Shows what was dragged over; null when it was a click. */
export function viewOfDrag(axis: Axis, fromX: number, toX: number): View | null {
  if (Math.abs(toX - fromX) < 5) return null
  const [left, right] = [Math.min(fromX, toX), Math.max(fromX, toX)]
  const view = { fromMs: msOf(axis, Math.max(0, left)), toMs: msOf(axis, Math.min(right, axis.headWidth)) }
  return view.toMs - view.fromMs < shortestMs ? null : clampView(view)
}

/** Moves the view so that an instant is in it, keeping its width; unchanged when it is already. */
export function revealIn(view: View, ms: number): View {
  if (ms >= view.fromMs && ms <= view.toMs) return view
  const span = view.toMs - view.fromMs
  return clampView({ fromMs: ms - span / 2, toMs: ms + span / 2 })
}

/** Time starts at 0; a little room before it keeps the first bar's edge visible. */
function clampView({ fromMs, toMs }: View): View {
  const span = toMs - fromMs
  const from = Math.max(0, fromMs)
  return { fromMs: from, toMs: from + span }
}
