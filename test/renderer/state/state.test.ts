import { afterAll, describe, expect, test, vi } from 'vitest'
import { parseCall } from '../../../shared/bridge/parse-call.ts'
import { createEventQueue } from '../../../renderer/state/event-queue.ts'
import { jsonDiff, mostDifferences } from '../../../shared/cases/json-diff.ts'
import { parseInput } from '../../../shared/run/parse-input.ts'
import { isAfterEnd, nearestLogLine, placeOfRef, refLabel } from '../../../renderer/state/places.ts'
import { pointBefore } from '../../../renderer/state/log-times.ts'
import { nextStop, stopsOf } from '../../../renderer/state/step-event.ts'
import { spreadOf } from '../../../renderer/state/spread.ts'
import { effortOf } from '../../../renderer/state/effort.ts'
import { segmentAt, stacksOf } from '../../../renderer/state/stacks.ts'
import { draftOf, planOfDraft } from '../../../renderer/state/drafts.ts'
import { activeTab, newTab, planToRun, usePlan } from '../../../renderer/state/plan.ts'
import { exactMs, percentOf, tickingMs } from '../../../renderer/ui/numbers.ts'
import { classicRun } from '../classic-run.ts'

describe('the input', () => {
  test('is any JSON value', () => {
    for (const text of ['{}', '[1]', 'null', '"x"', '1.5', ' {"a": 1}\n']) expect(parseInput(text).ok).toBe(true)
  })
  test('that is not JSON says where', () => {
    expect(parseInput('{\n  "a": 1,\n}')).toMatchObject({ ok: false, line: 3, column: 1 })
    expect(parseInput('{"a": ')).toMatchObject({ ok: false, line: 1, problem: 'the JSON ends too early' })
    expect(parseInput('  ')).toMatchObject({ ok: false, line: 1, column: 1 })
    expect(parseInput("{'a': 1}")).toMatchObject({ ok: false, line: 1, column: 2 })
  })
})

describe('references', () => {
  const run = classicRun()
  test('lead to a place on the chart, in the log, among the limits', () => {
    const fired = run.events.find((event) => event.type === 'limit_fired')
    expect(placeOfRef(run, `event:${fired?.seq}`)).toMatchObject({ atMs: 500.1, limitId: 'client.total', line: 2 })
    expect(placeOfRef(run, 'log:3')).toMatchObject({ line: 3, atMs: 500.2 })
    expect(placeOfRef(run, 'limit:client.total')).toMatchObject({ limitId: 'client.total', atMs: 500.1, line: 2 })
    expect(placeOfRef(run, 'stack')).toMatchObject({ atMs: 500.3 })
  })
  test('to a deadline that the run never reached lead to its place on the axis, and to no line of the log', () => {
    expect(placeOfRef(run, 'limit:gateway.write')).toMatchObject({ limitId: 'gateway.write', atMs: 30_001, line: null })
    expect(nearestLogLine(run, 30_001)).toBeNull()
    expect(isAfterEnd(run, 504)).toBe(true)
  })
  test('to nothing lead nowhere', () => {
    expect(placeOfRef(run, 'event:9999')).toMatchObject({ atMs: null, line: null })
    expect(placeOfRef(run, 'what')).toMatchObject({ atMs: null })
  })
  test('have a name', () => {
    expect([refLabel('event:38'), refLabel('limit:client.total'), refLabel('stack')]).toEqual(['event 38', 'limit', 'stack'])
  })
  test('the line about an instant is the one right after it', () => {
    expect(nearestLogLine(run, 500)).toBe(2)
    expect(nearestLogLine(run, 0)).toBe(0)
  })
})

describe('stepping through a run', () => {
  const run = classicRun()
  const stops = stopsOf(run)
  test('stops at stages, at what fired, at kills and at what the flow logged, in order', () => {
    expect(stops.map((stop) => stop.words)).toEqual([
      'stage request received', 'stage connector started', 'connector: Starting Python script execution', 'stage script started', 'client.total fired',
      'client: total limit reached, closing the connection', 'gateway: client went away, request context cancelled', 'connector kills the script: context canceled', 'stage script finished, killed',
    ])
    expect(stops.find((stop) => stop.limitId === 'client.total')?.line).toBe(2)
  })
  test('goes on from where one is, whether by a step or by a click, and stays at the ends', () => {
    expect(nextStop(stops, null, 1)).toBe(stops[0])
    expect(nextStop(stops, { atMs: null, line: null, ref: 'stop:3' }, 1)).toBe(stops[4])
    expect(nextStop(stops, { atMs: 300, line: null, ref: null }, 1)?.words).toBe('client.total fired')
    expect(nextStop(stops, { atMs: 300, line: null, ref: null }, -1)?.words).toBe('stage script started')
    expect(nextStop(stops, { atMs: null, line: null, ref: `stop:${stops.length - 1}` }, 1)).toBe(stops.at(-1))
  })
})

