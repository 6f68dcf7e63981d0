import { quantile } from './figure.ts'

/** What a script tells of its own work: the instant each block of it ended (ms of the run), one block behind the other. */
export interface Blocks { startMs: number; endsMs: readonly number[] }

/** A block that overlaps this stretch around a sample (ms) was disturbed by it, if any was. */
const before = 0.05
const after = 0.3
/** Segments that are told apart; the median of them is the figure, so that one disturbance from outside does not make it (ms). */
const segmentMs = 200

/**
 * The share of a script's time (%) that its blocks took longer around the given instants than elsewhere. Both kinds of block lie fractions of
 * a millisecond apart in one process, so a machine that runs faster now than a second ago makes no difference between them. Blocks around
 * `exceptMs` count as neither. Instants are in order.
 */
export function costAround(instantsMs: readonly number[], exceptMs: readonly number[], blocks: Blocks): number {
  const costs: number[] = []
  const last = blocks.endsMs.at(-1) ?? 0
  for (let from = blocks.startMs; from + segmentMs <= last; from += segmentMs) {
    const cost = costOfSegment(instantsMs, exceptMs, blocks, from)
    if (cost !== null) costs.push(cost)
  }
  return quantile(costs, 0.5) * 100
}

function costOfSegment(instantsMs: readonly number[], exceptMs: readonly number[], blocks: Blocks, fromMs: number): number | null {
  const near: number[] = []
  const far: number[] = []
  const isNear = followerOf(instantsMs)
  const isExcepted = followerOf(exceptMs)
  let startMs = blocks.startMs
  for (const endMs of blocks.endsMs) {
    if (startMs >= fromMs && endMs < fromMs + segmentMs && !isExcepted(startMs, endMs)) (isNear(startMs, endMs) ? near : far).push(endMs - startMs)
    startMs = endMs
  }
  if (near.length === 0 || far.length === 0) return null
  const usual = quantile(far, 0.5)
  return (meanOf(near) - meanOf(far)) * near.length / ((near.length + far.length) * usual)
}

/** Tells, for stretches asked about in their order, whether one of the instants disturbed them. */
function followerOf(instantsMs: readonly number[]): (startMs: number, endMs: number) => boolean {
  let next = 0
  return (startMs, endMs) => {
    while (next < instantsMs.length && (instantsMs[next] ?? 0) + after < startMs) next++
    return (instantsMs[next] ?? Infinity) - before < endMs
  }
}

/** Without the longest hundredth: what another program does to a block has nothing to do with where a sample was. */
function meanOf(values: readonly number[]): number {
  const kept = values.toSorted((one, other) => one - other).slice(0, Math.ceil(values.length * 0.99))
  return kept.reduce((sum, value) => sum + value, 0) / kept.length
}
