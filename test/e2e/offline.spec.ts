import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { findProgram } from '../../build/test-tools/find-program.ts'
import { requireBuilt } from '../helpers/built.ts'
import type { ClassicCase } from '../helpers/screen.ts'

const helpers = join(import.meta.dirname, '../helpers')
const namespace = namespaceCommand()

describe(`without any network but loopback (${namespace.how})`, () => {
  test('the whole app works: it is served, loads, runs the classic case and gives the verdict', { timeout: 90_000 }, () => {
    requireBuilt([screen])
    const [command = '', ...args] = [...namespace.command, process.execPath, join(helpers, 'offline-check.ts'), ...namespace.switches]
    const run = spawnSync(command, args, { encoding: 'utf8', timeout: 80_000 })
    expect(run.status, run.stderr).toBe(0)
    const shown = JSON.parse(run.stdout) as ClassicCase & { requests: string[]; complaints: string[] }
    expect(shown.verdict).toContain('client.total')
    expect(shown.stages).toHaveLength(5)
    expect(shown.log).toContain('Starting Python script execution')
    expect(shown.complaints).toEqual([])
    expect(shown.requests.filter((address) => !address.startsWith('http://127.0.0.1:'))).toEqual([])
  })
})

/**
 * How to start a command that has no network but loopback: in a network namespace of its own where the system allows one, to root or to
 * everybody. Elsewhere the browser itself is kept from every other host; what it asks for is checked either way.
 */
function namespaceCommand(): { how: string; command: string[]; switches: string[] } {
  const python = findProgram('python3')
  for (const flags of process.getuid?.() === 0 ? ['-n'] : ['-rn']) {
    const command = ['unshare', flags, '--', python ?? 'python3', join(helpers, 'offline.py')]
    if (python && spawnSync('unshare', [...command.slice(1), process.execPath, '-e', '0']).status === 0) return { how: `in a network namespace, unshare ${flags}`, command, switches: [] }
  }
  return { how: 'no network namespace can be made here: the browser is kept from every other host instead', command: [], switches: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--proxy-server=127.0.0.1:9', '--proxy-bypass-list=127.0.0.1'] }
}
