import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { chromiumForTests, chromiumSwitches } from '../../../build/test-tools/chromium.ts'
import { switchesForChromium, switchValue } from './switches.ts'

let started: Promise<BrowserContext> | null = null
let isRunning = false

/** Where this app keeps its data: `--user-data-dir`, as for Electron. */
export function userData(): string {
  const folder = switchValue('user-data-dir')
  if (!folder) throw new Error('the stand-in wants --user-data-dir: a test never writes into a real profile')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** The one Chromium of this app, started with its first window. */
export function browserContext(): Promise<BrowserContext> {
  started ??= start()
  return started
}

async function start(): Promise<BrowserContext> {
  // What the app sets while its first window is made counts too.
  await new Promise((resolve) => { setImmediate(resolve) })
  const found = chromiumForTests()
  if (!found.ok) throw new Error(found.problem)
  // A former start with the same profile left its port behind.
  rmSync(portFile(), { force: true })
  // Signals are the app's: by itself Playwright would end the browser under it.
  const context = await chromium.launchPersistentContext(join(userData(), 'chromium'), {
    executablePath: found.path, headless: true, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, viewport: { width: 1440, height: 900 }, args: [...chromiumSwitches, ...switchesForChromium(), '--remote-debugging-port=0'],
  })
  isRunning = true
  return context
}

/** The address at which a spec can reach the same Chromium. */
export function debuggingAddress(): string {
  if (!isRunning) throw new Error('the browser is not there yet')
  const [port, path] = readFileSync(portFile(), 'utf8').split('\n')
  return `ws://127.0.0.1:${port}${path}`
}

export async function closeBrowser(): Promise<void> {
  await (await started)?.close()
}

function portFile(): string {
  return join(userData(), 'chromium/DevToolsActivePort')
}
