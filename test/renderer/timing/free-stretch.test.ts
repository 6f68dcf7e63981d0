import { expect, test } from 'vitest'
import { freeStretch } from '../../../renderer/features/timing/free-stretch.ts'

/** A lane 500 px wide; the words reach down to 20, the floor is at 28. */
const placed = (points: [x: number, y: number][], wanted = 150, taken = 0) => freeStretch(points.map(([x, y]) => ({ x, y })), taken, 500, 20, wanted)

test('words stand behind the end of a curve that leaves room there', () => {
  expect(placed([[10, 5], [300, 5]])).toEqual({ x: 308, room: 184 })
})
test('and behind the line of now, which moves ahead of it', () => {
  expect(placed([[10, 5], [300, 5]], 150, 320)).toEqual({ x: 328, room: 164 })
})
test('else above it, in the longest stretch in which it is low', () => {
  expect(placed([[0, 28], [40, 28], [60, 5], [100, 5], [120, 28], [400, 28], [420, 5], [490, 5]])).toEqual({ x: 128, room: 264 })
})
test('a line that rises within the stretch ends it', () => {
  expect(placed([[0, 28], [120, 28], [140, 5], [160, 28], [280, 28], [300, 5], [490, 5]])).toBeNull()
})
test('else before its beginning', () => {
  expect(placed([[300, 5], [490, 5]])).toEqual({ x: 8, room: 284 })
})
test('nowhere, where it is high all along', () => {
  expect(placed([[0, 5], [490, 5]])).toBeNull()
})
test('anywhere, where there is no curve', () => {
  expect(placed([])).toEqual({ x: 8, room: 484 })
})
