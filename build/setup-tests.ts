import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { provideChromium } from './test-tools/chromium.ts'
import { findProgram } from './test-tools/find-program.ts'
import { provideServers } from './test-tools/servers.ts'
import { toolBin } from './test-tools/tool-folder.ts'

/**
 * Finds or installs what the tests need besides npm packages: python3, a Chromium, nginx and haproxy. Says which it took. Puts the
 * programs fetched for this user on PATH. Throws, in one plain sentence, where nothing can be tested at all.
 */
export function setUpTests(say: (line: string) => void): void {
  process.env.PATH = [toolBin(), process.env.PATH].join(delimiter)
  const python = findProgram(process.platform === 'win32' ? 'python' : 'python3')
  if (!python) throw new Error('No python3 was found. The tests run real Python scripts: install Python 3.8 or newer.')
  say(`python3: ${python} (${execFileSync(python, ['--version'], { encoding: 'utf8' }).trim()})`)
  provideServers(say)
  const chromium = provideChromium(say)
  if (!chromium.ok) throw new Error(chromium.problem)
  say(`Chromium: ${chromium.path} (${chromium.from})`)
}

if (import.meta.main) {
  try {
    setUpTests((line) => process.stdout.write(`${line}\n`))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
