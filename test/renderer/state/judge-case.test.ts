import { expect, test } from 'vitest'
import { faultOfCase, judgeCase } from '../../../renderer/state/judge-case.ts'
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
test('what cannot be run says where it is wrong', () => {
  expect(faultOfCase({ inputText: '{\n"a" 1}', expectedText: null })).toMatch(/its input is not JSON: line 2/)
  expect(faultOfCase({ inputText: '{}', expectedText: '[1' })).toMatch(/what is expected is not JSON/)
  expect(faultOfCase({ inputText: '{"id": 9007199254740993}', expectedText: null })).toMatch(/its input holds 9007199254740993, which would be sent as 9007199254740992/)
  expect(faultOfCase({ inputText: '{}', expectedText: '[1180591620717411303425]' })).toMatch(/what is expected holds 1180591620717411303425, which cannot be told from/)
  expect(faultOfCase({ inputText: '{}', expectedText: '' })).toBeNull()
})
