import { describe, expect, test } from 'vitest'
import { createRunClock } from '../../../electron/flow/clock.ts'

describe('the clock of a run', () => {
  test('stands at 0 until it is started, and is started once', async () => {
    const clock = createRunClock()
    expect(clock.nowMs()).toBe(0)
    clock.start()
    await new Promise((resolve) => { setTimeout(resolve, 5) })
    const now = clock.nowMs()
    expect(now).toBeGreaterThan(4)
    clock.start()
    expect(clock.nowMs()).toBeGreaterThanOrEqual(now)
  })
  test('never acts before a deadline, however odd it is', async () => {
    const clock = createRunClock()
    clock.start()
    const early = await Promise.all([0.2, 0.9, 1.1, 1.99, 2.01, 3.7, 7.3, 12.04].flatMap((deadline) => [deadline, deadline + 0.5]).map((deadline) => new Promise<number>((resolve) => {
      clock.at(deadline, () => resolve(clock.nowMs() - deadline))
    })))
    expect(Math.min(...early)).toBeGreaterThanOrEqual(0)
    expect(clock.pending).toBe(0)
  })
  test('acts on a deadline that has passed, but not before the caller has gone on', async () => {
    const clock = createRunClock()
    clock.start()
    let acted = false
    const done = new Promise<void>((resolve) => { clock.at(-5, () => { acted = true; resolve() }) })
    expect(acted).toBe(false)
    await done
    expect(acted).toBe(true)
  })
  test('keeps a deadline of a month, which setTimeout would fire at once', async () => {
    const clock = createRunClock()
    clock.start()
    let acted = false
    clock.at(40 * 24 * 3_600_000, () => { acted = true })
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    expect(acted).toBe(false)
    expect(clock.pending).toBe(1)
    clock.close()
    expect(clock.pending).toBe(0)
  })
  test('a cancelled timer does not act, nor does one after close', async () => {
    const clock = createRunClock()
    clock.start()
    let acted = 0
    clock.after(1, () => { acted++ }).cancel()
    clock.after(5, () => { acted++ })
    clock.close()
    await new Promise((resolve) => { setTimeout(resolve, 15) })
    expect(acted).toBe(0)
  })
  test('places monotonic and wall clock instants on itself', () => {
    const clock = createRunClock()
    clock.start()
    const before = clock.nowMs()
    const placed = clock.runMsOf(process.hrtime.bigint())
    expect(placed).toBeGreaterThanOrEqual(before)
    expect(placed).toBeLessThanOrEqual(clock.nowMs())
    expect(Math.abs(clock.runMsOfWall(Date.now()) - clock.nowMs())).toBeLessThan(50)
  })
})
