import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { buildStale } from '../parts/fresh.ts'
import { screen } from '../parts/index.ts'
import { startServed, type ServedEngine } from '../test-tools/kill/served-engine.ts'
import { emptyTab, startBrowser } from './browser-page.ts'
import { watchPage } from './page-watch.ts'

export interface OpenedPage { browser: Browser; page: Page; engine: ServedEngine; /** The data folder; temporary files are below it too. */ folder: string }

/** Serves the app with data of its own, shows it in a browser, and lets `measure` work with both. `prepare` has the engine before the page is there. */
export async function withOpenPage<T>(prepare: (engine: ServedEngine, folder: string) => Promise<void>, measure: (opened: OpenedPage) => Promise<T>): Promise<T> {
  await buildStale([screen], (line) => process.stderr.write(`${line}\n`))
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  const starting = startServed({ ...process.env, CUTOFF_DATA_DIR: folder, TMPDIR: folder })
  const browser = await startBrowser()
  try {
    const engine = await starting.ready
    await prepare(engine, folder)
    const page = await emptyTab(browser)
    await page.context().addCookies([{ ...engine.cookie, domain: '127.0.0.1', path: '/' }])
    await watchPage(page)
    await page.goto(`${engine.origin}/`)
    await page.getByRole('button', { name: 'Run', exact: true, disabled: false }).waitFor()
    return await measure({ browser, page, engine, folder })
  } finally {
    await browser.close()
    await starting.kill()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
