import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setUpTests } from './setup-tests.ts'
import { sumOf, summaryLineOf, type Counts } from './test-counts.ts'

/**
 * `npm test`: types, lint, the tests' set-up, the builds that end-to-end tests drive, then every test. Each step before the tests
 * counts as one check. A step that fails does not hide what the later ones would say. Ends with one line, `N passed, N failed`.
 * Arguments go to vitest: `npm test -- test/shared`.
 */
const root = join(import.meta.dirname, '..')
const say = (line: string) => process.stdout.write(`${line}\n`)

const checks = [
  check('types', () => runPackage('typescript', 'tsc', ['-b'])),
  check('lint', () => runPackage('oxlint', 'oxlint', [])),
  check('set-up', () => setUpTests(say)),
  check('build', () => run([join(import.meta.dirname, 'build.ts')])),
]
const total = sumOf(...checks, runTests(process.argv.slice(2)))
process.exitCode = total.failed === 0 ? 0 : 1
say(summaryLineOf(total))

function check(name: string, step: () => void): Counts {
  say(`== ${name}`)
  try {
    step()
    return { passed: 1, failed: 0 }
  } catch (error) {
    say(`${name}: FAILED. ${(error as Error).message}`)
    return { passed: 0, failed: 1 }
  }
}

function runTests(args: readonly string[]): Counts {
  say('== tests')
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-test-counts-'))
  const file = join(folder, 'counts.json')
  try {
    process.env.CUTOFF_TEST_COUNTS = file
    const status = spawnSync(process.execPath, [binOf('vitest', 'vitest'), 'run', ...args], { cwd: root, stdio: 'inherit' }).status
    const counts: Counts = JSON.parse(readFileSync(file, 'utf8'))
    // Vitest may fail for a reason that no test carries, such as a file it cannot load.
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
  } catch (error) {
    say(`tests: FAILED. The test runner ended without its counts. ${(error as Error).message}`)
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runPackage(packageName: string, bin: string, args: readonly string[]): void {
  run([binOf(packageName, bin), ...args])
}

function run(args: readonly string[]): void {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error(signal ? `It was ended by ${signal}.` : `It exited with ${status}; what it said stands above.`)
}

/** The script behind a package's command; starting it with our own Node works on every platform and needs no PATH. */
function binOf(packageName: string, bin: string): string {
  const require = createRequire(import.meta.url)
  const file = join(root, 'node_modules', packageName, 'package.json')
  const bins: unknown = require(file).bin
  return join(dirname(file), typeof bins === 'string' ? bins : (bins as Record<string, string>)[bin] ?? '')
}