test('what had been written last is told of a log that was read whole, and of no other', () => {
  const point = (line: number, atMs: number) => ({ line, atMs, source: 'stdout' as const, bad: false, text: `line ${line}` })
  const points = [point(0, 5), point(1, 50), point(2, 500)]
  expect(pointBefore({ points, lines: 3 }, 499)?.line).toBe(1)
  expect(pointBefore({ points, lines: 3 }, 4)).toBeUndefined()
  expect(pointBefore({ points, lines: 100_000 }, 499)).toBeUndefined()
})

describe('samples of the stack', () => {
  const stacks = stacksOf(classicRun())
  test('become stretches at one place, of the main thread only', () => {
    expect(stacks.segments.map((segment) => [segment.frames[segment.own]?.line, segment.state])).toEqual([[14, 'computing'], [9, 'sleep']])
    expect(stacks.samples).toBe(8)
  })
  test('give every line its time', () => {
    expect(stacks.lineMs.get(9)).toBeGreaterThan(400)
    expect([...stacks.lineMs.keys()].toSorted((a, b) => a - b)).toEqual([9, 14])
  })
  test('tell where the script was at an instant', () => {
    expect(segmentAt(stacks, 300)?.frames[0]?.function).toBe('fetch_rate')
    expect(segmentAt(stacks, 5000)).toBeUndefined()
  })
})

test('events are handed on a few thousand at a time, all of them, in order', async () => {
  const batches: number[][] = []
  const queue = createEventQueue<number>((events) => batches.push(events))
  queue.push(Array.from({ length: 10_000 }, (_, index) => index))
  queue.push([10_000])
  await vi.waitFor(() => expect(batches.flat()).toHaveLength(10_001))
  expect(batches.length).toBeGreaterThan(2)
  expect(batches.flat()).toEqual(Array.from({ length: 10_001 }, (_, index) => index))
})

