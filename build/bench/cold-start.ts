import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { electronExecutable } from '../electron-runtime.ts'
import { buildStale } from '../parts/fresh.ts'
import { allParts } from '../parts/index.ts'
import { chromiumForTests, chromiumSwitches } from '../test-tools/chromium.ts'
import { figure, quantile, type Figure } from './figure.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 5
/** Time for what warms up after the start to come to rest. */
const restMs = 3000

/** A start, in ms from the start of the process: the address is printed, the first thing is painted, Run can be pressed. */
interface Start { served: number; painted: number; usable: number }

/** Cold starts of the web host in a browser that is there already, and of Electron where it exists; what each process holds at rest. */
export async function benchColdStart(): Promise<Figure[]> {
  await buildStale(allParts, (line) => process.stderr.write(`${line}\n`))
  const found = chromiumForTests()
  if (!found.ok) throw new Error(found.problem)
  const browser = await chromium.launch({ executablePath: found.path, args: chromiumSwitches })
  try {
    const starts: Start[] = []
    let engineBytes: number | null = null
    for (let round = 0; round < rounds; round++) {
      const { start, bytes } = await startOnce(browser, round === rounds - 1)
      starts.push(start)
      engineBytes = bytes
    }
    const median = (part: keyof Start) => quantile(starts.map((start) => start[part]), 0.5)
    return [
      figure('start.painted', median('painted'), 'ms', '<= 1500', `median of ${rounds}: start of \`cutoff serve\` to first contentful paint (address printed after ${median('served').toFixed(0)} ms)`),
      figure('start.usable', median('usable'), 'ms', '<= 2000', `median of ${rounds}: start of \`cutoff serve\` until Run can be pressed`),
      ...engineBytes === null ? [] : [figure('memory.web_host', engineBytes / 1024 ** 2, 'MB', null, 'proportional set size of the serving process with its warm spare, at rest')],
      ...await electronFigures(),
    ]
  } finally {
    await browser.close()
  }
}

async function startOnce(browser: Browser, measureRest: boolean): Promise<{ start: Start; bytes: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const began = performance.now()
  const server = spawn(process.execPath, [join(root, 'electron/hosts/cli.ts'), 'serve', '--no-open'], { env: { ...process.env, CUTOFF_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    const [line] = await once(server.stdout, 'data') as [Buffer]
    const served = performance.now() - began
    const page = await context.newPage()
    const opened = performance.now()
    await page.goto(String(line).trim(), { waitUntil: 'commit' })
    await page.getByRole('button', { name: 'Run', exact: true, disabled: false }).waitFor()
    const usable = performance.now() - began
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
    if (measureRest) await new Promise((resolve) => { setTimeout(resolve, restMs) })
    return { start: { served, painted: opened - began + paint, usable }, bytes: measureRest ? bytesOfTree(server.pid ?? 0) : null }
  } finally {
    await context.close()
    await end(server)
    await rm(folder, { recursive: true, force: true })
  }
}

/** Electron says on stdout when its page has been greeted. */
async function electronFigures(): Promise<Figure[]> {
  const path = electronExecutable()
  if (!path) return []
  const ready: number[] = []
  let bytes: number | null = null
  for (let round = 0; round < rounds; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
    const began = performance.now()
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0
    const app = spawn(path, [...asRoot ? ['--no-sandbox'] : [], `--user-data-dir=${folder}`, join(root, 'dist/electron/main.js')], { env: { ...process.env, CUTOFF_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(app.stdout, 'data')
    ready.push(performance.now() - began)
    if (round === rounds - 1) {
      await new Promise((resolve) => { setTimeout(resolve, restMs) })
      bytes = bytesOfTree(app.pid ?? 0)
    }
    await end(app)
    await rm(folder, { recursive: true, force: true })
  }
  return [
    figure('start.electron', quantile(ready, 0.5), 'ms', '<= 2000', `median of ${rounds}: start of Electron until its page has been greeted by the engine`),
    ...bytes === null ? [] : [figure('memory.electron', bytes / 1024 ** 2, 'MB', null, 'proportional set size of all processes of the app, at rest')],
  ]
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** Proportional set size of a process and everything below it; null where the system does not tell (other than Linux). */
function bytesOfTree(pid: number): number | null {
  try {
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1])
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number))
    return kilobytes * 1024 + children.reduce((sum, child) => sum + (bytesOfTree(child) ?? 0), 0)
  } catch {
    return null
  }
}
