import { expect, test } from 'vitest'
import { faultOfCase, judgeCase } from '../../../shared/cases/judge-case.ts'
import { exactOutputOf, outputFieldsOf } from '../../../shared/run/exact-json.ts'
import type { RunResult } from '../../../renderer/state/run-once.ts'

const run: RunResult = { runId: 'r', outcome: 'completed', cause: 'none', headline: 'Nothing was cut.', elapsedMs: 40, queueMs: 0, scriptMs: 30, output: { sum: 6 }, completed: true }

test('a case passes when the output is what is expected, or when nothing is', () => {
  expect(judgeCase('{"sum": 6}', run)).toMatchObject({ state: 'passed', differences: [] })
  expect(judgeCase(null, run).state).toBe('passed')
  expect(judgeCase('  ', run).state).toBe('passed')
})
test('it fails with the places that differ, with the verdict of a run that did not complete, and with the mistake in what is expected', () => {
  expect(judgeCase('{"sum": 7}', run)).toMatchObject({ state: 'failed', problem: null, differences: [{ path: 'sum', expected: 7, actual: 6 }] })
  expect(judgeCase('{"sum": 6}', { ...run, completed: false, headline: 'The client hung up.' })).toMatchObject({ state: 'failed', problem: 'The client hung up.', differences: [] })
  expect(judgeCase('{"sum": ', run)).toMatchObject({ state: 'failed', problem: expect.stringMatching(/what is expected is not JSON: line 1, column 9/) })
})
test('numbers are told apart as Python does, beyond 2^53, too', () => {
  const gave = (text: string): RunResult => ({ ...run, output: exactOutputOf(outputFieldsOf(text)) })
  expect(judgeCase('{"id": 9007199254740993}', gave('{"id": 9007199254740993}')).state).toBe('passed')
  expect(judgeCase('{"id": 9007199254740993}', gave('{"id": 9007199254740992}'))).toMatchObject({ state: 'failed', differences: [{ path: 'id' }] })
  expect(judgeCase('{"id": 9007199254740992}', gave('{"id": 9007199254740993}')).state).toBe('failed')
  expect(judgeCase('[1, 2.50, 1e2]', gave('[1.0, 2.5, 100]')).state).toBe('passed')
  expect(judgeCase('[{"rawJSON": "1"}]', gave('[1.0]')).state).toBe('failed')
})
test('no case passes on numbers that were too many to be kept', () => {
  expect(judgeCase('{"sum": 6}', { ...run, rounded: true })).toMatchObject({ state: 'failed', problem: expect.stringMatching(/too large for its whole numbers/) })
  expect(judgeCase(null, { ...run, rounded: true }).state).toBe('passed')
})
test('what cannot be run says where it is wrong', () => {
  expect(faultOfCase({ inputText: '{\n"a" 1}', expectedText: null })).toMatch(/its input is not JSON: line 2/)
  expect(faultOfCase({ inputText: '{}', expectedText: '[1' })).toMatch(/what is expected is not JSON/)
  expect(faultOfCase({ inputText: '{"id": 9007199254740993}', expectedText: '[1180591620717411303425]' })).toBeNull()
  expect(faultOfCase({ inputText: '{}', expectedText: '' })).toBeNull()
})
