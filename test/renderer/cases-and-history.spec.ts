import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openSample, typeScript } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict, violationsOf } from '../helpers/workbench.ts'

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
