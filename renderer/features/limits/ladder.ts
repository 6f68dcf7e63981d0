import { formatMs } from '../../../shared/limits/units.ts'

/** What stands on the ladder: a deadline, or the time the script really needs. */
export interface LadderItem { id: string; ms: number; /** px the label needs */ labelWidth: number; /** without effect: below others of the same time */ quiet?: boolean }
/** A flag with its place: `row` 0 is the highest. */
export interface Flag extends LadderItem { x: number; row: number; left: boolean }
export interface Ladder { flags: Flag[]; ticks: { x: number; label: string }[]; rows: number }

/**
 * Places flags on a log axis so that no two labels cover each other. A flag in the right half has its label to the left.
 * Rows are filled from the top, shortest time first, so that the order of firing reads like stairs.
 */
export function ladderOf(items: readonly LadderItem[], width: number): Ladder {
  const times = items.map((item) => item.ms).filter((ms) => ms > 0)
  if (times.length === 0 || width <= 0) return { flags: [], ticks: [], rows: 0 }
  const low = Math.log(Math.min(...times) / 2.5)
  const high = Math.log(Math.max(...times) * 1.8)
  const xOf = (ms: number) => ((Math.log(ms) - low) / (high - low)) * width
  const taken: [from: number, to: number][][] = []
  const flags = items.filter((item) => item.ms > 0).toSorted((a, b) => a.ms - b.ms || Number(a.quiet ?? false) - Number(b.quiet ?? false)).map((item): Flag => {
    const x = xOf(item.ms)
    const left = x + item.labelWidth > width - 4
    const from = left ? x - item.labelWidth : x
    const to = left ? x : x + item.labelWidth
    let row = 0
    while (taken[row]?.some(([start, end]) => from < end + 4 && to > start - 4)) row++
    ;(taken[row] ??= []).push([from, to])
    return { ...item, x, row, left }
  })
  return { flags, ticks: ticksOf(times, xOf, width), rows: taken.length }
}

const steps = [1, 10, 50, 100, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000]

/** Round times, and the deadlines' own; labels keep their distance. */
function ticksOf(times: readonly number[], xOf: (ms: number) => number, width: number): Ladder['ticks'] {
  const wanted = [...new Set([...times.map((ms) => ({ ms, own: true })), ...steps.map((ms) => ({ ms, own: false }))])].filter(({ ms }) => xOf(ms) > 14 && xOf(ms) < width - 14)
  const ticks: { x: number; label: string }[] = []
  for (const { ms } of wanted) {
    const x = xOf(ms)
    if (ticks.every((tick) => Math.abs(tick.x - x) > 44)) ticks.push({ x, label: formatMs(ms) })
  }
  return ticks.toSorted((a, b) => a.x - b.x)
}
