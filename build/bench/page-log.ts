import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { rendererBytes } from './browser-page.ts'
import { figure, type Figure } from './figure.ts'
import { withOpenPage, type OpenedPage } from './page-open.ts'
import { countFrames, framesPerSecond, longestTaskMs, readWatch } from './page-watch.ts'

const lines = 10_000_000
const scrollMs = 6000
/** Large writes: the log is what is measured, not Python's print. */
const script = `import sys


def transform(input_data):
    for first in range(0, ${lines}, 100000):
        sys.stdout.write("".join("line %d of a long output, value=%d\\n" % (n, n * 7919 % 1000003) for n in range(first, first + 100000)))
    sys.stdout.flush()
    return {}
`
const wide = Object.fromEntries(['gateway.read', 'gateway.write', 'connector.context', 'connector.python', 'wrapper.timeout'].map((id) => [id, '20m']))

/** Ten million lines of a run in the page: while they come, then scrolled through, then searched. */
export async function benchPageLog(): Promise<Figure[]> {
  return withOpenPage(async (engine, folder) => {
    await writeFile(join(folder, 'flood.py'), script)
    await engine.call('saveDraft', { scriptPath: null, scriptName: 'flood.py', scriptText: script, inputText: '{}', limits: wide, profile: 'transformation-service' })
  }, async (opened) => {
    const { page } = opened
    const before = await bytesAtRest(opened)
    await readWatch(page)
    const took = await runFlood(opened)
    const live = await readWatch(page)
    const after = await rendererBytes(opened.browser, page)
    const scrolled = await scroll(page)
    const searchedMs = await search(page)
    const how = `${lines.toLocaleString('en')} lines in the log of a run that the page shows`
    return [
      ...before.size === 0 ? [] : [figure('page.log.memory', growthOf(before, after) / 1024 ** 2, 'MB', '<= 100', `${how}: growth of the page's process (proportional set size, after a collection of garbage)`)],
      figure('page.log.live_task', longestTaskMs(live), 'ms', '<= 50', `${how}: longest task (0 = none over 50 ms) from the click on Run until the lines were all there, which took ${(took / 1000).toFixed(1)} s; the engine and Python want the processors as well then`),
      figure('page.log.scroll', framesPerSecond(scrolled.frames), 'frames/s', '>= 50', `${how}: by the starts of ${scrolled.frames.length} frames over ${scrollMs / 1000} s of wheel turns and jumps, without a graphics card`),
      figure('page.log.scroll_task', longestTaskMs(scrolled), 'ms', '<= 50', `${how}: longest task (0 = none over 50 ms) during that`),
      figure('page.log.search', searchedMs / 1000, 's', '<= 5', `${how}: regular expression over all of it, from the keystroke to its count on the screen`),
    ]
  })
}

/** Runs the script and waits until it is over and kept; the page is asked nothing meanwhile, so that whatever it does is its own. Returns how long the run took (ms). */
async function runFlood({ page, engine }: OpenedPage): Promise<number> {
  const began = performance.now()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  for (let tries = 0; ; tries++) {
    const [run] = (await engine.call('historyList', { count: 1 })).runs
    if (run && run.logLines < lines) throw new Error(`only ${run.logLines} lines arrived: ${run.headline}`)
    if (run) {
      await page.waitForTimeout(1000)
      return performance.now() - began - 1000
    }
    if (tries > 600) throw new Error('the run was not kept within five minutes')
    await new Promise((resolve) => { setTimeout(resolve, 500) })
  }
}

/** Sizes once the start is over: what it needed for a moment (the linter's module among it) has been given back then. */
async function bytesAtRest({ browser, page }: OpenedPage): Promise<Map<number, number>> {
  let sizes = await rendererBytes(browser, page)
  for (let tries = 0; tries < 10; tries++) {
    await page.waitForTimeout(2000)
    const now = await rendererBytes(browser, page)
    const isSteady = Math.abs(largestOf(now) - largestOf(sizes)) < 2 ** 20
    sizes = now
    if (isSteady) break
  }
  return sizes
}

function largestOf(sizes: ReadonlyMap<number, number>): number {
  return Math.max(0, ...sizes.values())
}

/** How much larger the page's process is; it is the largest of the browser's, and may have shrunk. */
function growthOf(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  const [[pid, bytes] = [0, 0]] = [...before].toSorted((one, other) => other[1] - one[1])
  return (after.get(pid) ?? 0) - bytes
}

async function scroll(page: Page) {
  const log = page.getByRole('log', { name: 'Log' })
  await log.hover()
  await log.focus()
  await page.keyboard.press('Home')
  await page.waitForTimeout(500)
  await readWatch(page)
  await countFrames(page)
  const until = performance.now() + scrollMs
  for (let turn = 0; performance.now() < until; turn++) {
    await page.mouse.wheel(0, turn % 40 < 30 ? 240 : -900)
    if (turn % 100 === 99) await page.keyboard.press(turn % 200 === 99 ? 'End' : 'Home')
  }
  return readWatch(page)
}

async function search(page: Page): Promise<number> {
  const began = performance.now()
  await page.getByRole('searchbox', { name: 'Filter the log' }).fill('/value=1234\\d5$/')
  await page.getByRole('status').filter({ hasText: /\d lines? shown/ }).waitFor({ timeout: 60_000 })
  return performance.now() - began
}
