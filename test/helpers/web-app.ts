import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumForTests, chromiumSwitches } from '../../build/test-tools/chromium.ts'

const root = join(import.meta.dirname, '../..')

/** The app in a browser: the real command line serves the real engine, a real Chromium shows it. */
export interface WebApp {
  readonly page: Page
  /** The address with its token, as it was printed. */
  readonly url: string
  readonly pid: number
  /** Addresses of everything the browser asked for. */
  readonly requests: readonly string[]
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly complaints: readonly string[]
  /** Another page in the same browser. */
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** The Chromium of the tests. */
export async function launchBrowser(switches: readonly string[] = []): Promise<Browser> {
  const found = chromiumForTests()
  if (!found.ok) throw new Error(found.problem)
  return chromium.launch({ executablePath: found.path, args: [...chromiumSwitches, ...switches] })
}

/**
 * Starts `cutoff serve` with data of its own and opens it, in a browser of its own or as a visitor of its own in one that is there.
 * Uses nothing of vitest: the offline check runs it by itself.
 */
export async function openApp(options: { colorScheme?: 'light' | 'dark'; switches?: string[]; browser?: Browser; prepare?: (dataDir: string) => void } = {}): Promise<WebApp> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-web-app-'))
  options.prepare?.(folder)
  const [server, browser] = await Promise.all([startServer(folder), options.browser ?? launchBrowser(options.switches)])
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: options.colorScheme ?? 'light', reducedMotion: 'reduce' })
  const requests: string[] = []
  const complaints: string[] = []
  context.on('request', (request) => { requests.push(request.url()) })
  context.on('weberror', (error) => { complaints.push(error.error().message) })
  context.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
  const page = await context.newPage()
  await page.goto(server.url)
  return {
    page, url: server.url, pid: server.pid, requests, complaints,
    newPage: () => context.newPage(),
    async close() {
      if (options.browser) await context.close()
      else await browser.close()
      await server.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** `cutoff serve --no-open` in a process of its own, once it has printed its address. */
async function startServer(dataDir: string): Promise<{ url: string; pid: number; close(): Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'electron/hosts/cli.js'), 'serve', '--no-open'], { env: { ...process.env, CUTOFF_DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()) })
  let complaint = ''
  child.stderr.on('data', (data: Buffer) => { complaint += String(data) })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (data: Buffer) => {
      said += String(data)
      const line = /^(http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+)\n/.exec(said)
      if (line?.[1]) resolve(line[1])
    })
    child.once('exit', (code) => reject(new Error(`\`cutoff serve\` ended with ${code}: ${complaint}`)))
  })
  return { url, pid: child.pid ?? 0, close: async () => { child.kill('SIGTERM'); await exited } }
}
