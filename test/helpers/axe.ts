import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type PageWithAxe = typeof globalThis & { axe?: { run(context: Document, options: RunOptions): Promise<AxeResults> } }

/** Axe leaves the size of targets (WCAG 2.2 AA, 2.5.8) out unless it is asked for. */
const everything: RunOptions = { rules: { 'target-size': { enabled: true } } }

/**
 * What axe finds on the page as it stands, by all of its rules that are not experimental, each with its places. Only that leaves the page:
 * its whole result is a megabyte about what kept the rules, which takes longer on its way than all of the checks.
 */
export async function violationsOf(page: Page, options: RunOptions = everything): Promise<string[]> {
  if (!await page.evaluate(() => (globalThis as PageWithAxe).axe !== undefined)) await page.evaluate(axeSource)
  return page.evaluate(async (wanted) => {
    const results = await (globalThis as PageWithAxe).axe?.run(document, wanted)
    if (!results) throw new Error('axe is not in the page')
    return results.violations.map((violation) => `${violation.id}: ${violation.help} at ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  }, { ...options, resultTypes: ['violations'] } satisfies RunOptions)
}

/** What axe finds on the page as it stands, in the theme on the screen; of the other theme, its contrasts. */
export async function violationsInBothThemesOf(page: Page): Promise<string[]> {
  const here = await violationsOf(page)
  await swapTheme(page)
  const there = await violationsOf(page, { runOnly: ['color-contrast'] })
  await swapTheme(page)
  return [...here, ...there.map((text) => `in the other theme: ${text}`)]
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
