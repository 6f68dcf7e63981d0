import { afterAll, describe, expect, test } from 'vitest'
import type { Probed } from '../../../../electron/python/interpreter-probe.ts'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
import type { StackState } from '../../../../shared/run/event.ts'
import { timelineOf, type Stretch, type Timeline } from '../../../../shared/stacks/timeline.ts'
import { runScript } from '../run-script.ts'
import { pythons, scriptOf } from './pythons.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())
const script = scriptOf('places.py')
const { lineOf } = script

/** Where each place must be seen: its function, the marked line, and what the thread does there. */
const places: [name: string, line: number, state: StackState][] = [
  ['sleep', lineOf('sleep'), 'sleep'], ['busy', lineOf('busy'), 'computing'], ['regex', lineOf('regex'), 'computing'], ['big_int', lineOf('big_int'), 'computing'],
  ['c_call', lineOf('c_call'), 'sleep'], ['socket', lineOf('socket'), 'socket'], ['lock', lineOf('lock'), 'lock'], ['child', lineOf('child'), 'child'],
  ['deep', lineOf('deep'), 'sleep'], ['very_deep', lineOf('very_deep'), 'sleep'], ['generator', lineOf('generator'), 'sleep'], ['decorated', lineOf('decorated'), 'sleep'],
  ['exec', lineOf('exec'), 'sleep'], ['async', lineOf('leaf'), 'sleep'], ['thread', lineOf('join'), 'lock'],
]
const names = places.map(([name]) => name)
/** Samples at a place, of some forty. */
const fewest = 10

/** `function:line` from the inside out, names without what they are defined in. */
const words = (stretch: Stretch | undefined): string[] => stretch?.frames.map((frame) => `${frame.function.replace(/^.*\./, '')}:${frame.line}`) ?? []

/** A run that stands at each of `wanted` for so long, and what the sampler saw of its main thread at one of them. */
async function standAt(python: Probed, wanted: readonly string[], seconds: number): Promise<{ timeline: Timeline; of(name: string): Stretch[] }> {
  await runner.warm(python)
  const ran = await runScript(runner, script.path, { python, input: { places: wanted, seconds }, stacks: { rateHz: 250, locals: false, allocations: false } })
  expect(ran.ending.kind).toBe('completed')
  const timeline = timelineOf(ran.events)
  expect([timeline.method, timeline.off]).toEqual(['external', null])
  const main = timeline.threads.find((thread) => thread.main)
  const stretches = timeline.stretches.filter(({ thread, pid }) => thread === main?.thread && pid === main.pid)
  return { timeline, of: (name) => stretches.filter(({ frames }) => frames.some((frame) => frame.function.replace(/\..*$/, '') === `p_${name}`)) }
}

describe.each(pythons)('Python %s, read from outside', (_, python) => {
  test('shows the right function, line and state wherever the script stands', async () => {
    const first = await standAt(python, names, 0.15)
    const isAt = (line: number, state: string) => ({ frames, state: what }: Stretch) => frames.find(({ file }) => file === script.path)?.line === line && what === state
    // A busy machine may leave the sampler no processor for just as long as the script stands somewhere, and one that is short of memory may
    // let the script wait for a page of its own code on the way there: there it stands longer.
    const unseen = places.filter(([name, line, state]) => first.of(name).length < fewest || first.of(name).filter(isAt(line, state)).length <= first.of(name).length / 2).map(([name]) => name)
    const longer = unseen.length > 0 ? await standAt(python, unseen, 1) : first
    const lookedAt = (name: string) => (unseen.includes(name) ? longer : first)
    const of = (name: string): Stretch[] => lookedAt(name).of(name)

    for (const [name, line, state] of places) {
      const seen = of(name)
      const there = seen.filter(isAt(line, state))
      // Samples, not time: one may stand for long only because the sampler had to wait for a processor.
      expect(there.length / seen.length, `${name}: ${JSON.stringify([...new Set(seen.map((stretch) => `${stretch.state} ${words(stretch).slice(0, 4).join(' < ')}`))].slice(0, 6))}`).toBeGreaterThan(0.5)
    }
    /** The stack that was seen most often. */
    const heaviest = (name: string): string[] => {
      const seen = Map.groupBy(of(name), (stretch) => words(stretch).join('\n'))
      return [...seen].toSorted(([, one], [, other]) => other.length - one.length)[0]?.[0].split('\n') ?? []
    }
    expect(heaviest('deep').filter((word) => word === `down:${lineOf('down')}`)).toHaveLength(120)
    const veryDeep = heaviest('very_deep')
    expect([veryDeep[0], veryDeep.filter((word) => word === `down:${lineOf('very_down')}`).length > 100, veryDeep[128], ...veryDeep.slice(-2)]).toEqual([
      `down:${lineOf('very_deep')}`, true, '(frames of a deep recursion are left out):0', expect.stringMatching(/^p_very_deep:/), expect.stringMatching(/^transform:/),
    ])
    expect(heaviest('generator').slice(0, 4)).toEqual([`inner:${lineOf('generator')}`, `outer:${lineOf('outer')}`, `p_generator:${lineOf('loop')}`, expect.stringMatching(/^transform:/)])
    expect(heaviest('decorated').slice(0, 3)).toEqual([`p_decorated:${lineOf('decorated')}`, `wrapper:${lineOf('wrapper')}`, expect.stringMatching(/^transform:/)])
    expect(heaviest('exec').slice(0, 3)).toEqual(['made:5', '<module>:6', `p_exec:${lineOf('exec')}`])
    expect(heaviest('async').slice(0, 4)).toEqual([expect.stringMatching(/^sleep:/), `leaf:${lineOf('leaf')}`, `middle:${lineOf('middle')}`, `top:${lineOf('top')}`])
    expect(heaviest('async')).toContain(`p_async:${lineOf('async')}`)
    const { timeline } = lookedAt('thread')
    const worker = timeline.threads.find((thread) => thread.name === 'the worker')
    const atWork = timeline.stretches.find(({ thread, frames }) => thread === worker?.thread && frames[0]?.line === lineOf('thread'))
    expect(words(atWork).slice(0, 2)).toEqual([`work:${lineOf('thread')}`, expect.stringMatching(/^run:/)])
  }, 60_000)
})
