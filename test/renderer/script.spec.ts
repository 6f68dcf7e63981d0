import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { violationsInBothThemesOf } from '../helpers/axe.ts'
import { pressRun, typeScript } from '../helpers/screen.ts'
import { groupsInOneBrowser, region, runToVerdict } from '../helpers/workbench.ts'

/** The script: linted, in tabs, kept, followed on disk. */
const group = groupsInOneBrowser()

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
    await page().locator('.line-note-error').getByText(/NameError/).waitFor()
    await page().getByRole('button', { name: 'Go to line 5' }).click()
    expect(await page().evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Script')
  })
  test('stands in tabs; a closed one comes back', async () => {
    await page().getByRole('button', { name: 'New script' }).click()
    const tabs = page().getByRole('tablist', { name: 'Scripts' }).getByRole('tab')
    await expect.poll(() => tabs.count()).toBe(2)
    await typeScript(page(), 'SECOND = 2\n')
    await page().getByRole('button', { name: 'Close untitled-2.py' }).click()
    await expect.poll(() => tabs.count()).toBe(1)
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('textbox', { name: 'Script' }).getByText('SECOND').waitFor()
  })
  test('in a narrow pane the tab that is open is in sight; arrow keys go from one to the other', async () => {
    await page().setViewportSize({ width: 1280, height: 800 })
    const tabs = page().getByRole('tablist', { name: 'Scripts' })
    await tabs.getByRole('tab', { name: 'untitled-2.py' }).focus()
    for (const [key, name] of [['ArrowLeft', 'untitled.py'], ['ArrowRight', 'untitled-2.py'], ['ArrowRight', 'untitled.py'], ['ArrowRight', 'untitled-2.py']] as const) {
      await page().keyboard.press(key)
      const tab = tabs.getByRole('tab', { name, selected: true })
      await tab.waitFor()
      expect(await tab.evaluate((element) => element === document.activeElement)).toBe(true)
      const [own, list] = [await tab.boundingBox(), await tabs.boundingBox()]
      expect(own !== null && list !== null && own.width > 60 && own.x >= list.x - 1 && own.x + own.width <= list.x + list.width + 1, name).toBe(true)
    }
    await page().setViewportSize({ width: 1440, height: 900 })
  })
  test('every tab is kept through a reload', async () => {
    await page().getByText(/Draft saved/).waitFor()
    await expect.poll(async () => {
      await page().reload()
      await page().getByRole('textbox', { name: 'Script' }).waitFor()
      return page().getByRole('tablist', { name: 'Scripts' }).getByRole('tab').count()
    }, { timeout: 15_000, interval: 1200 }).toBe(2)
  })
  test('a file in another encoding is not opened: it would come back damaged', async () => {
    const [chooser] = await Promise.all([page().waitForEvent('filechooser'), page().getByTitle('Open a script').click()])
    await chooser.setFiles({ name: 'latin.py', mimeType: 'text/x-python', buffer: Buffer.from('# -*- coding: latin-1 -*-\nname = "caf\u00e9"\n', 'latin1') })
    await page().getByRole('alert').getByText('latin.py is not text in UTF-8. Convert it first.').waitFor()
    expect(await page().getByRole('tablist', { name: 'Scripts' }).getByRole('tab', { name: 'latin.py' }).count()).toBe(0)
    await page().getByRole('button', { name: 'Close the message' }).click()
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
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('again on save')
    await page().keyboard.press('Enter')
    await page().getByRole('button', { name: 'On save', pressed: true }).waitFor()
    await page().waitForTimeout(400)
    writeFileSync(path, 'def transform(input_data):\n    return {"version": 2, "fresh": True}\n')
    await page().getByRole('textbox', { name: 'Script' }).getByText('"fresh"').waitFor()
    await region(page(), 'Verdict').getByText(/Nothing was cut/).waitFor({ timeout: 20_000 })
  })
  test('that runs again when it is saved says so, and still does after a restart', async () => {
    const said = page().getByText('Runs again when watched.py is saved')
    await said.waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().reload()
    await said.waitFor()
    await page().getByRole('button', { name: 'On save', pressed: true }).waitFor()
    await page().getByRole('textbox', { name: 'Script' }).getByText('"fresh"').waitFor()
    // Opening it is not saving it.
    expect(await region(page(), 'Verdict').count()).toBe(0)
    await page().waitForTimeout(400)
    writeFileSync(join(folder, 'watched.py'), 'def transform(input_data):\n    return {"version": 2, "again": True}\n')
    await region(page(), 'Verdict').getByText(/Nothing was cut/).waitFor({ timeout: 20_000 })
    await page().getByRole('button', { name: 'Turn off' }).click()
    await page().getByRole('button', { name: 'On save', pressed: false }).waitFor()
    await said.waitFor({ state: 'detached' })
  })
  test('is saved to its file', async () => {
    await typeScript(page(), 'def transform(input_data):\n    return {"version": 3}\n')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => readFileSync(join(folder, 'watched.py'), 'utf8')).toContain('"version": 3')
  })
  test('gets another file by its path; one that is there is replaced only when asked twice', async () => {
    writeFileSync(join(folder, 'taken.py'), 'kept = True\n')
    await page().getByRole('button', { name: 'Save as' }).click()
    const path = page().getByRole('textbox', { name: 'Path of the file' })
    await path.fill(folder)
    await path.press('Enter')
    await page().getByRole('alert').waitFor()
    await path.fill(join(folder, 'taken.py'))
    await path.press('Enter')
    await page().getByRole('alert').getByText(/is there already/).waitFor()
    expect(readFileSync(join(folder, 'taken.py'), 'utf8')).toBe('kept = True\n')
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().getByRole('button', { name: 'Replace it' }).click()
    await page().getByRole('tab', { name: 'taken.py' }).waitFor()
    expect(readFileSync(join(folder, 'taken.py'), 'utf8')).toContain('"version": 3')
  })
  test('opened once more keeps what was typed and not saved', async () => {
    await typeScript(page(), 'MINE = 1\n')
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill(join(folder, 'taken.py'))
    await page().getByText(`Open ${join(folder, 'taken.py')}`).click()
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().getByRole('textbox', { name: 'Script' }).getByText('MINE').waitFor()
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => readFileSync(join(folder, 'taken.py'), 'utf8')).toBe('MINE = 1\n')
  })
  test('is not saved over a file that is no script without being asked twice', async () => {
    writeFileSync(join(folder, 'photo.py'), Uint8Array.from([0xff, 0xd8, 0xff, 0]))
    await page().getByRole('button', { name: 'Save as' }).click()
    const path = page().getByRole('textbox', { name: 'Path of the file' })
    await path.fill(join(folder, 'photo.py'))
    await path.press('Enter')
    await page().getByRole('alert').getByText(/is there already/).waitFor()
    expect([...readFileSync(join(folder, 'photo.py'))]).toEqual([0xff, 0xd8, 0xff, 0])
    await page().keyboard.press('Escape')
  })
  test('whose file is gone says so, and saving brings it back', async () => {
    const path = join(folder, 'taken.py')
    rmSync(path)
    await page().getByText('taken.py is no longer on disk. Save it to have it back there.').first().waitFor()
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await expect.poll(() => existsSync(path)).toBe(true)
  })
  test('is hatched where its run cannot have come, in the middle of it and at its end', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('client.total 800ms')
    await page().getByRole('dialog').getByText('Set client.total to 800 ms').click()
    await typeScript(page(), 'import time\n\n\ndef helper():\n    return 1\n\n\ndef transform(input_data):\n    time.sleep(5)\n    return 1\n')
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' })
    const hatched = page().locator('.gutter-times .line-never')
    expect(await runToVerdict(page())).toMatch(/hung up/)
    // The line behind the one that slept, and a function that nothing calls.
    await expect.poll(() => hatched.count()).toBe(2)
    const [helper, last] = await hatched.all()
    const lineAt = async (cell: typeof helper) => page().evaluate((y) => [...document.querySelectorAll('.cm-lineNumbers .cm-gutterElement')].find((element) => element.getBoundingClientRect().top === y)?.textContent, (await cell?.boundingBox())?.y)
    expect([await lineAt(helper), await lineAt(last)]).toEqual(['5', '10'])
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('run without the client limit')
    await page().keyboard.press('Enter')
    await region(page(), 'Verdict').getByText(/Nothing was cut/).waitFor({ timeout: 25_000 })
    await expect.poll(() => hatched.count()).toBe(1)
  })
  test('Ctrl+S asks a script without a file for its path', async () => {
    await page().getByRole('button', { name: 'New script' }).click()
    await page().keyboard.press('ControlOrMeta+S')
    await page().getByRole('textbox', { name: 'Path of the file' }).fill(join(folder, 'fresh.py'))
    await page().keyboard.press('Enter')
    await page().getByRole('tab', { name: 'fresh.py' }).waitFor()
    expect(readFileSync(join(folder, 'fresh.py'), 'utf8')).toContain('def transform')
  })
})

group('a draft that cannot be read', (app, page) => {
  test('is told with where it lies now, and typing goes on', async () => {
    await page().getByRole('alert').getByText(/^What was typed last time cannot be read by this version. It was set aside as .*draft\.json\.damaged-/).waitFor()
    await typeScript(page(), 'KEPT = 1\n')
    await page().getByText(/Draft saved/).waitFor()
    await page().reload()
    await page().getByRole('textbox', { name: 'Script' }).getByText('KEPT').waitFor()
    expect(app().complaints).toEqual([])
  })
}, { prepare: (dataDir) => writeFileSync(join(dataDir, 'draft.json'), '{"version": 2, "draft": {}}') })
