import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { openSample, pressRun, typeScript, verdictOf } from '../helpers/screen.ts'
import { openApp, type WebApp } from '../helpers/web-app.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it stands. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  const results = await page.evaluate(async () => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run())
  return results.violations.map((violation) => `${violation.id}: ${violation.help} at ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

/** One app per group of tests: what they do builds on each other, as a session at the screen does. */
function group(name: string, tests: (app: () => WebApp, page: () => Page) => void): void {
  describe(name, () => {
    let app: WebApp
    beforeAll(async () => {
      requireBuilt([screen])
      app = await openApp()
      await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
    })
    afterAll(async () => { await app?.close() })
    tests(() => app, () => app.page)
    test('and the page had nothing to complain about', () => {
      // A browser reports every attempt to reach an engine that a test has ended.
      expect(app.complaints.filter((text) => !/WebSocket connection to .* failed/.test(text))).toEqual([])
    })
  })
}

async function runToVerdict(page: Page): Promise<string> {
  await pressRun(page)
  return verdictOf(page)
}
const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const log = (page: Page) => page.getByRole('log', { name: 'Log' })

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

group('the limits', (_, page) => {
  test('are edited with a value and its unit typed as one, and keep their order of firing', async () => {
    await page().keyboard.press('Alt+2')
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.python', exact: true })
    await field.fill('2s')
    await field.press('Tab')
    const rows = region(page(), 'Limits').getByRole('row')
    await expect.poll(() => rows.nth(1).innerText()).toContain('connector.python')
    await expect.poll(() => rows.nth(1).innerText()).toContain('this run')
  })
  test('what cannot be a value is told and changes nothing', async () => {
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'wrapper.timeout', exact: true })
    await field.fill('soon')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.press('Tab')
    expect(await field.inputValue()).toBe('60')
  })
  test('warn while one types, each warning with the one value that mends it', async () => {
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.context', exact: true })
    await field.fill('1s')
    await field.press('Tab')
    const mend = region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).first()
    const before = await region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).count()
    await mend.click()
    await expect.poll(() => region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).count()).not.toBe(before)
    expect(await violationsOf(page())).toEqual([])
  })
  test('go back to the profile, and that can be undone', async () => {
    await page().getByRole('button', { name: 'Reset to profile' }).click()
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.python', exact: true })
    await expect.poll(() => field.inputValue()).toBe('30')
    await page().getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => field.inputValue()).toBe('2')
  })
  test('that are changed apply to the next run', async () => {
    await page().getByRole('tab', { name: 'Script' }).click()
    await typeScript(page(), 'import time\n\ndef transform(input_data):\n    time.sleep(20)\n')
    expect(await runToVerdict(page())).toMatch(/connector/)
  })
})

group('the log', (_, page) => {
  test('draws colours and control characters, and never markup', async () => {
    await typeScript(page(), 'def transform(input_data):\n    print("\\x1b[31mred\\x1b[0m <b>bold</b> bell\\x07 nul\\x00")\n    for number in range(300):\n        print("line", number)\n')
    await runToVerdict(page())
    const line = log(page()).locator('.log-row', { hasText: '<b>bold</b>' })
    await line.waitFor()
    expect(await line.locator('.ansi-red').innerText()).toBe('red')
    expect(await line.innerText()).toContain('bell␇ nul␀')
    expect(await line.locator('b').count()).toBe(0)
  })
  test('filters by text and by regular expression, and says how many', async () => {
    const filter = page().getByRole('searchbox', { name: 'Filter the log' })
    await filter.fill('line 29')
    await page().getByText('11 lines shown').waitFor()
    expect(await log(page()).locator('mark').first().innerText()).toBe('line 29')
    await filter.fill('/line 1\\d\\d$/')
    await page().getByText('100 lines shown').waitFor()
    await filter.fill('/(/')
    await page().getByRole('alert').waitFor()
    await filter.fill('no such thing')
    await page().getByText('No line matches no such thing.').waitFor()
    await page().getByRole('button', { name: 'Show all' }).click()
    await log(page()).getByText('line 5', { exact: true }).waitFor()
  })
  test('hides and shows sources', async () => {
    await page().getByRole('button', { name: /^script \d+/ }).click()
    await expect.poll(() => log(page()).locator('.log-source', { hasText: 'stdout' }).count()).toBe(0)
    await page().getByRole('button', { name: /^script \d+/ }).click()
    await log(page()).locator('.log-source', { hasText: 'stdout' }).first().waitFor()
  })
  test('scrolls from its first to its last line with the keyboard', async () => {
    await log(page()).focus()
    await page().keyboard.press('End')
    await log(page()).getByText('line 299', { exact: true }).waitFor()
    await page().keyboard.press('Home')
    await log(page()).getByText('line 1', { exact: true }).waitFor()
  })
  test('has the output and the response beside it', async () => {
    await page().getByRole('tab', { name: /^Output/ }).click()
    await page().getByText('transform() returned 4 bytes').waitFor()
    await page().getByRole('tab', { name: /^Response/ }).click()
    await page().getByText('a clean close', { exact: true }).waitFor()
    await page().getByRole('tab', { name: /^Flame/ }).click()
    expect(await violationsOf(page())).toEqual([])
  })
})

group('the script', (_, page) => {
  test('is linted in the page', async () => {
    await typeScript(page(), 'import os\n\n\ndef transform(input_data):\n    return inptu_data\n')
    await page().locator('.cm-lintRange-warning, .cm-lintRange-error').first().waitFor()
    await page().getByText('inptu_data').hover()
    await page().getByText(/Undefined name `inptu_data`/).first().waitFor()
    await page().mouse.move(5, 500)
  })
  test('shows an exception under its line', async () => {
    await runToVerdict(page())
    await page().locator('.error-note').getByText(/NameError/).waitFor()
    await page().getByRole('button', { name: 'Go to line 5' }).click()
    expect(await page().evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Script')
  })
  test('stands in tabs; a closed one comes back', async () => {
    await page().getByRole('button', { name: 'New script' }).click()
    const tabs = page().getByRole('tablist', { name: 'Scripts' }).getByRole('tab')
    await expect.poll(() => tabs.count()).toBe(2)
    await typeScript(page(), 'SECOND = 2\n')
    await page().getByRole('button', { name: 'Close untitled.py' }).click()
    await expect.poll(() => tabs.count()).toBe(1)
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('textbox', { name: 'Script' }).getByText('SECOND').waitFor()
  })
  test('every tab is kept through a reload', async () => {
    await page().getByText(/Draft saved/).waitFor()
    await expect.poll(async () => {
      await page().reload()
      await page().getByRole('textbox', { name: 'Script' }).waitFor()
      return page().getByRole('tablist', { name: 'Scripts' }).getByRole('tab').count()
    }, { timeout: 15_000, interval: 1200 }).toBe(2)
  })
  test('an input that is not JSON is marked with its place and is not run', async () => {
    await page().getByRole('textbox', { name: 'Input' }).click()
    await page().keyboard.press('ControlOrMeta+A')
    await page().keyboard.insertText('{\n  "a": 1,\n}')
    await page().getByText(/line 3, column 1/).first().waitFor()
    await pressRun(page())
    await page().getByRole('alert').getByText(/The input is not valid JSON/).waitFor()
  })
})

group('a script on disk', (_, page) => {
  let folder = ''
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-workbench-')) })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  test('opens by its path from the palette, follows its file, and runs again when it is saved', async () => {
    const path = join(folder, 'watched.py')
    writeFileSync(path, 'def transform(input_data):\n    return {"version": 1}\n')
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill(path)
    await page().getByText(`Open ${path}`).click()
    await page().getByRole('textbox', { name: 'Script' }).getByText('"version"').waitFor()
    await page().getByRole('button', { name: 'On save' }).click()
    await page().waitForTimeout(400)
    writeFileSync(path, 'def transform(input_data):\n    return {"version": 2, "fresh": True}\n')
    await page().getByRole('textbox', { name: 'Script' }).getByText('"fresh"').waitFor()
    await region(page(), 'Verdict').getByText(/Nothing was cut/).waitFor({ timeout: 20_000 })
  })
  test('is saved to its file', async () => {
    await typeScript(page(), 'def transform(input_data):\n    return {"version": 3}\n')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => readFileSync(join(folder, 'watched.py'), 'utf8')).toContain('"version": 3')
  })
})

group('cases', (_, page) => {
  test('are added from the screen and pass', async () => {
    await typeScript(page(), 'def transform(input_data):\n    return {"sum": sum(input_data["numbers"])}\n')
    await page().getByRole('textbox', { name: 'Input' }).click()
    await page().keyboard.press('ControlOrMeta+A')
    await page().keyboard.insertText('{"numbers": [1, 2, 3]}')
    await runToVerdict(page())
    await page().getByRole('tab', { name: /Cases/ }).click()
    await page().getByRole('button', { name: 'Add' }).click()
    await page().getByRole('textbox', { name: /^Expected output/ }).waitFor()
    await page().getByRole('button', { name: 'Run all' }).click()
    await page().getByText('1 of 1 passed').waitFor()
  })
  test('that fail show where the output differs, and can take it over', async () => {
    await page().getByRole('textbox', { name: /^Expected output/ }).fill('{"sum": 7, "currency": "EUR"}')
    await page().getByRole('button', { name: 'Run all' }).click()
    await page().getByText('0 of 1 passed').waitFor()
    const rows = await page().locator('.diff tbody tr').allInnerTexts()
    expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual(['differs sum 7 6', 'missing currency "EUR" nothing'])
    expect(await violationsOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Expect this output from now on' }).click()
    await page().getByText('1 of 1 passed').waitFor()
  })
  test('repeats show how the time spreads, the queue apart', async () => {
    await page().getByRole('spinbutton', { name: 'Runs' }).fill('4')
    await page().getByRole('spinbutton', { name: 'at once' }).fill('2')
    await page().getByRole('button', { name: 'Run 4 times' }).click()
    await page().getByText(/^4 of 4: 4 completed/).waitFor({ timeout: 25_000 })
    await page().getByRole('row', { name: /wait in the queue/ }).waitFor()
  })
})

group('the history', (_, page) => {
  test('keeps every run and reopens one as it was', async () => {
    await openSample(page(), 'Cut at 500 ms')
    await runToVerdict(page())
    await page().getByRole('button', { name: /^Client limit/ }).click()
    await page().getByRole('option', { name: 'none' }).click()
    expect(await runToVerdict(page())).toContain('Nothing was cut')
    await page().getByRole('tab', { name: 'History' }).click()
    await region(page(), 'History').getByRole('button', { name: /client.total.*run 1 / }).click()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
    await log(page()).getByText('total limit reached').waitFor()
    expect(await violationsOf(page())).toEqual([])
  })
  test('compares two runs and names what decides it', async () => {
    await page().getByRole('button', { name: 'Compare run 1' }).click()
    await page().getByRole('button', { name: 'Compare run 2' }).click()
    await region(page(), 'History').getByRole('button', { name: 'Compare', exact: true }).click()
    await page().getByRole('heading', { level: 1, name: /One difference decides it: A has client.total 500 ms, B has none/ }).waitFor()
    expect(await violationsOf(page())).toEqual([])
    await page().keyboard.press('x')
    await page().getByRole('heading', { level: 1, name: /A has client.total no limit, B has 500 ms/ }).waitFor()
    await page().keyboard.press('Escape')
    await region(page(), 'Verdict').waitFor()
  })
  test('finds, filters, pins and removes; what was removed comes back', async () => {
    const runs = page().getByRole('list', { name: 'Runs' }).getByRole('listitem')
    await page().getByRole('button', { name: 'Completed', exact: true }).click()
    await expect.poll(() => runs.count()).toBe(1)
    await page().getByRole('button', { name: 'All', exact: true }).click()
    await page().getByRole('searchbox', { name: 'Search the history' }).fill('client.total')
    await expect.poll(() => runs.count()).toBe(1)
    await page().getByRole('searchbox', { name: 'Search the history' }).fill('')
    await expect.poll(() => runs.count()).toBe(2)
    await runs.nth(1).hover()
    await page().getByRole('button', { name: 'Pin run 1' }).click()
    await page().getByRole('button', { name: 'Unpin run 1' }).waitFor()
    await page().getByRole('button', { name: 'Remove run 2' }).click({ force: true })
    await expect.poll(() => runs.count()).toBe(1)
    await page().getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => runs.count()).toBe(2)
  })
  test('writes a run in every format, and reads its own record back', async () => {
    const files: string[] = []
    for (const [name, extension] of [['Report', 'html'], ['Run record', 'json'], ['HAR', 'har'], ['Trace', 'json'], ['Stages', 'csv']] as const) {
      await region(page(), 'Verdict').getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([page().waitForEvent('download'), page().getByRole('menuitem', { name: new RegExp(`^${name}`) }).click()])
      expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${extension}$`))
      files.push(await download.path())
    }
    const record = readFileSync(files[1] ?? '', 'utf8')
    expect(record).toContain('"schema":"cutoff.saved-run/1"')
    const [chooser] = await Promise.all([page().waitForEvent('filechooser'), page().getByRole('button', { name: 'Import' }).click()])
    await chooser.setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(record) })
    await page().getByText(/this run is in the history already/).waitFor()
    const { id } = (JSON.parse(record) as { record: { id: string } }).record
    const [again] = await Promise.all([page().waitForEvent('filechooser'), page().getByRole('button', { name: 'Import' }).click()])
    await again.setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(record.replaceAll(id, 'from-a-colleague')) })
    await page().getByText(/Imported as run \d+/).waitFor()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
  })
})

