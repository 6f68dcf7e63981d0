import { figure, quantile, type Figure } from './figure.ts'
import { runWithSpans } from './many-spans.ts'
import { withOpenPage } from './page-open.ts'
import { readWatch } from './page-watch.ts'

const spans = 5000
const rounds = 7

/** A run with thousands of spans, opened from the history while another one is shown. */
export async function benchSpans(): Promise<Figure[]> {
  const times = await withOpenPage(async (engine) => {
    await engine.call('importRun', JSON.stringify(await runWithSpans(0)))
    await engine.call('importRun', JSON.stringify(await runWithSpans(spans)))
  }, async ({ page }) => {
    await page.getByRole('tab', { name: 'History' }).click()
    const [large, small] = [page.locator('.history-open').nth(0), page.locator('.history-open').nth(1)]
    const drawn: number[] = []
    for (let round = 0; round <= rounds; round++) {
      await small.click()
      await page.locator('.history-shown .history-open').and(small).waitFor()
      await page.waitForTimeout(600)
      await readWatch(page)
      await large.click()
      await page.waitForTimeout(900)
      const [answer] = (await readWatch(page)).answers
      if (!answer) throw new Error(`the run with ${spans} spans was not fetched`)
      if (round > 0) drawn.push(answer.shownMs - answer.atMs) // the first one also loads and compiles
    }
    return drawn
  })
  return [figure('page.spans', Math.min(...times), 'ms', '<= 100', `best of ${rounds} (median ${quantile(times, 0.5).toFixed(0)}): a run with ${spans.toLocaleString('en')} spans, from the arrival of its facts in the page to the end of the frame that shows them`)]
}
