import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFilesFirst } from './long-files-first.ts'

/** Files that test pure functions: they start nothing and leave nothing behind, so that a worker keeps what it has loaded from one to the next. */
const pure = ['test/shared/**/*.test.ts', 'test/renderer/*/**/*.test.ts']
const all = ['test/**/*.{test,spec}.{ts,tsx}']

// Starting is most of what a short test costs: workers, and what they start, keep compiled code where the command line does.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache')

/**
 * Tests run on two workers: they start real servers, processes and browsers, and the machines that run them have two cores.
 * No test is retried: one that fails sometimes has a reason.
 */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    projects: [
      { extends: true, test: { name: 'real', include: all, exclude: pure } },
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
    ],
    pool: 'forks',
    maxWorkers: 2,
    // Waiting for something costs nothing when it comes early; a busy machine makes it come late.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    retry: 0,
    sequence: { sequencer: LongFilesFirst },
    expect: { poll: { timeout: 30_000, interval: 50 } },
    // Runs of the tests are nobody's history.
    env: { CUTOFF_DATA_DIR: join(tmpdir(), `cutoff-test-data-${process.pid}`) },
    reporters: ['default', join(import.meta.dirname, 'summary-reporter.ts')],
  },
})
