import { describe, expect, test } from 'vitest'
import { axisOf } from '../../../renderer/ui/time-axis/axis.ts'
import { placeBars } from '../../../renderer/features/timing/bars.ts'
import type { Bar } from '../../../renderer/features/timing/lanes.ts'
import { mergePins } from '../../../renderer/features/timing/pins.ts'

const bar = (startMs: number, endMs: number, change: Partial<Bar> = {}): Bar => ({ id: `${startMs}`, startMs, endMs, tone: 'python', label: 'x', detail: '', end: 'ok', look: 'solid', ...change })
const axis = axisOf({ mode: 'linear', width: 1000, zoom: { fromMs: 0, toMs: 1000 }, endMs: 1000, deadlinesMs: [] })

describe('bars', () => {
  test('5 000 spans become no more shapes than pixels can show', () => {
    const many = Array.from({ length: 5000 }, (_, index) => bar(index * 0.2, index * 0.2 + 0.15))
    const placed = placeBars(axis, many)
    expect(placed.length).toBeLessThanOrEqual(500)
    expect(placed.reduce((sum, one) => sum + one.count, 0)).toBe(5000)
  })
  test('wide bars are never merged, and a cut among thin ones still shows', () => {
    expect(placeBars(axis, [bar(0, 100), bar(100, 200)])).toHaveLength(2)
    const [merged] = placeBars(axis, [bar(10, 10.1), bar(10.2, 10.3, { end: 'cut' })])
    expect(merged).toMatchObject({ count: 2, end: 'cut' })
  })
  test('what is outside the view is left out, what runs out of it is cut off there', () => {
    const zoomed = axisOf({ mode: 'break', width: 1000, zoom: { fromMs: 100, toMs: 200 }, endMs: 1000, deadlinesMs: [30_000] })
    const placed = placeBars(zoomed, [bar(0, 50), bar(0, 150), bar(150, 900), bar(500, 600)])
    expect(placed.map((one) => [one.startMs, one.cutLeft, one.cutRight])).toEqual([[0, true, false], [150, false, true]])
    for (const one of placed) expect(one.x + one.width).toBeLessThanOrEqual(zoomed.headWidth + 0.001)
  })
})

describe('stage pins', () => {
  const pin = (number: number, x: number, failed = false) => ({ number, x, failed })
  test('closer than 16 px are drawn as one', () => {
    expect(mergePins([pin(1, 1), pin(2, 2), pin(3, 4), pin(4, 400, true)]).map((group) => group.label)).toEqual(['1–3', '4'])
  })
  test('a failed one stays apart, and groups do not cover each other', () => {
    const groups = mergePins([pin(3, 0), pin(4, 1, true), pin(5, 2)])
    expect(groups.map((group) => group.label)).toEqual(['3', '4', '5'])
    for (let index = 1; index < groups.length; index++) expect(groups[index]!.x).toBeGreaterThanOrEqual(groups[index - 1]!.x + groups[index - 1]!.width)
  })
})
