import { describe, expect, test } from 'vitest'
import type { CallError } from '../../../shared/bridge/contract.ts'
import { parseCall } from '../../../shared/bridge/parse-call.ts'
import { limitsOfProfile, transformationService } from '../../../shared/flow/profiles.ts'
import { defaultStacks, type RunPlan } from '../../../shared/run/plan.ts'

const plan: RunPlan = {
  script: { path: '/tmp/two_second_delay.py', name: 'two_second_delay.py', text: null },
  input: { order: [1, 'two', null, true] }, profile: 'transformation-service', limits: limitsOfProfile(transformationService),
  proxies: ['builtin'], faults: [{ text: 'network.reset@500ms', action: 'reset', place: 'proxy2', atMs: 500, amount: null, jitterMs: null }],
  python: null, propagateCancel: true, stacks: defaultStacks,
}
const errorOf = (name: unknown, args: unknown): CallError => {
  const parsed = parseCall(name, args)
  if (parsed.ok) throw new Error('the call was accepted')
  return parsed.error
}
const planWith = (change: object) => [{ ...plan, ...change }]

describe('a call of the contract', () => {
  test('is accepted with its arguments unchanged', () => {
    expect(parseCall('startRun', [plan])).toEqual({ ok: true, name: 'startRun', args: [plan] })
    expect(parseCall('hello', [])).toEqual({ ok: true, name: 'hello', args: [] })
    expect(parseCall('logRows', [{ runId: 'r-1', from: 0, count: 100, filter: { text: 'x', regex: true, sources: ['stdout', 'gateway'] } }]).ok).toBe(true)
  })
  test('loses what the contract does not know', () => {
    const parsed = parseCall('startRun', [{ ...plan, extra: 1 }])
    expect(parsed.ok && parsed.args).toEqual([plan])
  })
})

describe('what a screen may not send', () => {
  test.each([['toString'], ['__proto__'], ['constructor'], ['nope'], [null], [7], [{}]])('the call %s does not exist', (name) => {
    expect(errorOf(name, []).code).toBe('unknown_call')
  })
  test.each([
    ['a list is missing', 'hello', undefined, 'hello: the arguments must be a list.'],
    ['arguments are missing', 'writeScript', ['/a.py'], 'writeScript takes 2 arguments, not 1.'],
    ['there are too many', 'hello', [1], 'hello takes 0 arguments, not 1.'],
    ['a type is wrong', 'stopRun', [5], 'stopRun: runId was refused: expected string, received 5.'],
    ['a deep value is wrong', 'startRun', planWith({ limits: [plan.limits[0], { ...plan.limits[1], value: 'soon' }] }), 'startRun: plan.limits[1].value was refused'],
    ['a value is not a number', 'startRun', planWith({ limits: [{ ...plan.limits[0], value: Number.NaN }] }), 'plan.limits[0].value'],
    ['a value is negative', 'startRun', planWith({ limits: [{ ...plan.limits[0], value: -1 }] }), 'plan.limits[0].value'],
    ['a path holds a NUL', 'readScript', ['/a\0b'], 'a path cannot hold a NUL character'],
    ['a run id climbs out of a folder', 'stopRun', ['../../etc'], 'runId was refused'],
    ['there are a thousand proxies', 'startRun', planWith({ proxies: Array.from({ length: 1000 }, () => 'nginx') }), 'it is longer than 16'],
    ['a fault is unknown', 'startRun', planWith({ faults: [{ ...plan.faults[0], action: 'explode' }] }), 'plan.faults[0].action'],
    ['a text is huge', 'writeScript', ['/a.py', 'x'.repeat(9 * 1024 * 1024)], 'writeScript: text was refused: it is longer than'],
    ['too many rows are asked for', 'logRows', [{ runId: 'r', from: 0, count: 1e9, filter: null }], 'query.count'],
  ])('%s', (_, name, args, message) => {
    expect(errorOf(name, args).message).toContain(message)
  })
  test.each([
    ['a date', new Date(0)], ['a map', new Map()], ['infinity', Infinity], ['a bigint', 1n], ['undefined inside', { a: [undefined] }], ['a cycle', cycle()], ['a hostile depth', deep(100_000)],
  ])('an input with %s', (_, input) => {
    expect(errorOf('startRun', planWith({ input })).message).toContain('plan.input was refused: it must be a value that JSON can carry')
  })
  test.each([['no JSON', '{"order": [1'], ['another value', '{"order": [2]}']])('an input’s text that is %s', (_, inputText) => {
    expect(errorOf('startRun', planWith({ input: { order: [1] }, inputText })).message).toContain('plan.inputText was refused: it must be JSON, and the text of the plan’s input')
  })
  test('an error never repeats a long value', () => {
    expect(errorOf('stopRun', [{ secret: 'x'.repeat(1000) }]).message.length).toBeLessThan(400)
    expect(errorOf('x'.repeat(100_000), []).message.length).toBeLessThan(400)
  })
})

function cycle(): object {
  const self: { self?: object } = {}
  self.self = self
  return self
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
