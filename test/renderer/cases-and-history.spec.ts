import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { violationsInBothThemesOf } from '../helpers/axe.ts'
import { openSample, typeScript } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict } from '../helpers/workbench.ts'

/** Many runs: cases, repeats, and everything that was kept. */
const group = groupsInOneBrowser()

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
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Expect this output from now on' }).click()
    await page().getByText('1 of 1 passed').waitFor()
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByText('0 of 1 passed').waitFor()
    // What is expected is held against the last output while one types.
    await page().getByRole('textbox', { name: /^Expected output/ }).fill('{"sum": 6}')
    await page().getByText('1 of 1 passed').waitFor()
  })
  test('repeats show how the time spreads, the queue apart', async () => {
    await page().getByRole('spinbutton', { name: 'Runs' }).fill('4')
    await page().getByRole('spinbutton', { name: 'at once' }).fill('2')
    await page().getByRole('button', { name: 'Run 4 times' }).click()
    await page().getByText(/^4 of 4: 4 completed/).waitFor({ timeout: 25_000 })
    await page().getByRole('row', { name: /wait in the queue/ }).waitFor()
  })
  test('repeats of a case are held against what it expects; with one worker the others wait', async () => {
    await page().getByRole('combobox', { name: 'Input' }).selectOption('case 1')
    await page().getByRole('textbox', { name: 'connector.concurrency' }).fill('1')
    await page().getByRole('spinbutton', { name: 'Runs' }).fill('3')
    await page().getByRole('spinbutton', { name: 'at once' }).fill('3')
    await page().getByRole('button', { name: 'Run 3 times' }).click()
    await page().getByText(/^3 of 3: 3 completed; 3 of 3 as expected/).waitFor({ timeout: 25_000 })
    expect(await violationsInBothThemesOf(page())).toEqual([])
  })
  test('that were removed come back', async () => {
    await page().getByRole('button', { name: 'Remove case 1' }).click()
    await expect.poll(() => page().getByRole('button', { name: 'case 1', exact: true }).count()).toBe(0)
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('button', { name: 'case 1', exact: true }).waitFor()
  })
  test('go along when the script is saved under a name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutoff-cases-'))
    try {
      await page().keyboard.press('ControlOrMeta+K')
      await page().getByRole('dialog').getByRole('textbox').fill(join(folder, 'sums.py'))
      await page().getByRole('dialog').getByText(/^Save the script as/).click()
      await page().getByText('Saved as').waitFor()
      await page().getByRole('tab', { name: 'Script', exact: true }).click()
      await page().getByRole('button', { name: 'New script' }).click()
      await page().getByRole('tab', { name: /^Cases/ }).click()
      await page().getByText(/^A case is an input with a name/).waitFor()
      await page().getByRole('tab', { name: 'Script', exact: true }).click()
      await page().getByRole('tab', { name: 'sums.py' }).click()
      await page().getByRole('tab', { name: /^Cases/ }).click()
      await page().getByRole('button', { name: 'case 1', exact: true }).waitFor()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

group('the history', (app, page) => {
  test('keeps every run', async () => {
    await openSample(page(), 'Cut at 500 ms')
    await runToVerdict(page())
    await page().getByRole('button', { name: /^Client limit/ }).click()
    await page().getByRole('option', { name: 'none' }).click()
    expect(await runToVerdict(page())).toContain('Nothing was cut')
    await page().getByRole('tab', { name: 'History' }).click()
    await expect.poll(() => page().getByRole('list', { name: 'Runs' }).getByRole('listitem').count()).toBe(2)
  })
  test('reopens one as it was', async () => {
    await region(page(), 'History').getByRole('button', { name: /^client.total 500 ms\s*run 1 / }).click()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
    await log(page()).getByText('total limit reached').waitFor()
    // Who wrote how much of it is counted again.
    for (const source of [/^client 2$/, /^gateway 3$/, /^connector 2$/, /^script 1$/]) await page().getByRole('group', { name: 'Sources' }).getByRole('button', { name: source }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
  })
  test('compares two runs and names what decides it', async () => {
    await page().getByRole('button', { name: 'Compare run 1' }).click()
    await page().getByRole('button', { name: 'Compare run 2' }).click()
    await region(page(), 'History').getByRole('button', { name: 'Compare', exact: true }).click()
    await page().getByRole('heading', { level: 1, name: /One difference decides it: A has client.total 500 ms, B has none/ }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    const table = page().getByRole('region', { name: 'Differences' })
    await table.getByRole('row', { name: /^differs: client.total|^client.total/ }).first().waitFor()
    await table.getByRole('row', { name: /total limit reached.*only in A/ }).waitFor()
    await table.getByRole('row', { name: /Python script execution completed.*only in B/ }).waitFor()
    await table.getByRole('row', { name: /^output .*only in B/ }).waitFor()
    await page().keyboard.press('x')
    await page().getByRole('heading', { level: 1, name: /A has client.total no limit, B has 500 ms/ }).waitFor()
    await page().keyboard.press('n')
    await page().keyboard.press('Escape')
    await region(page(), 'Verdict').waitFor()
    // Who was in the comparison is back at the button that opened it.
    await expect.poll(() => page().evaluate(() => document.activeElement?.textContent)).toBe('Compare')
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
    await page().getByRole('button', { name: 'Remove run 2' }).focus()
    await page().keyboard.press('Enter')
    await expect.poll(() => runs.count()).toBe(1)
    await region(page(), 'History').getByText(/^1 run, /).waitFor()
    await expect.poll(() => page().evaluate(() => document.activeElement?.textContent)).toMatch(/^client.total 500 ms\s*run 1 /)
    await page().getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => runs.count()).toBe(2)
  })
  test('gives its plan back to the editor, and that can be taken back', async () => {
    const editor = page().getByRole('textbox', { name: 'Script' })
    await region(page(), 'History').getByRole('button', { name: /client.total.*run 1 / }).click()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
    await region(page(), 'Verdict').getByRole('button', { name: 'Export' }).click()
    await page().getByRole('menuitem', { name: /^Use its plan/ }).click()
    await editor.waitFor()
    await page().getByRole('button', { name: 'Client limit 500 ms' }).waitFor()
    // The script stands there already.
    expect(await page().getByRole('tab', { name: 'enrich_orders.py' }).count()).toBe(1)
    await page().locator('.top').click({ position: { x: 2, y: 2 } })
    await page().keyboard.press('ControlOrMeta+Z')
    await page().getByRole('button', { name: 'Client limit none' }).waitFor()
    await page().getByRole('tab', { name: 'History' }).click()
  })
  test('keeps as much as one says', async () => {
    await page().getByRole('button', { name: 'What is kept' }).click()
    await page().getByRole('combobox', { name: 'Keep at most' }).selectOption('50')
    await page().getByRole('combobox', { name: 'Keep at most' }).selectOption('200')
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    await page().reload()
    await page().getByRole('tab', { name: 'History' }).click()
    await page().getByRole('button', { name: 'What is kept' }).click()
    await expect.poll(() => page().getByRole('combobox', { name: 'Keep at most' }).inputValue()).toBe('200')
    await page().keyboard.press('Escape')
    await region(page(), 'History').getByRole('button', { name: /client.total.*run 1 / }).click()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
  })
  test('writes a run in every format, and reads its own record back', async () => {
    const files: string[] = []
    for (const [name, extension] of [['Report', 'html'], ['Run record', 'json'], ['HAR', 'har'], ['Trace', 'json'], ['Stages', 'csv'], ['Stacks', 'json'], ['Collapsed stacks', 'txt']] as const) {
      await region(page(), 'Verdict').getByRole('button', { name: 'Export' }).click()
      const [download] = await Promise.all([page().waitForEvent('download'), page().getByRole('menuitem', { name: new RegExp(`^${name}`) }).click()])
      expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${extension}$`))
      const file = join(await download.path(), `../report-${files.length}.${extension}`)
      await download.saveAs(file)
      files.push(file)
    }
    // The report stands by itself: no engine, no network, both themes, any width.
    const report = await app().newPage()
    await report.goto(`file://${files[0]}`)
    await report.getByRole('heading', { level: 1, name: /hung up/ }).waitFor()
    for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']] as const) {
      await report.setViewportSize({ width, height: 800 })
      await report.emulateMedia({ colorScheme })
      expect(await violationsInBothThemesOf(report)).toEqual([])
      expect(await report.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0)
    }
    await report.close()
    // The browser shows no file dialog for a page that lies behind another, or behind one that is still closing.
    await page().bringToFront()
    const record = readFileSync(files[1] ?? '', 'utf8')
    expect(record).toContain('"schema":"cutoff.saved-run/1"')
    const [chooser] = await Promise.all([page().waitForEvent('filechooser'), page().getByRole('button', { name: 'Import' }).click()])
    await chooser.setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(record) })
    await page().getByText(/this run is in the history already, as run 1/).waitFor()
    await region(page(), 'Verdict').getByText('Run 1', { exact: true }).waitFor()
    const { id } = (JSON.parse(record) as { record: { id: string } }).record
    const [again] = await Promise.all([page().waitForEvent('filechooser'), page().getByRole('button', { name: 'Import' }).click()])
    await again.setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(record.replaceAll(id, 'from-a-colleague')) })
    await page().getByText(/Imported as run \d+/).waitFor()
    const [broken] = await Promise.all([page().waitForEvent('filechooser'), page().getByRole('button', { name: 'Import' }).click()])
    await broken.setFiles({ name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from(record.replace('"seq":1,', '"seq":7,')) })
    await page().getByRole('alert').getByText(/broken.json: event number 1 says it is number 7/).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Close the message' }).click()
    await region(page(), 'Verdict').getByText(/hung up/).waitFor()
  })
})

group('a history that is damaged', (app, page) => {
  test('is told wherever one is, with where it was set aside, and what comes next is kept', async () => {
    await page().getByRole('alert').getByText(/^The history could not be read .*set aside as .*history\.damaged-/).waitFor({ timeout: 20_000 })
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Close the message' }).click()
    await runToVerdict(page())
    await page().getByRole('tab', { name: 'History' }).click()
    await region(page(), 'History').getByText(/set aside as/).waitFor()
    await page().getByRole('list', { name: 'Runs' }).getByRole('listitem').waitFor()
    expect(await page().getByRole('alert').count()).toBe(0)
    expect(app().complaints).toEqual([])
  })
}, { prepare: (dataDir) => { mkdirSync(join(dataDir, 'history'), { recursive: true }); writeFileSync(join(dataDir, 'history/history.db'), 'this is no database, '.repeat(500)) } })
