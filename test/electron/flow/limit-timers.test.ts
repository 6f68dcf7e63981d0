import { describe, expect, test } from 'vitest'
import { limitsOfLayer } from '../../../electron/flow/limit-timers.ts'
import { sleep, testRun } from './flow-run.ts'

describe('limits of a layer', () => {
  test('a limit that passes is armed, fires, then acts, in this order', async () => {
    const run = testRun({ 'client.total': '20ms' })
    run.clock.start()
    await new Promise<void>((resolve) => {
      limitsOfLayer(run, 'client').watch('total', 'closed the connection', () => {
        expect(run.fired()).toEqual(['client.total'])
        resolve()
      }, { fromMs: 0 })
    })
    expect(run.the('limit_armed')).toMatchObject({ limitId: 'client.total', deadlineMs: 20 })
    expect(run.the('limit_fired').atMs).toBeGreaterThanOrEqual(20)
    expect(run.the('limit_fired')).toMatchObject({ effect: 'acted', passedAtMs: 20, action: 'closed the connection' })
  })
  test('a disarmed one says so and never acts', async () => {
    const run = testRun({ 'client.total': '10ms' })
    run.clock.start()
    limitsOfLayer(run, 'client').watch('total', '', () => { throw new Error('acted') }).disarm()
    await sleep(20)
    expect(run.events.map((event) => event.type)).toEqual(['limit_armed', 'limit_disarmed'])
    expect(run.clock.pending).toBe(0)
  })
  test('between two reads the clock starts again with each, and only the deadline that counts is told at the end', async () => {
    const run = testRun({ 'client.read': '30ms' })
    run.clock.start()
    const fired = new Promise<number>((resolve) => {
      const watch = limitsOfLayer(run, 'client').watch('read', '', () => resolve(run.clock.nowMs()))
      for (const ms of [10, 20, 30, 40, 50]) run.clock.at(ms, () => watch.restart())
    })
    expect(await fired).toBeGreaterThanOrEqual(80)
    const last = run.of('limit_armed').at(-1)
    expect(last?.deadlineMs).toBe(run.the('limit_fired').passedAtMs)
    expect(run.of('limit_armed').length).toBeLessThan(4)
  })
  test('a paused one does not count until it is restarted', async () => {
    const run = testRun({ 'proxy.read': '15ms' })
    run.clock.start()
    const watch = limitsOfLayer(run, 'proxy1').watch('read', '', () => {}, { paused: true })
    expect(run.events).toEqual([])
    await sleep(30)
    watch.restart()
    watch.pause()
    await sleep(30)
    expect(run.fired()).toEqual([])
    watch.restart()
    await expect.poll(() => run.fired()).toEqual(['proxy1.read'])
  })
  test('proxy2.read beats proxy.read for the second proxy only', () => {
    const run = testRun({ 'proxy.read': '1s', 'proxy2.read': '2s' })
    expect([1, 2].map((hop) => limitsOfLayer(run, `proxy${hop}`).valueOf('read'))).toEqual([1000, 2000])
  })
  test('a limit that is off or not enforced gives a watch that does nothing', async () => {
    const run = testRun()
    const limits = limitsOfLayer({ ...run, limits: [{ id: 'gateway.read', value: 5, unit: 'ms', origin: 'profile', enforced: false }, { id: 'gateway.idle', value: null, unit: 'ms', origin: 'this run', enforced: true }] }, 'gateway')
    for (const name of ['read', 'idle', 'write']) limits.watch(name, '', () => { throw new Error('acted') }).restart()
    await sleep(15)
    expect(run.events).toEqual([])
  })
})
