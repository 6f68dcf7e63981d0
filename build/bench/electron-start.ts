import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { electronExecutable } from '../electron-runtime.ts'
import { bytesOfTree } from './browser-page.ts'
import { figure, quantile, type Figure } from './figure.ts'

const root = join(import.meta.dirname, '../..')
const rounds = 5
/** Time for what warms up after the start to come to rest. */
const restMs = 3000

/** Electron says on stdout when its page has been greeted. */
export async function electronFigures(): Promise<Figure[]> {
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
