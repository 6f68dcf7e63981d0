import { describe, expect, test } from 'vitest'
import type { RunEventBody, StackState } from '../../../shared/run/event.ts'
import { flameOf } from '../../../shared/stacks/flame.ts'
import { isOwnFile } from '../../../shared/stacks/own-file.ts'
import { stacksSummaryOf } from '../../../shared/stacks/summary.ts'
import { timelineOf } from '../../../shared/stacks/timeline.ts'
import { functionTimesOf, lineTimesOf, splitOf } from '../../../shared/stacks/times.ts'
import { toCollapsed, toSpeedscope } from '../../../shared/stacks/to-speedscope.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

const sample = (atMs: number, stack: number, state: StackState, thread = 1) => ({ atMs, thread, stack, state })
/** transform:3 computing for 30 ms, then fetch:9 under transform:4 asleep for 70 ms. */
const first: RunEventBody = {
  type: 'stack_samples', method: 'external', samples: [sample(100, 0, 'computing'), sample(110, 0, 'computing'), sample(120, 0, 'computing'), sample(130, 1, 'sleep')],
  tables: { firstFrame: 0, frames: [['s.py', 'transform', 3], ['s.py', 'fetch', 9], ['s.py', 'transform', 4]], firstStack: 0, stacks: [[0], [1, 2]] },
}
const second: RunEventBody = { type: 'stack_samples', method: 'external', samples: [sample(150, 1, 'sleep')], tables: undefined }
const gone: RunEventBody = { type: 'process_exited', leftovers: 0, exit: { exitCode: null, signal: 'SIGKILL', wallMs: 100, cpuMs: 30, maxRssBytes: 1 } }
const events = eventsOf(planWith({}), [130, first], [150, second], [200, gone])
const { stretches } = timelineOf(events)

describe('samples as stretches of time', () => {
  test('a sample stands for the time until the next one, the last for the time until the end', () => {
    expect(stretches.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([[100, 110], [110, 120], [120, 130], [130, 150], [150, 200]])
  })

  test('a gap in which nobody looked is no time of anybody', () => {
    const far = timelineOf(eventsOf(planWith({}), [1, { ...first, samples: [sample(0, 0, 'computing'), sample(5000, 0, 'computing')] } as RunEventBody]))
    expect(far.stretches[0]).toMatchObject({ startMs: 0, endMs: 250 })
  })
})

test('time per line: self, total, computing, waiting', () => {
  expect(lineTimesOf(stretches)).toEqual([
    { file: 's.py', line: 9, function: 'fetch', selfMs: 70, ownMs: 70, totalMs: 70, computingMs: 0, waitingMs: 70 },
    { file: 's.py', line: 3, function: 'transform', selfMs: 30, ownMs: 30, totalMs: 30, computingMs: 30, waitingMs: 0 },
    { file: 's.py', line: 4, function: 'transform', selfMs: 0, ownMs: 0, totalMs: 70, computingMs: 0, waitingMs: 70 },
  ])
})

test('time per function: recursion counts once', () => {
  expect(functionTimesOf(stretches).find((place) => place.function === 'transform')).toMatchObject({ selfMs: 30, totalMs: 100 })
  const recursive = [{ thread: 1, pid: 0, startMs: 0, endMs: 10, state: 'computing' as const, frames: [{ file: 'a', line: 1, function: 'f' }, { file: 'a', line: 1, function: 'f' }] }]
  expect(functionTimesOf(recursive)).toMatchObject([{ selfMs: 10, totalMs: 10 }])
})

test('computing and waiting, by what was waited for', () => {
  expect(splitOf(stretches)).toEqual({ computingMs: 30, waitingMs: 70, byState: { computing: 30, sleep: 70 } })
})

test('the flame graph has the callers below', () => {
  const [transform] = flameOf(stretches).children
  expect(transform).toMatchObject({ totalMs: 100, selfMs: 30, children: [{ totalMs: 70, selfMs: 70 }] })
})

test('the record’s section carries source text and no locals', () => {
  const summary = stacksSummaryOf(events, (_, line) => `source of ${line}`)
  expect(summary).toMatchObject({ rate: 100, method: 'external', samples: 5, off: null })
  expect(summary.lines[0]).toMatchObject({ line: 9, selfMs: 70, source: 'source of 9' })
  expect(stacksSummaryOf(eventsOf(planWith({}), [1, { type: 'stacks_off', reason: 'the self-test failed' }]))).toMatchObject({ method: 'off', off: 'the self-test failed' })
})

test('speedscope and collapsed stacks keep all the time', () => {
  const file = toSpeedscope(stretches, { name: 'run', version: '0' })
  expect(file.profiles).toHaveLength(1)
  expect(file.profiles[0]?.weights.reduce((sum, weight) => sum + weight, 0)).toBe(100)
  expect(file.profiles[0]?.samples.at(-1)?.map((frame) => file.shared.frames[frame]?.name)).toEqual(['transform', 'fetch'])
  expect(toCollapsed(stretches)).toBe('transform (s.py:3) 30000\ntransform (s.py:4);fetch (s.py:9) 70000\n')
})

test.each<[string, string | null, string, boolean]>([
  ['a.py', '/s/a.py', '/s/a.py', true], ['a.py', '/s/a.py', '/s/helpers/b.py', true], ['a.py', '/s/a.py', '/s/.venv/lib/python3.12/site-packages/b.py', false], ['a.py', '/s/a.py', '/usr/lib/python3.12/json/decoder.py', false],
  ['my script.py', null, '/tmp/a/run/my_script.py', true], ['a.py', null, 'C:\\work\\a.py', true], ['a.py', null, '/tmp/ba.py', false], ['a.py', 'a.py', '/usr/b.py', false],
])('the script %s at %s: is %s its own file? %s', (name, path, file, isOwn) => {
  expect(isOwnFile({ name, path, text: null }, file)).toBe(isOwn)
})

test('a generator expression and the function around it are one line', () => {
  const at = (startMs: number, names: string[]) => ({ thread: 1, pid: 0, startMs, endMs: startMs + 10, state: 'computing' as const, frames: names.map((name) => ({ file: 'a.py', line: 9, function: name })) })
  expect(lineTimesOf([at(0, ['work.<locals>.<genexpr>', 'work']), at(10, ['work.<locals>.<genexpr>', 'work']), at(20, ['work'])])).toMatchObject([{ line: 9, selfMs: 30, ownMs: 30, totalMs: 30, computingMs: 30 }])
})
