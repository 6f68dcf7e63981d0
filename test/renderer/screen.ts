import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { serveWeb, type WebHost } from '../../electron/hosts/web.ts'

/** A browser on the real screen, served by the real host, in front of the real engine; nothing of it is kept. */
export interface Screen { page: Page; browser: Browser; engine: Engine; host: WebHost; dataDir: string; problems: string[]; close(): Promise<void> }

const chromiumPath = process.env['CUTOFF_CHROMIUM'] ?? '/usr/bin/chromium'
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export interface ScreenOptions { width?: number; height?: number; dark?: boolean; rendererDir?: string; reducedMotion?: boolean }

/** Opens the built screen. Whatever the page complains about (errors, refused requests, policy) is collected in `problems`. */
export async function openScreen({ width = 1440, height = 900, dark = false, rendererDir, reducedMotion = true }: ScreenOptions = {}): Promise<Screen> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cutoff-screen-'))
  const engine = await createEngine({ history: 'on', host: 'web', dataDir })
  const host = await serveWeb(rendererDir ? { engine, rendererDir } : { engine })
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: reducedMotion ? 'reduce' : 'no-preference', permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text()) })
  page.on('pageerror', (error) => problems.push(`${error.message}\n${error.stack ?? ''}`))
  page.on('requestfailed', (request) => problems.push(`request failed: ${request.url()} ${request.failure()?.errorText ?? ''}`))
  await page.goto(host.url)
  return {
    page, browser, engine, host, dataDir, problems,
    async close() {
      await browser.close()
      await host.close()
      await engine.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
