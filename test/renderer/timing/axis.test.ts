import { describe, expect, test } from 'vitest'
import { axisOf, fitOf, isInTail, isSameAxis, msOf, steppedEnd, xOf, type AxisMode } from '../../../renderer/ui/time-axis/axis.ts'
import { ticksOf } from '../../../renderer/ui/time-axis/ticks.ts'
import { chartScale } from '../../../renderer/features/timing/chart-scale.ts'
import { panBy, revealIn, viewOfDrag, zoomAt } from '../../../renderer/features/timing/zoom.ts'

/** The classic case: over after 500 ms, limits at 30, 60 and 65 s. */
const classic = { width: 800, zoom: null, endMs: 500, deadlinesMs: [500, 30_000, 30_004, 60_010, 65_002] }
const modes: AxisMode[] = ['break', 'log', 'linear']

describe('a broken axis', () => {
  const axis = axisOf({ ...classic, mode: 'break' })
  test('shows the run in its head and what is far away behind the tear', () => {
    expect(axis.view).toEqual({ fromMs: 0, toMs: 650 })
    expect(axis.headWidth).toBeLessThan(800 * 0.7)
    expect(xOf(axis, 500)).toBeLessThan(axis.headWidth)
    expect(isInTail(axis, 500)).toBe(false)
    expect(isInTail(axis, 30_000)).toBe(true)
  })
  test('gives deadlines a few milliseconds apart one place, and others room for a label', () => {
    expect(axis.tail.map((post) => post.ms)).toEqual([30_000, 60_010, 65_002])
    expect(Math.abs(xOf(axis, 30_004) - xOf(axis, 30_000))).toBeLessThan(1)
    for (let index = 1; index < axis.tail.length; index++) expect(axis.tail[index]!.x - axis.tail[index - 1]!.x).toBeGreaterThanOrEqual(50)
  })
  test('has no tear when no deadline is far away', () => {
    const near = axisOf({ mode: 'break', width: 800, zoom: null, endMs: 500, deadlinesMs: [600] })
    expect(near.tail).toEqual([])
    expect(near.headWidth).toBe(800)
    expect(near.view.toMs).toBeGreaterThan(600)
  })
  test('labels the tail with the values of the limits, never with their instants', () => {
    const labels = ticksOf(axis, [{ atMs: 30_000, value: '30 s' }, { atMs: 60_010, value: '60 s' }, { atMs: 65_002, value: '65 s' }]).filter((tick) => tick.tail).map((tick) => tick.label)
    expect(labels).toEqual(['30 s', '60 s', '65 s'])
  })
  test('keeps many deadlines in order even where they have no room', () => {
    const many = axisOf({ ...classic, mode: 'break', deadlinesMs: Array.from({ length: 40 }, (_, index) => 1000 * 1.1 ** index) })
    const xs = many.tail.map((post) => post.x)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    expect(xs.at(-1)).toBeLessThanOrEqual(800)
  })
})

describe.each(modes)('%s', (mode) => {
  const axis = axisOf({ ...classic, mode })
  test('places time in order, and reads every place back', () => {
    const instants = [0, 0.5, 1, 4.6, 100, 499, 500, 649, 651, 1000, 30_000, 45_000, 60_000, 65_000]
    const xs = instants.map((ms) => xOf(axis, ms))
    for (let index = 1; index < xs.length; index++) expect(xs[index]!).toBeGreaterThan(xs[index - 1]!)
    for (const ms of instants) expect(msOf(axis, xOf(axis, ms))).toBeCloseTo(ms, 3)
  })
  test('never puts two labels on top of each other', () => {
    const ticks = ticksOf(axis).toSorted((a, b) => a.x - b.x)
    expect(ticks.length).toBeGreaterThan(3)
    for (let index = 1; index < ticks.length; index++) expect(ticks[index]!.x - ticks[index - 1]!.x).toBeGreaterThanOrEqual(30)
  })
  test('zooms around the pointer', () => {
    const x = axis.headWidth * 0.4
    const before = msOf(axis, x)
    const zoomed = axisOf({ ...classic, mode, zoom: zoomAt(axis, x, 3) })
    expect(zoomed.view.toMs - zoomed.view.fromMs).toBeLessThan(axis.view.toMs - axis.view.fromMs)
    expect(Math.abs(xOf(zoomed, before) - x)).toBeLessThan(axis.headWidth * 0.12)
  })
  test('survives a run of no length and absurd deadlines', () => {
    const odd = axisOf({ mode, width: 1, zoom: null, endMs: 0, deadlinesMs: [0, Infinity, 2 ** 31] })
    expect(Number.isFinite(xOf(odd, 1))).toBe(true)
    expect(ticksOf(odd).every((tick) => Number.isFinite(tick.x))).toBe(true)
  })
})

