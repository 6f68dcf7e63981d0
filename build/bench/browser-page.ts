import { readdirSync, readFileSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { chromiumForTests, chromiumSwitches } from '../test-tools/chromium.ts'

/** A Chromium, headless and without a graphics card, as the tests use it. */
export async function startBrowser(): Promise<Browser> {
  const found = chromiumForTests()
  if (!found.ok) throw new Error(found.problem)
  return chromium.launch({ executablePath: found.path, args: chromiumSwitches })
}

/** A new window loads pages of the browser's own for a while; measured is what comes after. */
const restMs = 1000

/** An empty tab, at rest. */
export async function emptyTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await new Promise((resolve) => { setTimeout(resolve, restMs) })
  return page
}

/** Proportional set size in bytes of each renderer process of this browser, by pid, after a collection of garbage in the page. Empty off Linux. The page's own is the largest; others are the browser's. */
export async function rendererBytes(browser: Browser, page: Page): Promise<Map<number, number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
  const root = await browser.newBrowserCDPSession()
  const { processInfo } = await root.send('SystemInfo.getProcessInfo')
  await root.detach()
  return new Map(processInfo.filter(({ type }) => type === 'renderer').flatMap(({ id }) => {
    const bytes = ownBytes(id)
    return bytes === null ? [] : [[id, bytes] as const]
  }))
}

/** Proportional set size of one process; null where the system does not tell (other than Linux). */
export function ownBytes(pid: number): number | null {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024
  } catch {
    return null
  }
}

/** The processes right below one. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number))
  } catch {
    return []
  }
}
