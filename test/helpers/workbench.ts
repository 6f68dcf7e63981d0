import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { requireBuilt } from './built.ts'
import { pressRun, verdictOf } from './screen.ts'
import { launchBrowser, openApp, type WebApp } from './web-app.ts'

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

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it stands, in the theme on the screen; of the other theme, its contrasts. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const here = await look(page, {})
  await swapTheme(page)
  const there = await look(page, { runOnly: ['color-contrast'] })
  await swapTheme(page)
  return [...here, ...there.map((text) => `in the other theme: ${text}`)]
}

async function look(page: Page, options: RunOptions): Promise<string[]> {
  const results = await page.evaluate(async (wanted) => (globalThis as unknown as { axe: { run(context: Document, options: RunOptions): Promise<AxeResults> } }).axe.run(document, wanted), options)
  return results.violations.map((violation) => `${violation.id}: ${violation.help} at ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** Light for dark and back, as the page's own choice would: tokens and Mantine's colour scheme together. */
async function swapTheme(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { documentElement: root } = document
    const next = root.dataset['mantineColorScheme'] === 'dark' ? 'light' : 'dark'
    root.dataset['mantineColorScheme'] = next
    root.dataset['theme'] = next
  })
}
