import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import { countsOf, summaryLineOf, type Counts } from './test-counts.ts'

/**
 * Ends a test run with one line, `N passed, N failed`. Where `npm test` runs more checks after this one it asks for the counts
 * in a file instead (CUTOFF_TEST_COUNTS), so that the line still stands once, at the very end.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const counts = countsOf(modules.map(moduleFactsOf), unhandledErrors.length)
    const file = process.env.CUTOFF_TEST_COUNTS
    if (file) writeFileSync(file, JSON.stringify(counts satisfies Counts))
    else process.once('exit', () => process.stdout.write(`${summaryLineOf(counts)}\n`))
  }
}

function moduleFactsOf(module: TestModule) {
  return {
    // Declared not to be for this machine (`runIf`), or not asked for (`-t`); a test that a failed hook kept from running is neither.
    results: [...module.children.allTests()].map((test) => test.options.mode === 'skip' ? 'elsewhere' as const : test.result().state),
    errors: module.errors().length,
  }
}

// oxlint-disable-next-line import/no-default-export -- vitest loads a reporter by its default export
export default SummaryReporter
