import { describe, expect, test } from 'vitest'
import { countsOf, summaryLineOf, sumOf } from '../../build/test-counts.ts'

describe('the counts of a test run', () => {
  test('tests that passed and tests that failed are counted', () => {
    expect(countsOf([{ results: ['passed', 'failed'], errors: 0 }, { results: ['passed'], errors: 0 }], 0)).toEqual({ passed: 2, failed: 1 })
  })
  test('a test that was skipped or never finished is a failure', () => {
    expect(countsOf([{ results: ['passed', 'skipped', 'pending'], errors: 0 }], 0)).toEqual({ passed: 1, failed: 2 })
  })
  test('a test for other machines is neither', () => {
    expect(countsOf([{ results: ['passed', 'elsewhere'], errors: 0 }], 0)).toEqual({ passed: 1, failed: 0 })
    expect(countsOf([{ results: ['elsewhere'], errors: 0 }], 0)).toEqual({ passed: 0, failed: 1 })
  })
  test('a file that could not be loaded and an error outside of tests are failures', () => {
    expect(countsOf([{ results: [], errors: 1 }], 1)).toEqual({ passed: 0, failed: 2 })
  })
  test('a run without any test is a failure', () => {
    expect(countsOf([], 0)).toEqual({ passed: 0, failed: 1 })
  })
  test('checks add up to one line', () => {
    expect(summaryLineOf(sumOf({ passed: 1, failed: 0 }, { passed: 0, failed: 1 }, { passed: 40, failed: 2 }))).toBe('41 passed, 3 failed')
  })
})
