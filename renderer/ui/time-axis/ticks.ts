import { formatMs, groupedOf } from '../../../shared/limits/units.ts'
import { type Axis, xOf } from './axis.ts'

/** A labelled place on the axis. `tail`: behind the tear. `grid`: also drawn as a line through the lanes. */
export interface Tick { ms: number; x: number; label: string; tail: boolean }

/** px between two labels, and between two that are written out exactly. */
const spacing = 72
const exactSpacing = 90

/** Labels of the axis: round steps in the head, the deadlines themselves in the tail; never two on top of each other. */
export function ticksOf(axis: Axis, deadlines: readonly { atMs: number; value: string }[] = []): Tick[] {
  const steps = axis.mode === 'log' ? logSteps(axis) : linearSteps(axis)
  const labelOf = axis.mode === 'log' || steps.length === new Set(steps.map(formatMs)).size ? formatMs : exactLabel((steps[1] ?? 0) - (steps[0] ?? 0))
  const head = steps
    .map((ms) => ({ ms, x: xOf(axis, ms), label: labelOf(ms), tail: false }))
    .filter((tick) => tick.x >= -0.5 && tick.x <= axis.headWidth - (axis.tail.length > 0 ? 30 : 14))
  // The instant of a deadline is its value and a few ms: the label shows the value.
  const valueAt = (ms: number) => deadlines.find((deadline) => Math.abs(deadline.atMs - ms) < ms * 0.001)?.value
  const tail = axis.tail.map(({ ms, x }) => ({ ms, x, label: valueAt(ms) ?? formatMs(Number(ms.toPrecision(3))), tail: true }))
  return [...spaced(head, labelOf === formatMs ? 34 : exactSpacing), ...spaced(tail, 34)]
}

/** Zoomed in far enough, neighbours differ in digits that are otherwise left out: `172.24 ms`, `5 061 ms`. */
function exactLabel(stepMs: number): (ms: number) => string {
  return (ms) => {
    const [unit, unitMs] = ms >= 100_000 ? ['s', 1000] : ['ms', 1]
    const digits = Math.max(0, Math.ceil(-Math.log10(stepMs / unitMs) - 1e-9))
    return `${groupedOf(ms / unitMs, digits)} ${unit}`
  }
}

/** Multiples of 1, 2 or 5 times a power of ten. */
export function linearSteps(axis: Axis): number[] {
  const { fromMs, toMs } = axis.view
  const step = stepOf((toMs - fromMs) / Math.max(2, Math.floor(axis.headWidth / spacing)))
  const first = Math.ceil(fromMs / step - 1e-9)
  const steps: number[] = []
  for (let index = first; index * step <= toMs + step * 1e-9 && steps.length < 200; index++) steps.push(Number((index * step).toPrecision(12)))
  return steps
}

/** The next round step at or above `raw`. */
export function stepOf(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  for (const factor of [1, 2, 5, 10]) if (factor * power >= raw * (1 - 1e-9)) return factor * power
  return 10 * power
}

function logSteps(axis: Axis): number[] {
  const { fromMs, toMs } = axis.view
  const steps = [0]
  for (let power = 0.001; power <= toMs; power *= 10) for (const factor of [1, 2, 5]) steps.push(Number((factor * power).toPrecision(6)))
  // Seconds and minutes read better than powers of ten above ten seconds.
  const round = [...steps.filter((ms) => ms <= 10_000), 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 3_600_000]
  return round.filter((ms) => ms >= fromMs && ms <= toMs)
}

/** Leaves out labels that would touch the one before; powers of ten win over their neighbours. */
function spaced(ticks: Tick[], least: number): Tick[] {
  const kept: Tick[] = []
  for (const tick of ticks) {
    const before = kept.at(-1)
    if (before && tick.x - before.x < least) {
      if (isPower(tick.ms) && !isPower(before.ms) && before.ms !== 0) kept[kept.length - 1] = tick
      continue
    }
    kept.push(tick)
  }
  return kept
}
function isPower(ms: number): boolean {
  const power = Math.log10(ms)
  return Math.abs(power - Math.round(power)) < 1e-6
}
