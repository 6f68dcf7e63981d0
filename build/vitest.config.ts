import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFilesFirst } from './long-files-first.ts'

/**
 * Tests run on two workers: they start real servers, processes and browsers, and the machines that run them have two cores.
 * No test is retried: one that fails sometimes has a reason.
 */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.{test,spec}.{ts,tsx}'],
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
