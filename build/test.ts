import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { toolBin } from './test-tools/tool-folder.ts'
import { sumOf, summaryLineOf, type Counts } from './test-counts.ts'

/** How a process ended. */
interface Ending { status: number | null; signal: NodeJS.Signals | null }

/**
 * `npm test`: types, lint, the builds that end-to-end tests drive, the tests' set-up, then every test. Each step before the tests
 * counts as one check. A step that fails does not hide what the later ones would say. Ends with one line, `N passed, N failed`.
 * Arguments go to vitest: `npm test -- test/shared`.
 */
const root = join(import.meta.dirname, '..')
const say = (line: string) => process.stdout.write(`${line}\n`)

// Where programs have to be fetched for it, the set-up mostly waits for the network and the disk: it runs beside the steps that compute.
const setUp = runAside([join(import.meta.dirname, 'setup-tests.ts')])
const checks = [
  await check('types', () => runPackage('typescript', 'tsc', ['-b'])),
  await check('lint', () => runPackage('oxlint', 'oxlint', [])),
  await check('build', () => run([join(import.meta.dirname, 'build.ts')])),
  await check('set-up', setUp),
]
// What the set-up fetched for this user only.
process.env.PATH = [toolBin(), process.env.PATH].join(delimiter)
const total = sumOf(...checks, await runTests(process.argv.slice(2)))
process.exitCode = total.failed === 0 ? 0 : 1
say(summaryLineOf(total))

async function check(name: string, step: () => Promise<void>): Promise<Counts> {
  say(`== ${name}`)
  try {
    await step()
    return { passed: 1, failed: 0 }
  } catch (error) {
    say(`${name}: FAILED. ${(error as Error).message}`)
    return { passed: 0, failed: 1 }
  }
}

async function runTests(args: readonly string[]): Promise<Counts> {
  say('== tests')
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-test-counts-'))
  const file = join(folder, 'counts.json')
  try {
    process.env.CUTOFF_TEST_COUNTS = file
    const { status } = await ended(start([binOf('vitest', 'vitest'), 'run', ...args]))
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

function runPackage(packageName: string, bin: string, args: readonly string[]): Promise<void> {
  return run([binOf(packageName, bin), ...args])
}

async function run(args: readonly string[]): Promise<void> {
  complain(await ended(start(args)))
}

/** Starts at once; what it says is told, and whether it failed, when it is waited for. */
function runAside(args: readonly string[]): () => Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { said.push(data) })
  const end = ended(child)
  end.catch(() => undefined)
  return async () => {
    const how = await end
    process.stdout.write(Buffer.concat(said))
    complain(how)
  }
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => { child.once('error', reject).once('close', (status, signal) => resolve({ status, signal })) })
}

function complain({ status, signal }: Ending): void {
  if (status !== 0) throw new Error(signal ? `It was ended by ${signal}.` : `It exited with ${status}; what it said stands above.`)
}

/** The script behind a package's command; starting it with our own Node works on every platform and needs no PATH. */
function binOf(packageName: string, bin: string): string {
  const require = createRequire(import.meta.url)
  const file = join(root, 'node_modules', packageName, 'package.json')
  const bins: unknown = require(file).bin
  return join(dirname(file), typeof bins === 'string' ? bins : (bins as Record<string, string>)[bin] ?? '')
}