test.each(['break', 'linear'] as const)('%s: however far one zooms in, every label says another instant, and the one it stands at', (mode) => {
  for (const view of [{ fromMs: 172.2, toMs: 172.25 }, { fromMs: 5060, toMs: 5063 }, { fromMs: 61_000, toMs: 61_000.5 }, { fromMs: 250_000, toMs: 250_002 }]) {
    const ticks = ticksOf(axisOf({ ...classic, mode, endMs: 300_000, zoom: view })).filter((tick) => !tick.tail)
    expect(ticks.length).toBeGreaterThan(2)
    expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length)
    for (const { ms, label } of ticks) expect(Number(label.replaceAll(/[^\d.]/g, '')) * (label.endsWith('ms') ? 1 : 1000)).toBeCloseTo(ms, 6)
  }
})

test('fit shows a deadline that is near beside the run', () => {
  expect(fitOf('break', 500, [700]).toMs).toBeGreaterThan(700)
  expect(fitOf('break', 500, [30_000]).toMs).toBe(650)
  expect(fitOf('log', 500, [30_000]).toMs).toBeGreaterThan(30_000)
})

test('panning stops at the start of time and keeps its width', () => {
  expect(panBy({ fromMs: 10, toMs: 110 }, -5)).toEqual({ fromMs: 0, toMs: 100 })
  expect(panBy({ fromMs: 0, toMs: 100 }, 0.5)).toEqual({ fromMs: 50, toMs: 150 })
})

test('a drag shows what was dragged over, whichever way; a click is no drag', () => {
  const axis = axisOf({ ...classic, mode: 'linear', deadlinesMs: [1000] })
  const there = viewOfDrag(axis, 100, 300)
  expect(viewOfDrag(axis, 300, 100)).toEqual(there)
  expect(there?.fromMs).toBeCloseTo(msOf(axis, 100))
  expect(viewOfDrag(axis, 100, 102)).toBeNull()
})

test('what is selected comes into view, what is in view stays where it is', () => {
  const view = { fromMs: 100, toMs: 200 }
  expect(revealIn(view, 150)).toBe(view)
  expect(revealIn(view, 500)).toEqual({ fromMs: 450, toMs: 550 })
})

test('the chart library sees the same scale, whatever domain it sets', () => {
  const axis = axisOf({ ...classic, mode: 'break' })
  const scale = chartScale(axis).copy().domain([0, 1]).range([0, 800])
  expect(scale(30_000)).toBe(xOf(axis, 30_000))
  expect(scale.invert(xOf(axis, 250))).toBeCloseTo(250)
})

test('the axis of a run that goes on grows in steps: what stands on it stays where it is in between', () => {
  const at = (endMs: number) => axisOf({ ...classic, mode: 'break', endMs, growing: true })
  expect(isSameAxis(at(5200), at(5900))).toBe(true)
  expect(isSameAxis(at(5200), at(6100))).toBe(false)
  for (let end = 1; end < 100_000; end *= 1.07) {
    expect(steppedEnd(end)).toBeGreaterThanOrEqual(end)
    const axis = at(end)
    expect(xOf(axis, end)).toBeLessThan(axis.headWidth * 0.95)
  }
})