group('from anywhere', (app, page) => {
  test('Ctrl+K finds commands, and Enter does them', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    const dialog = page().getByRole('dialog')
    await dialog.getByRole('textbox').fill('open system')
    await page().keyboard.press('Enter')
    await region(page(), 'System').getByRole('button', { name: 'Look again' }).waitFor()
    expect(await violationsOf(page())).toEqual([])
  })
  test('the palette itself breaks no rule, nor does the list of shortcuts', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').waitFor()
    expect(await violationsOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().getByRole('button', { name: /all shortcuts/ }).click()
    await page().getByRole('dialog', { name: 'Shortcuts' }).waitFor()
    expect(await violationsOf(page())).toEqual([])
    await page().keyboard.press('Escape')
  })
  test('Ctrl+Enter runs from within the editor, Esc stops', async () => {
    await page().keyboard.press('Alt+1')
    await typeScript(page(), 'import time\n\ndef transform(input_data):\n    time.sleep(30)\n')
    await page().keyboard.press('ControlOrMeta+Enter')
    await page().getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await region(page(), 'Verdict').getByText(/What happens next/).waitFor()
    expect(await violationsOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    expect(await verdictOf(page())).toMatch(/stop/i)
    // The key was no new line.
    expect(await page().locator('[aria-label="Script"] .cm-line').count()).toBe(5)
  })
  test('panes are resized with the keyboard and remembered', async () => {
    const splitter = page().getByRole('separator', { name: 'Width of the plan' })
    const before = Number(await splitter.getAttribute('aria-valuenow'))
    await splitter.focus()
    await page().keyboard.press('ArrowRight')
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 16)
    await page().reload()
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 16)
  })
  test('the theme is chosen and remembered', async () => {
    await page().getByRole('button', { name: /^Theme/ }).click()
    await page().getByRole('button', { name: /^Theme/ }).click()
    expect(await page().evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    await page().reload()
    await page().getByRole('button', { name: 'Theme: dark' }).waitFor()
  })
  test('an engine that stops is told, and what was typed stays', async () => {
    process.kill(app().pid, 'SIGKILL')
    await page().getByText('Engine stopped').first().waitFor()
    expect(await page().getByRole('textbox', { name: 'Script' }).innerText()).toContain('time.sleep(30)')
    expect(await page().getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true)
  })
})
