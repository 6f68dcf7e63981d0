import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { violationsInBothThemesOf } from '../helpers/axe.ts'
import { openSample, runUntilCutAsleep, typeScript, verdictOf } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict } from '../helpers/workbench.ts'

/** Notes what a screen reader is told from now on. */
async function hear(page: Page): Promise<() => Promise<string[]>> {
  const texts = await page.evaluateHandle(() => {
    const told: string[] = []
    for (const region of document.querySelectorAll('.sr-only[role=status]')) new MutationObserver(() => { if (region.textContent) told.push(region.textContent) }).observe(region, { childList: true, characterData: true, subtree: true })
    return told
  })
  return () => texts.jsonValue()
}

/** The answer side: who cut it, and where the time went. */
const group = groupsInOneBrowser()

group('the verdict', (_, page) => {
  test('shows the culprit in the flow, and what each layer did', async () => {
    await openSample(page(), 'Cut at 500 ms')
    const heard = await hear(page())
    expect(await runUntilCutAsleep(page())).toContain('client')
    await expect.poll(heard).toContainEqual(expect.stringMatching(/^Cut: The client hung up/))
    const flow = page().getByRole('list', { name: 'Flow of the request' }).getByRole('listitem')
    expect(await flow.count()).toBe(6)
    expect(await flow.nth(0).innerText()).toContain('total limit fires')
    expect(await flow.nth(5).innerText()).toContain('signal: killed')
  })
  test('marks the line that was running at the cut, with the time that was seen on it', async () => {
    const line = page().locator('.cm-line', { hasText: 'time.sleep(2)' })
    await line.getByText('running at the cut').waitFor()
    expect(Number((await page().locator('.line-time').first().innerText()).replace(/\D/g, ''))).toBeGreaterThan(0)
  })
  test('draws what fired, what is pending and what has no effect apart, in the lanes of their layers, under the memory cap', async () => {
    const plot = page().getByRole('application', { name: /Timing chart/ })
    // The chart is drawn some frames after the verdict.
    for (const state of ['fired', 'pending', 'idle']) await plot.locator(`.deadline-${state}`).first().waitFor({ state: 'attached' })
    for (const words of [/total 500 ms fired/, /^write 30 s/, /^python 30 s/, /no effect/, /^os.address_space 512 MB$/]) await plot.locator('text', { hasText: words }).first().waitFor()
    // As much of `fetch_rate` as there is room for: Python may have come late to it.
    expect(await plot.locator('.stack-lane').textContent()).toMatch(/\bf\w*(?:…|etch)/)
  })
  test.each(['verdict', 'timing'])('is given another height from the one it has, however high its content made it: %s', async (name) => {
    const splitter = page().getByRole('separator', { name: `Height of the ${name}` })
    const height = async () => Math.round((await page().locator(`.${name}`).boundingBox())?.height ?? 0)
    const before = await height()
    expect(Number(await splitter.getAttribute('aria-valuenow'))).toBe(before)
    await splitter.focus()
    await page().keyboard.press('Shift+ArrowUp')
    await expect.poll(height).toBe(before - 64)
    await page().keyboard.press('Enter')
    await expect.poll(height).toBe(before)
  })
  test('the bar of the address space stands below its figures in System', async () => {
    await page().getByRole('tab', { name: 'System', exact: true }).click()
    const figures = region(page(), 'System').locator('.fact', { hasText: 'Address space' })
    expect(await figures.innerText()).toMatch(/ of 512 MB$/)
    expect(await figures.locator('+ *').getAttribute('aria-label')).toBe('Address space used')
    await page().getByRole('tab', { name: 'Script', exact: true }).click()
  })
  test('keeps its evidence to one line beside the limits, so that the chart has room', async () => {
    await page().setViewportSize({ width: 1280, height: 800 })
    await page().keyboard.press('Alt+2')
    await region(page(), 'Limits').waitFor()
    await expect.poll(async () => (await page().locator('.evidence').boundingBox())?.height).toBe(24)
    await page().getByRole('button', { name: /^client.total fired/ }).waitFor()
    await page().getByRole('button', { name: /^Ruled out/ }).waitFor()
    await page().keyboard.press('Alt+1')
    await page().setViewportSize({ width: 1440, height: 900 })
  })
  test('evidence jumps to its line of the log', async () => {
    await region(page(), 'Verdict').getByRole('button', { name: /client.total fired/ }).click()
    await log(page()).locator('.log-selected').getByText('total limit reached').waitFor()
  })
  test('unfolds who was ruled out, and folds again with Esc', async () => {
    await page().getByRole('button', { name: /Ruled out/ }).click()
    await page().getByRole('heading', { name: 'Ruled out' }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    await page().getByRole('heading', { name: 'Ruled out' }).waitFor({ state: 'detached' })
  })
  test('the flame graph beside the log shows where the time went by function, and enlarges one', async () => {
    await page().getByRole('tab', { name: /^Flame/ }).click()
    await page().getByRole('button', { name: /^transform \d+ %/ }).waitFor()
    await page().getByRole('button', { name: /^fetch_rate \d+ %/ }).click()
    await expect.poll(() => page().getByRole('button', { name: /^transform \d+ %/ }).count()).toBe(0)
    await page().getByRole('button', { name: 'Show all' }).click()
    await page().getByRole('button', { name: /^transform \d+ %/ }).waitFor()
    await page().getByRole('tab', { name: /^Log/ }).click()
  })
  test('what is not known is one press away, and what that showed is in the advice of the next cut, which one button applies', async () => {
    await region(page(), 'Verdict').getByRole('button', { name: 'run once without this limit' }).click()
    await page().getByRole('button', { name: 'Client limit none' }).waitFor()
    const took = secondsIn(/Nothing was cut: the answer was back after ([\d.]+) s\b/, await verdictOf(page()))
    // Two seconds asleep are three in all on a machine that is busy.
    await region(page(), 'Verdict').getByText(new RegExp(`^client ${[2, 3, 5, 10].findLast((limit) => limit <= took)} s: cut .* short$`)).waitFor()
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('button', { name: 'Client limit 500 ms' }).waitFor()
    expect(await runUntilCutAsleep(page())).toContain('hung up')
    const needs = secondsIn(/The script needs ([\d.]+) s \(run \d+\)/, await region(page(), 'Verdict').getByText(/The script needs [\d.]+ s \(run \d+\)/).innerText())
    expect(needs).toBeGreaterThanOrEqual(2)
    const enough = [5, 10, 20].find((limit) => limit >= needs * 1.5)
    await region(page(), 'Verdict').getByRole('button', { name: `Set client.total to ${enough} s, run again` }).focus()
    await page().keyboard.press('Enter')
    await page().getByRole('button', { name: `Client limit ${enough} s` }).waitFor()
    expect(await verdictOf(page())).toContain('Nothing was cut')
    // The button is gone, the keyboard is still where it was pressed.
    expect(await page().evaluate(() => document.activeElement?.closest('[aria-label="Verdict"]') !== null)).toBe(true)
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
    // Chart and log tell of the same line: what had been written last by then.
    await log(page()).locator('.log-nearest').getByText('orders: 1').waitFor()
    await page().locator('.reading-card').getByText(/^orders: 1, .* before$/).waitFor()
  })
  test('a deadline that was never reached is told with its limit, and with no line of the log', async () => {
    const plot = page().getByRole('application', { name: /Timing chart/ })
    const line = await plot.locator('.deadline-pending line').first().boundingBox()
    if (!line) throw new Error('no deadline is drawn')
    await page().mouse.move(line.x, line.y + line.height / 2)
    await page().locator('.reading-card').getByText('not reached').first().waitFor()
    expect(await log(page()).locator('.log-nearest').count()).toBe(0)
    await region(page(), 'Limits').locator('.limit-pointed').waitFor()
    await page().mouse.click(line.x, line.y + line.height / 2)
    await page().locator('.limit-selected').waitFor()
    expect(await log(page()).locator('.log-selected').count()).toBe(0)
    await page().keyboard.press('Escape')
  })
  test('and the log select for each other', async () => {
    await log(page()).locator('.log-row', { hasText: 'Python script execution completed' }).click()
    await page().locator('.selected-line').waitFor()
    const plot = page().getByRole('application', { name: /Timing chart/ })
    const box = await plot.boundingBox()
    if (!box) throw new Error('the chart has no place')
    await plot.click({ position: { x: 3, y: 60 } })
    await log(page()).locator('.log-selected').getByText(/connecting|request received|Starting Python|orders: 1/).waitFor()
    await page().keyboard.press('Escape')
    await page().locator('.selected-line').waitFor({ state: 'detached' })
  })
  test('zooms to what the pointer is drawn over', async () => {
    const plot = page().getByRole('application', { name: /Timing chart/ })
    const box = await plot.boundingBox()
    if (!box) throw new Error('the chart has no place')
    await page().mouse.move(box.x + 20, box.y + 90)
    await page().mouse.down()
    await page().mouse.move(box.x + 140, box.y + 90, { steps: 3 })
    await page().mouse.up()
    await page().getByRole('button', { name: /^Fit/ }).click()
    await expect.poll(() => page().getByRole('button', { name: /^Fit/ }).isDisabled()).toBe(true)
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
  test('is read with keys: a pointer of its own, told in words, that selects', async () => {
    await page().mouse.move(5, 5)
    for (let step = 0; step < 12; step++) await page().keyboard.press('Shift+ArrowRight')
    await page().locator('.reading-card').waitFor()
    await expect.poll(async () => (await page().locator('.sr-only[role=status]').allTextContents()).join('')).toMatch(/ ms, in .*next limit/)
    await page().keyboard.press('Enter')
    await page().locator('.selected-line').waitFor()
    await log(page()).locator('.log-selected').waitFor()
    await page().keyboard.press('Escape')
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

group('the flow', (_, page) => {
  test('has as many proxies as one adds, each of its kind', async () => {
    await page().getByRole('button', { name: /^Proxy/ }).click()
    await page().getByRole('button', { name: 'Add a proxy' }).click()
    await page().getByRole('button', { name: 'Add a hop' }).click()
    await page().getByRole('button', { name: 'Add a hop' }).click()
    await page().getByRole('combobox', { name: 'Proxy 2' }).selectOption('nginx')
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Remove proxy 2' }).click()
    expect(await page().getByRole('list', { name: 'Proxies' }).getByRole('listitem').count()).toBe(2)
    await page().keyboard.press('Escape')
    await page().getByRole('button', { name: 'Proxy built in, built in' }).waitFor()
  })
  test('takes faults of links and of services, any number of them; what is no fault is told', async () => {
    await page().getByRole('button', { name: /^Faults/ }).click()
    await page().getByRole('button', { name: /^network.latency/ }).click()
    const other = page().getByRole('textbox', { name: 'Another fault' })
    await other.fill('gateway.explode')
    await other.press('Enter')
    await page().getByRole('alert').getByText(/unknown fault: gateway.explode/).waitFor()
    await other.fill('proxy2.reject')
    await other.press('Enter')
    await expect.poll(() => page().getByRole('list', { name: 'Faults of the next run' }).getByRole('listitem').count()).toBe(2)
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: /^Remove network.latency/ }).click()
    await page().keyboard.press('Escape')
    await page().getByRole('button', { name: 'Faults proxy2.reject' }).waitFor()
  })
  test('is run as it was put together', async () => {
    expect(await runToVerdict(page())).toMatch(/proxy/)
    const spans = page().getByRole('table', { name: 'Spans and deadlines of this run' })
    await spans.getByRole('row', { name: /hop 2/ }).first().waitFor()
    await log(page()).getByText(/403/).first().waitFor()
  })
})

function secondsIn(pattern: RegExp, text: string): number {
  const [, seconds] = pattern.exec(text) ?? []
  if (seconds === undefined) throw new Error(`${pattern} is not in: ${text}`)
  return Number(seconds)
}

group('what to change', (_, page) => {
  const card = () => page().getByRole('complementary', { name: 'What to change' })
  test('keeps its buttons within its card, however long their words are', async () => {
    await page().setViewportSize({ width: 1280, height: 800 })
    await openSample(page(), '512 MB is not what you think')
    await runToVerdict(page())
    const change = await card().getByRole('button', { name: /^Set os\.address_space to .* run again$/ }).boundingBox()
    const whole = await card().boundingBox()
    expect(change && whole && change.x + change.width).toBeLessThan((whole?.x ?? 0) + (whole?.width ?? 0))
  })
  test('says what to do in words where no button does it, in a narrow pane as well', async () => {
    await typeScript(page(), 'def transfrom(input_data):\n    return 1\n')
    await runToVerdict(page())
    await page().getByRole('tab', { name: /^Limits/ }).click()
    await page().getByRole('table', { name: 'All limits' }).waitFor()
    await card().getByText('Define def transform(input_data)').waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
  })
})
