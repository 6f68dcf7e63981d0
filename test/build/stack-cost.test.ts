import { expect, test } from 'vitest'
import { costAround } from '../../build/bench/stack-cost.ts'

/** Two seconds of blocks of 0.1 ms; those in which one of the instants falls take `extraMs` longer. */
function blocksOf(instantsMs: readonly number[], extraMs: number): { startMs: number; endsMs: number[] } {
  const endsMs: number[] = []
  let next = 0
  for (let at = 10; at < 2010;) {
    at += 0.1
    if ((instantsMs[next] ?? Infinity) < at) { at += extraMs; next++ }
    endsMs.push(at)
  }
  return { startMs: 10, endsMs }
}
const instants = Array.from({ length: 190 }, (_, number) => 20.03 + number * 10)

test('the cost of samples is the share of time that the blocks around them took longer', () => {
  expect(costAround(instants, [], blocksOf(instants, 0.15))).toBeCloseTo(1.45, 1)
  expect(costAround(instants, [], blocksOf(instants, 0))).toBeCloseTo(0, 6)
})
test('instants at which nothing was sampled cost nothing, whatever the samples cost', () => {
  expect(costAround(instants.map((at) => at + 5), instants, blocksOf(instants, 0.15))).toBeCloseTo(0, 6)
})
test('one long disturbance from outside does not make the figure', () => {
  const blocks = blocksOf(instants, 0.15)
  const disturbed = { ...blocks, endsMs: blocks.endsMs.map((at) => (at > 700 ? at + 40 : at)) }
  expect(costAround(instants.map((at) => (at > 700 ? at + 40 : at)), [], disturbed)).toBeCloseTo(1.5, 0)
})
