/** Checks that held and checks that did not. */
export interface Counts { passed: number; failed: number }

/**
 * What one test file came to: the state of every test, and errors outside of tests (an import that failed, a hook). `elsewhere`: by its own
 * declaration not a test for this machine (another platform, no right to mount), or not asked for.
 */
export interface FileFacts { results: readonly ('passed' | 'failed' | 'skipped' | 'pending' | 'elsewhere')[]; errors: number }

/**
 * Counts a test run. A test that should have run and did not counts as failed, whatever kept it: a run with holes in it has not
 * shown what it is there to show. So does an error outside of every test, and a run without any test.
 */
export function countsOf(files: readonly FileFacts[], unhandledErrors: number): Counts {
  const results = files.flatMap((file) => file.results).filter((result) => result !== 'elsewhere')
  const passed = results.filter((result) => result === 'passed').length
  const outside = files.reduce((sum, file) => sum + file.errors, 0) + unhandledErrors
  const failed = results.length - passed + outside
  return passed + failed === 0 ? { passed: 0, failed: 1 } : { passed, failed }
}

export function sumOf(...all: readonly Counts[]): Counts {
  return { passed: all.reduce((sum, one) => sum + one.passed, 0), failed: all.reduce((sum, one) => sum + one.failed, 0) }
}

export function summaryLineOf({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`
}
