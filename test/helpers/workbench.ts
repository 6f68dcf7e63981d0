import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { requireBuilt } from './built.ts'
import { pressRun, verdictOf } from './screen.ts'
import { launchBrowser, openApp, type WebApp } from './web-app.ts'
import { descendantsOf } from '../../build/test-tools/kill/processes.ts'

/** A group of tests with an app of its own: what they do builds on each other, as a session at the screen does. */
export type Group = (name: string, tests: (app: () => WebApp, page: () => Page) => void, options?: { expected?: RegExp; prepare?: (dataDir: string) => void }) => void

/**
 * Groups of tests that share one browser; every group has an engine with data of its own, and ends with a look at what its page complained
 * about (`expected`: what the group itself brings about; `prepare` fills the engine's folder of data before it starts). Called once at the top of a file.
 */
export function groupsInOneBrowser(): Group {
  let browser: Browser | undefined
  beforeAll(async () => {
    requireBuilt([screen])
    browser = await launchBrowser()
  })
  afterAll(async () => { await browser?.close() })
  return (name, tests, { expected, prepare } = {}) => describe(name, () => {
    let app: WebApp | undefined
    const started = () => { if (!app) throw new Error('the app did not start'); return app }
    beforeAll(async () => {
      app = await openApp({ ...(browser ? { browser } : {}), ...(prepare ? { prepare } : {}) })
      await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
      // The first run of a group finds the spare interpreter, as that of a user does: the page is there before it.
      const { pid } = app
      if (process.platform === 'linux') await vi.waitUntil(() => descendantsOf(pid).length > 0, { timeout: 30_000, interval: 20 })
    })
    afterAll(async () => { await app?.close() })
    tests(started, () => started().page)
    test('and the page had nothing to complain about', () => {
      expect(started().complaints.filter((text) => !expected?.test(text))).toEqual([])
    })
  })
}

export async function runToVerdict(page: Page): Promise<string> {
  await pressRun(page)
  return verdictOf(page)
}
export function region(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}
export function log(page: Page): Locator {
  return page.getByRole('log', { name: 'Log' })
}