describe('differences of JSON', () => {
  test('are named by their path', () => {
    expect(jsonDiff({ a: 1, b: [1, 2], c: 'x' }, { a: 1, b: [1, 3, 4], d: null })).toEqual([
      { path: 'b[1]', kind: 'changed', expected: 2, actual: 3 }, { path: 'b[2]', kind: 'extra', expected: undefined, actual: 4 }, { path: 'c', kind: 'missing', expected: 'x', actual: undefined }, { path: 'd', kind: 'extra', expected: undefined, actual: null },
    ])
    expect(jsonDiff({ 'a b': { c: 1 } }, { 'a b': { c: 2 } })[0]?.path).toBe('["a b"].c')
  })
  test('do not depend on the order of keys', () => {
    expect(jsonDiff({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
    expect(jsonDiff([1, 2], [2, 1])).toHaveLength(2)
  })
  test('keep null, missing and other types apart', () => {
    expect(jsonDiff(null, {})).toHaveLength(1)
    expect(jsonDiff({ a: null }, {})).toMatchObject([{ kind: 'missing' }])
    expect(jsonDiff({ constructor: 1 }, {})).toMatchObject([{ kind: 'missing' }])
  })
  test('stop where nobody reads on', () => {
    expect(jsonDiff(Array.from({ length: 5000 }, () => 1), Array.from({ length: 5000 }, () => 2))).toHaveLength(mostDifferences)
  })
})

test('a spread shows only numbers that were measured', () => {
  expect(spreadOf([])).toBeNull()
  expect(spreadOf([5])).toEqual({ p50: 5, p95: 5, max: 5, count: 1 })
  expect(spreadOf([4, 1, 3, 2])).toEqual({ p50: 2, p95: 4, max: 4, count: 4 })
})

describe('the plan', () => {
  // Other files of tests share this store.
  afterAll(() => usePlan.setState(usePlan.getInitialState(), true))
  test('carries the text of a script that is ahead of its file, and no text otherwise', () => {
    usePlan.setState((state) => ({ tabs: [{ ...activeTab(state), path: '/x.py', name: 'x.py', text: 'a', savedText: 'a', inputText: '{"n": 1}' }] }))
    expect(planToRun(usePlan.getState())).toMatchObject({ script: { path: '/x.py', text: null }, input: { n: 1 } })
    usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => ({ ...tab, text: 'b' })) }))
    expect(planToRun(usePlan.getState()).script.text).toBe('b')
  })
  test('carries the input as it was typed, where its value does not say all of it', () => {
    const typed = (inputText: string) => {
      usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => ({ ...tab, inputText })) }))
      return planToRun(usePlan.getState())
    }
    expect(typed('{ "id": 12345678901234567890, "most": 1e400 }')).toMatchObject({ inputText: '{ "id": 12345678901234567890, "most": 1e400 }', input: { most: null } })
    expect(typed('{"n":1}')).not.toHaveProperty('inputText')
  })
  test('with an input that is not JSON is refused with the place', () => {
    usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => ({ ...tab, inputText: '{' })) }))
    expect(() => planToRun(usePlan.getState())).toThrow(/line 1, column 2/)
  })
  test('comes back from a draft with all its scripts; drafts of older versions hold one', () => {
    const state = usePlan.getState()
    const draft = { ...draftOf(state), limits: { 'client.total': '500ms' } }
    const restored = planOfDraft(draft, state)
    expect(restored.tabs.map(({ path, name, text, inputText }) => ({ path, name, text, inputText }))).toEqual(state.tabs.map(({ path, name, text, inputText }) => ({ path, name, text, inputText })))
    expect(restored.edits).toEqual({ 'client.total': { value: 500 } })
    const { tabs: _tabs, active: _active, flow: _flow, loadedProfiles: _profiles, ...old } = draft
    expect(planOfDraft(old, state).tabs).toHaveLength(1)
  })
  test('comes back with its flow and the profiles that were loaded; one with a limit that nobody knows is left out', () => {
    const state = usePlan.getState()
    const mine = { name: 'mine', title: 'Mine', description: '', emulated: false, proxies: [], limits: [{ id: 'client.total', value: 700, origin: 'mine.yaml:3' }] }
    const changed = { ...state, profiles: [...state.profiles, mine], profileName: 'mine', proxies: ['nginx' as const], propagateCancel: false, python: '/opt/python' }
    const draft = JSON.parse(JSON.stringify(draftOf(changed, state.profiles))) as ReturnType<typeof draftOf>
    expect(parseCall('saveDraft', [draft])).toMatchObject({ ok: true })
    expect(planOfDraft(draft, state)).toMatchObject({ profileName: 'mine', profiles: [...state.profiles, mine], proxies: ['nginx'], propagateCancel: false, python: '/opt/python' })
    const strange = { ...mine, limits: [{ id: 'client.someday', value: 1, origin: '' }] }
    expect(planOfDraft({ ...draft, loadedProfiles: [strange] }, state)).toMatchObject({ profileName: state.profileName, profiles: state.profiles })
  })
  test('and what was typed while the engine had not answered yet stays in front of what the draft brings back', () => {
    const state = usePlan.getState()
    const typed = newTab({ name: 'typed.py', text: 'def transform(input_data): return 1\n' })
    const draft = { ...draftOf(state), tabs: [{ path: null, name: 'kept.py', text: 'kept = 1\n', inputName: 'input.json', inputText: '{}' }], active: 0 }
    const restored = planOfDraft(draft, { ...state, tabs: [typed], activeId: typed.id })
    expect(restored.tabs.map((tab) => tab.name)).toEqual(['kept.py', 'typed.py'])
    expect(restored.activeId).toBe(typed.id)
    const untouched = newTab()
    expect(planOfDraft(draft, { ...state, tabs: [untouched], activeId: untouched.id }).tabs.map((tab) => tab.name)).toEqual(['kept.py'])
  })
})

test('numbers are grouped, tick without jumping, and are never rounded up to certainty', () => {
  expect(exactMs(2071.44).replaceAll('\u00a0', ' ')).toBe('2 071.4 ms')
  expect(tickingMs(17_640)).toBe('17.6 s')
  expect(percentOf(0.996)).toBe('99 %')
  expect(percentOf(0.004)).toBe('0.4 %')
  expect(percentOf(1)).toBe('100 %')
})

test('little CPU time is a wait, unless the stacks say that the script was computing', () => {
  const segment = (startMs: number, endMs: number, state: 'computing' | 'sleep') => ({ startMs, endMs, frames: [], state, own: -1 })
  const asleep = { segments: [segment(0, 10, 'computing'), segment(10, 1000, 'sleep')], samples: 100 }
  const busy = { segments: [segment(0, 900, 'computing'), segment(900, 1000, 'sleep')], samples: 100 }
  expect(effortOf(6, 1000, asleep)).toBe('waiting')
  expect(effortOf(6, 1000, { segments: [], samples: 0 })).toBe('waiting')
  expect(effortOf(880, 1000, busy)).toBe('computing')
  expect(effortOf(190, 1000, busy)).toBe('starved')
  expect(effortOf(600, 1000, { segments: [segment(0, 600, 'computing'), segment(600, 1000, 'sleep')], samples: 100 })).toBe('mixed')
  expect(effortOf(0, 0, busy)).toBe('mixed')
  // One look that fell into the start of a wait stands for all the time until the next.
  expect(effortOf(6, 300, { segments: [segment(0, 160, 'computing'), segment(160, 300, 'sleep')], samples: 3 })).toBe('mixed')
  expect(effortOf(6, 3000, { ...busy, samples: 12 })).toBe('mixed')
})
