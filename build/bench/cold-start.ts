import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { buildStale } from '../parts/fresh.ts'
import { allParts } from '../parts/index.ts'
import { childrenOf, emptyTab, ownBytes, rendererBytes, startBrowser } from './browser-page.ts'
import { electronFigures } from './electron-start.ts'
import { figure, quantile, type Figure } from './figure.ts'
import { startServing, type Served } from './served.ts'

const screen = join(import.meta.dirname, '../../out/renderer')
const rounds = 5
/** Between two looks whether Run can be pressed (ms). */
const lookMs = 5
/** Time for what warms up after the start to come to rest. */
const restMs = 3000

// The page's own, where this code runs; the rest of `build/` runs in Node.
declare global {
  var document: { querySelector(selectors: string): unknown }
}

/** A start, in ms from the start of the process: the address is printed, the first thing is painted, Run can be pressed. */
interface Start { served: number; painted: number; usable: number }

/** Cold starts of the web host in a browser that is there already, and of Electron where it exists; what each process holds at rest. */
export async function benchColdStart(): Promise<Figure[]> {
  await buildStale(allParts, (line) => process.stderr.write(`${line}\n`))
  const starts: Start[] = []
  let rest: Figure[] = []
  const browser = await startBrowser()
  try {
    for (let round = 0; round < rounds; round++) {
      const page = await emptyTab(browser)
      const served = await startServing()
      try {
        starts.push(await openPage(served, page))
        if (round === rounds - 1) rest = [await scriptBytes(page), ...await restFigures(browser, page, served)]
      } finally {
        // A browser that went is told by what failed before, not by this.
        await page.context().close().catch(() => undefined)
        await served.close()
      }
    }
  } finally {
    await browser.close()
  }
  const all = (part: keyof Start) => starts.map((start) => start[part])
  const how = `from the start of the \`cutoff serve\` process; the browser is running, with an empty tab at rest and nothing in its cache`
  return [
    figure('start.usable', Math.min(...all('usable')), 'ms', '<= 1000', `best of ${rounds} (median ${quantile(all('usable'), 0.5).toFixed(0)}) until Run can be pressed, ${how}`),
    figure('start.painted', Math.min(...all('painted')), 'ms', '<= 900', `best of ${rounds} (median ${quantile(all('painted'), 0.5).toFixed(0)}): first contentful paint; the address is printed after ${Math.min(...all('served')).toFixed(0)} ms`),
    figure('start.cold_browser', Math.min(...await coldBrowserStarts()), 'ms', null, 'best of 3: until Run can be pressed, when the browser is started for it too (driven by Playwright, whose own start counts)'),
    ...rest,
    ...await electronFigures(),
  ]
}

async function openPage({ url, servedMs, beganMs }: Served, page: Page): Promise<Start> {
  const opened = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  // A locator waits up to half a second between two looks.
  while (!await page.evaluate(() => document.querySelector('header button.btn-primary:not(:disabled)') !== null)) await setTimeout(lookMs)
  const usable = performance.now() - beganMs
  await page.getByRole('button', { name: 'Run', exact: true, disabled: false }).waitFor()
  while (!await page.evaluate(() => performance.getEntriesByName('first-contentful-paint').length)) await setTimeout(lookMs)
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
  return { served: servedMs, painted: opened - beganMs + paint, usable }
}

/** What the page had fetched of JavaScript when it painted for the first time; counted as it would travel. */
async function scriptBytes(page: Page): Promise<Figure> {
  const names = await page.evaluate(() => {
    const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.POSITIVE_INFINITY
    return performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('.js') && (entry as unknown as { responseEnd: number }).responseEnd <= painted).map((entry) => new URL(entry.name).pathname)
  })
  const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(screen, name))).length, 0)
  return figure('start.javascript', bytes / 1000, 'kB', '<= 350', `gzip, of the ${names.length} scripts that were there before the first contentful paint`)
}

async function restFigures(browser: Browser, page: Page, { pid }: Served): Promise<Figure[]> {
  await setTimeout(restMs)
  const how = 'proportional set size, at rest after the start'
  const parts: [string, number | null, string, string][] = [
    ['memory.engine', ownBytes(pid), '<= 100', 'the serving process'],
    ['memory.spare', childrenOf(pid).reduce<number | null>((sum, child) => { const own = ownBytes(child); return sum === null || own === null ? null : sum + own }, 0), '<= 15', 'the interpreter kept warm for the next run'],
    ['memory.page', Math.max(0, ...(await rendererBytes(browser, page)).values()) || null, '<= 200', "the page's process in the browser"],
  ]
  return parts.flatMap(([name, bytes, bound, what]) => bytes === null ? [] : [figure(name, bytes / 1024 ** 2, 'MB', bound, `${what}: ${how}`)])
}

async function coldBrowserStarts(): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < 3; round++) {
    const served = await startServing()
    const browser = await startBrowser()
    try {
      times.push((await openPage(served, await browser.newPage())).usable)
    } finally {
      await browser.close()
      await served.close()
    }
  }
  return times
}
