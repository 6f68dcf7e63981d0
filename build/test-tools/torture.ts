import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What came of it: samples taken, different stacks, stacks that cannot be (up to ten), readings that were made again, samples given up, whether the script was still alive. */
export interface Tortured { samples: number; stacks: number; wrong: unknown[]; torn: number; lost: number; alive: boolean }

const root = join(import.meta.dirname, '../..')

/** What the sampled script makes and destroys without end: `scripts/torture_script.py`. The last one is all of it at once. */
export const tortureKinds = ['churn', 'calls', 'threads', 'generators', 'renamed', 'churn,calls,threads,generators,renamed'] as const

/** Samples a script that does its worst, and checks every stack for what is impossible. Rejects when the sampler crashes or takes too long. */
export async function torture(python: string, kinds: string, samples: number): Promise<Tortured> {
  const script = join(root, 'test/electron/python/stacks/scripts/torture.py')
  const { stdout } = await promisify(execFile)(python, ['-B', script, join(root, 'electron/python'), String(samples), kinds], { timeout: 10_000 + samples * 20 })
  return JSON.parse(stdout) as Tortured
}
