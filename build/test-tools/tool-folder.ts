import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where programs go that only the tests need and that could not be installed for the whole machine. One folder per user, outside
 * of the checkout, so that a fresh clone does not fetch them again.
 */
export function toolFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cutoff', 'test-tools')
}

/** Its programs: on PATH while the tests run. */
export function toolBin(env: NodeJS.ProcessEnv = process.env): string {
  return join(toolFolder(env), 'bin')
}
