import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type Page } from 'playwright-core'
import { electronExecutable } from '../../build/electron-runtime.ts'
import { launchOnStandIn } from './stand-in-app.ts'

export type Electron = typeof import('electron')

/** The desktop app as a spec sees it, on real Electron or on the stand-in. */
export interface DesktopApp {
  readonly kind: 'electron' | 'stand-in'
  readonly pid: number
  /** Settles with the exit code when the main process has ended. */
  readonly exited: Promise<number | null>
  output(): string
  /** Runs a function in the main process; it sees nothing but its two arguments. */
  evaluate<T, A = null>(fn: (electron: Electron, arg: A) => T | Promise<T>, arg?: A): Promise<T>
  /** The page of the window, once it is there. */
  page(): Promise<Page>
  close(): Promise<number | null>
  kill(signal: NodeJS.Signals): void
}
export interface LaunchOptions { userData: string; files?: string[]; env?: Record<string, string> }

const root = join(import.meta.dirname, '../..')
const real = electronExecutable()
/** Which of the two the specs run on; goes into their titles, so that the output says it. */
export const desktopKind = real ? 'real Electron' : 'the stand-in for Electron'

/** Starts the app once more with a profile that is in use: settles with its exit code. It ends at once, so no debugger ever reaches it. */
export async function startAgain(options: LaunchOptions): Promise<number | null> {
  if (!real) return (await launchOnStandIn(options)).exited
  const child = spawn(real, argumentsFor(options), { env: { ...process.env, ...options.env }, stdio: 'ignore' })
  return new Promise((resolve) => { child.once('exit', resolve).once('error', () => resolve(null)) })
}

/** Starts the built app with a profile of its own. */
export async function launchDesktop(options: LaunchOptions): Promise<DesktopApp> {
  return real ? launchReal(real, options) : launchOnStandIn(options)
}

/** An empty folder for one app's data, and the environment that keeps everything it writes inside. */
export function scratchProfile(): { userData: string; env: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-desktop-'))
  return {
    userData: join(folder, 'user'), env: { CUTOFF_DATA_DIR: join(folder, 'data') },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}

function argumentsFor({ userData, files = [] }: LaunchOptions): string[] {
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return [...sandbox, `--user-data-dir=${userData}`, join(root, 'dist/electron/main.js'), ...files]
}

async function launchReal(executablePath: string, options: LaunchOptions): Promise<DesktopApp> {
  const app = await _electron.launch({ executablePath, args: argumentsFor(options), env: { ...process.env as Record<string, string>, ...options.env } })
  const child = app.process()
  let output = ''
  child.stdout?.on('data', (data: Buffer) => { output += String(data) })
  child.stderr?.on('data', (data: Buffer) => { output += String(data) })
  const exited = new Promise<number | null>((resolve) => { child.once('exit', (code) => resolve(code)) })
  return {
    kind: 'electron', pid: child.pid ?? 0, exited, output: () => output,
    evaluate: (fn, arg) => app.evaluate(fn as never, arg as never) as never,
    page: () => app.firstWindow(),
    close: async () => { await app.close(); return exited },
    kill: (signal) => { child.kill(signal) },
  }
}
