import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { DesktopApp, LaunchOptions } from './desktop-app.ts'
import type { Reply, Request } from './electron-stand-in/control.ts'

const root = join(import.meta.dirname, '../..')

/** Starts the built main process on the stand-in for `electron`. */
export async function launchOnStandIn({ userData, files = [], env = {} }: LaunchOptions): Promise<DesktopApp> {
  const child = fork(join(root, 'dist/electron/main.js'), [`--user-data-dir=${userData}`, ...files], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', join(root, 'test/helpers/electron-stand-in/register.ts')],
    env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  child.stdout?.on('data', (data: Buffer) => { output += String(data) })
  child.stderr?.on('data', (data: Buffer) => { output += String(data) })
  const exited = new Promise<number | null>((resolve) => { child.once('exit', (code) => resolve(code)) })
  const ask = createAsk(child, exited.then(() => { throw new Error(`the app ended: ${output}`) }))
  let browser: Promise<Browser> | null = null
  const connect = async () => {
    const address = await waitFor(child, () => ask('debugging-address', null).catch(() => null), () => `the stand-in's browser did not start: ${output}`)
    return chromium.connectOverCDP(String(address))
  }
  return {
    kind: 'stand-in', pid: child.pid ?? 0, exited, output: () => output,
    evaluate: (fn, arg) => ask(String(fn), arg) as never,
    page: async () => {
      browser ??= connect()
      const connected = await browser
      return waitFor(child, async () => connected.contexts().flatMap((context) => context.pages()).find(isShown) ?? null, () => `no window opened: ${output}`)
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null && child.connected) await ask('({ app }) => { app.quit() }', null).catch(() => undefined)
      return exited
    },
    kill: (signal) => { child.kill(signal) },
  }
}

/** The app's page, as the stand-in shows its address; a page that crashed stays in the list for a while. */
function isShown(page: Page): boolean {
  return page.url().startsWith('https://cutoff.app.invalid/') && !page.isClosed()
}

/** Questions to the main process, by number. */
function createAsk(child: ChildProcess, ended: Promise<never>) {
  ended.catch(() => undefined)
  const waiting = new Map<number, (reply: Reply) => void>()
  let lastId = 0
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  return (source: string, arg: unknown): Promise<unknown> => Promise.race([ended, new Promise((resolve, reject) => {
    const id = ++lastId
    waiting.set(id, (reply) => 'error' in reply ? reject(new Error(reply.error)) : resolve(reply.ok))
    child.send({ id, source, arg } satisfies Request, (error) => { if (error) reject(error) })
  })])
}

/** Asks again until there is an answer. */
async function waitFor<T>(child: ChildProcess, ask: () => Promise<T | null>, problem: () => string): Promise<T> {
  const end = performance.now() + 60_000
  while (performance.now() < end && child.exitCode === null && child.signalCode === null) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  throw new Error(problem())
}
