import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { electronExecutable } from '../electron-runtime.ts'
import { ownBytes } from './browser-page.ts'
import { figure, quantile, type Figure } from './figure.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 5
/** Time for what warms up after the start to come to rest. */
const restMs = 3000
const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** Starts of Electron, where it exists: until its page is greeted, without a debugger; until it is painted and usable, and what each process holds, with one. */
export async function electronFigures(): Promise<Figure[]> {
  const path = electronExecutable()
  if (!path) return []
  const greeted: number[] = []
  for (let round = 0; round < rounds; round++) greeted.push(await inScratchFolder((folder) => greetedAfter(path, folder)))
  const watched = await inScratchFolder((folder) => watchStart(path, folder))
  return [
    figure('start.electron', quantile(greeted, 0.5), 'ms', '<= 2000', `median of ${rounds}: start of Electron until its page has been greeted by the engine`),
    figure('start.electron_painted', watched.painted, 'ms', null, 'first contentful paint, with a debugger attached, which costs the start some of its time'),
    figure('start.electron_usable', watched.usable, 'ms', '<= 3000', 'until Run can be pressed, with a debugger attached'),
    ...watched.memory.map(({ name, bytes }) => figure(`memory.electron.${name}`, bytes / 1024 ** 2, 'MB', null, 'proportional set size of this process of the app, at rest')),
  ]
}

async function inScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function argumentsFor(folder: string): string[] {
  return [...sandbox, `--user-data-dir=${folder}`, join(root, 'dist/electron/main.js')]
}

/** Electron says on stdout when its page has been greeted. */
async function greetedAfter(path: string, folder: string): Promise<number> {
  const began = performance.now()
  const app = spawn(path, argumentsFor(folder), { env: { ...process.env, CUTOFF_DATA_DIR: folder }, stdio: ['ignore', 'pipe', 'ignore'] })
  await once(app.stdout, 'data')
  const ms = performance.now() - began
  await end(app)
  return ms
}

async function watchStart(path: string, folder: string): Promise<{ painted: number; usable: number; memory: { name: string; bytes: number }[] }> {
  const beganAt = performance.timeOrigin + performance.now()
  const app = await _electron.launch({ executablePath: path, args: argumentsFor(folder), env: { ...process.env as Record<string, string>, CUTOFF_DATA_DIR: folder } })
  try {
    const page = await app.firstWindow()
    await page.getByRole('button', { name: 'Run', exact: true, disabled: false }).waitFor()
    const usable = performance.timeOrigin + performance.now() - beganAt
    const paintedAt = await page.evaluate(() => performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN))
    await new Promise((resolve) => { setTimeout(resolve, restMs) })
    const processes = await app.evaluate(({ app: own }) => own.getAppMetrics().map(({ pid, type, name }) => ({ pid, name: (name ?? type).toLowerCase().replaceAll(' ', '_') })))
    const memory = processes.flatMap(({ pid, name }) => { const bytes = ownBytes(pid); return bytes === null ? [] : [{ name, bytes }] })
    return { painted: paintedAt - beganAt, usable, memory }
  } finally {
    await app.close()
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}
