import { expect, test } from 'vitest'
import { openSample, verdictOf } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict, violationsOf } from '../helpers/workbench.ts'

/** The answer side: who cut it, and where the time went. */
const group = groupsInOneBrowser()

group('the verdict', (_, page) => {
  test('shows the culprit in the flow, and what each layer did', async () => {
    await openSample(page(), 'Cut at 500 ms')
    expect(await runToVerdict(page())).toContain('client')
    const flow = page().getByRole('list', { name: 'Flow of the request' }).getByRole('listitem')
    expect(await flow.count()).toBe(6)
    expect(await flow.nth(0).innerText()).toContain('total limit fires')
    expect(await flow.nth(5).innerText()).toContain('signal: killed')
  })
  test('evidence jumps to its line of the log', async () => {
    await region(page(), 'Verdict').getByRole('button', { name: /client.total fired/ }).click()
    await log(page()).locator('.log-selected').getByText('total limit reached').waitFor()
  })
  test('unfolds who was ruled out, and folds again with Esc', async () => {
    await page().getByRole('button', { name: /Ruled out/ }).click()
    await page().getByRole('heading', { name: 'Ruled out' }).waitFor()
    expect(await violationsOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    await page().getByRole('heading', { name: 'Ruled out' }).waitFor({ state: 'detached' })
  })
  test('its advice is applied by one button, which runs again', async () => {
    const button = region(page(), 'Verdict').getByRole('button', { name: /^Set client.total to .*, run again$/ })
    const label = await button.innerText()
    await button.click()
    const value = /to (.*), run again/.exec(label)?.[1] ?? ''
    await page().getByRole('button', { name: `Client limit ${value}` }).waitFor()
    await verdictOf(page())
  })
})

group('the timing chart', (_, page) => {
  test('links the pointer with the log, the line of the script and a reading', async () => {
    await openSample(page(), 'Cut at 500 ms')
    await page().getByRole('button', { name: /^Client limit/ }).click()
    await page().getByRole('option', { name: 'none' }).click()
    expect(await runToVerdict(page())).toContain('Nothing was cut')
    const plot = page().getByRole('application', { name: /Timing chart/ })
    const box = await plot.boundingBox()
    if (!box) throw new Error('the chart has no place')
    await page().mouse.move(box.x + box.width * 0.35, box.y + 70)
    await page().locator('.reading-card').getByText(/fetch_rate:9/).waitFor()
    await page().locator('.cm-content').getByText(/^at [\d\s]+ ms$/).first().waitFor()
  })
  test('is worked with keys: zoom, pan, fit', async () => {
    const plot = page().getByRole('application', { name: /Timing chart/ })
    const ticks = () => plot.locator('.tick-labels').textContent()
    const before = await ticks()
    await plot.focus()
    await page().keyboard.press('+')
    await page().keyboard.press('+')
    await expect.poll(ticks).not.toBe(before)
    await page().keyboard.press('f')
    await expect.poll(ticks).toBe(before)
  })
  test('shows its axis broken, logarithmic or linear', async () => {
    await page().getByRole('button', { name: 'Log', exact: true }).click()
    expect(await page().locator('.plot .tear').count()).toBe(0)
    await page().getByRole('button', { name: 'Break', exact: true }).click()
    expect(await page().locator('.plot .tear').count()).toBe(1)
  })
  test('J steps through the events, and the log follows', async () => {
    await page().getByRole('application', { name: /Timing chart/ }).focus()
    await page().keyboard.press('j')
    await page().keyboard.press('j')
    await log(page()).locator('.log-selected').waitFor()
  })
  test('is there for those who do not see it', async () => {
    expect(await page().getByRole('table', { name: 'Spans and deadlines of this run' }).innerText()).toContain('gateway.write')
  })
})
