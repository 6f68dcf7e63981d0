import { formatMs } from '../../limits/units.ts'

/**
 * The time axis of the report's drawing, in px:
 *
 *   |0 ---------- what happened, linear ---------- |~| 30 s   60 s   65 s |
 *
 * Deadlines long after the end stand behind a tear, in order and with room for their labels, but not to scale: so a cut at
 * 500 ms and a limit of 65 s are both readable.
 */
export interface TimeAxis {
  left: number
  right: number
  /** Where the linear part ends, px; `right` when nothing stands behind the tear. */
  headEnd: number
  /** End of the linear part, ms. */
  headMs: number
  ticks: number[]
  /** Places behind the tear. */
  tail: readonly { label: string; x: number }[]
  xOf(ms: number): number
}

const headShare = 0.7
const tailFromShare = 0.76
const tailToShare = 0.95

export function timeAxisOf(left: number, right: number, endMs: number, deadlinesMs: readonly number[]): TimeAxis {
  const end = Math.max(endMs, 0.001)
  const headMs = deadlinesMs.reduce((most, ms) => ms <= end * 1.6 ? Math.max(most, ms * 1.1) : most, end * 1.25)
  const tail = groupsOf(deadlinesMs.filter((ms) => ms > headMs).toSorted((a, b) => a - b))
  const width = right - left
  const headEnd = tail.length === 0 ? right : left + width * headShare
  const tailX = (index: number) => left + width * (tailFromShare + (tail.length === 1 ? 0 : ((tailToShare - tailFromShare) * index) / (tail.length - 1)))
  return {
    left, right, headEnd, headMs, ticks: ticksOf(headMs),
    tail: tail.map(({ fromMs }, index) => ({ label: formatMs(roundestNear(fromMs)), x: tailX(index) })),
    xOf(ms) {
      const index = ms > headMs ? tail.findIndex((group) => ms >= group.fromMs && ms <= group.toMs) : -1
      return index === -1 ? left + (Math.min(Math.max(ms, 0), headMs) / headMs) * (headEnd - left) : tailX(index)
    },
  }
}

/** Deadlines that a few milliseconds part (30 s counted from here or from there) share a place. */
function groupsOf(sorted: readonly number[]): { fromMs: number; toMs: number }[] {
  const groups: { fromMs: number; toMs: number }[] = []
  for (const ms of sorted) {
    const last = groups.at(-1)
    if (last && ms <= last.fromMs * 1.02) last.toMs = ms
    else groups.push({ fromMs: ms, toMs: ms })
  }
  return groups
}

/** The number with the fewest digits within a hundredth: 60 053 -> 60 000, for a limit of 60 s is not counted from 0. */
function roundestNear(ms: number): number {
  const rounded = [1, 2, 3].map((digits) => Number(ms.toPrecision(digits)))
  return rounded.find((candidate) => Math.abs(candidate - ms) <= ms / 100) ?? ms
}

/** Four to eight round numbers from 0 on. */
function ticksOf(endMs: number): number[] {
  const rough = endMs / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power * 10
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step)
}
