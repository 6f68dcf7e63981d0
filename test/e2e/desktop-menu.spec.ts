import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'
import { dialogsOf } from '../helpers/desktop-dialogs.ts'
import { typeScript, verdictOf } from '../helpers/screen.ts'

describe(`what the menu does on the screen, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-menu-'))
  const script = join(folder, 'orders.py')
  const saved = join(folder, 'saved.py')
  let app: DesktopApp
  let page: Page
  let dialogs: ReturnType<typeof dialogsOf>
  beforeAll(async () => {
    requireBuilt(allParts)
    writeFileSync(script, 'def transform(input_data):\n    return "orders"\n')
    app = await launchDesktop(profile)
    page = await app.page()
    dialogs = dialogsOf(app)
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
  })
  afterAll(async () => {
    await app?.close()
    profile.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  const click = (id: string) => app.evaluate(({ Menu }, item) => {
    const found = Menu.getApplicationMenu()?.getMenuItemById(item)
    if (!found) throw new Error(`there is no menu item ${item}`)
    found.click()
  }, id)
  const tabs = () => page.getByRole('tablist', { name: 'Scripts' }).getByRole('tab')
  const editor = () => page.getByRole('textbox', { name: 'Script' }).innerText()

  test('every item has a name and an action, a submenu or a role', async () => {
    const items = await app.evaluate(({ Menu }) => {
      type Item = NonNullable<ReturnType<typeof Menu.getApplicationMenu>>['items'][number]
      const flat = (list: Item[]): Item[] => list.flatMap((item) => [item, ...(item.submenu ? flat(item.submenu.items) : [])])
      return flat(Menu.getApplicationMenu()?.items ?? []).filter((item) => item.type !== 'separator').map((item) => ({ id: item.id ?? '', label: item.label, role: item.role ?? '' }))
    })
    for (const item of items) expect(item.label || item.role, JSON.stringify(item)).not.toBe('')
    expect(items.length).toBeGreaterThan(25)
  })
  test('its keys are those that the screen tells', async () => {
    const told = await app.evaluate(({ Menu }) => {
      const found: Record<string, string> = {}
      const visit = (items: { id?: string; accelerator?: unknown; submenu?: { items: never[] } | null }[]) => { for (const item of items) { if (item.id && item.accelerator) found[item.id] = String(item.accelerator); visit(item.submenu?.items ?? []) } }
      visit(Menu.getApplicationMenu()?.items as never)
      return found
    })
    await click('shortcuts.open')
    const help = page.getByRole('dialog', { name: 'Shortcuts' })
    await help.waitFor()
    const onScreen = (await help.locator('dt .sr-only').allTextContents()).map((keys) => keys.replace('Mod', 'CmdOrCtrl'))
    expect(Object.keys(told).length).toBeGreaterThan(12)
    for (const [id, keys] of Object.entries(told)) expect(onScreen, id).toContain(keys)
    await help.getByRole('button', { name: 'Close' }).click()
  })
  test('New Script opens an empty tab, Close Script closes it and offers it again', async () => {
    const before = await tabs().count()
    await click('script.new')
    await expect.poll(() => tabs().count()).toBe(before + 1)
    await click('script.close')
    await expect.poll(() => tabs().count()).toBe(before)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => tabs().count()).toBe(before + 1)
    await click('script.close')
    await expect.poll(() => tabs().count()).toBe(before)
  })
  test('Open Script asks for a Python file and shows it', async () => {
    await dialogs.choose(script)
    await click('script.open')
    await expect.poll(editor).toContain('return "orders"')
    expect((await dialogs.askedFiles())[0]?.filters?.[0]?.extensions).toEqual(['py', 'pyw'])
  })
  test('so does the key on the screen, with the same dialog', async () => {
    await click('script.close')
    await expect.poll(editor).not.toContain('orders')
    await dialogs.choose(script)
    await page.keyboard.press('ControlOrMeta+O')
    await expect.poll(editor).toContain('return "orders"')
    expect(await dialogs.askedFiles()).toHaveLength(1)
  })
  test('Save Script writes the file that was opened', async () => {
    await typeScript(page, 'def transform(input_data):\n    return "changed"\n')
    await click('script.save')
    await expect.poll(() => readFileSync(script, 'utf8')).toContain('changed')
  })
  test('Save Script As asks for a place, suggests the present one, and goes on with the new file', async () => {
    await dialogs.choose(saved)
    await click('script.saveAs')
    await expect.poll(() => existsSync(saved) && readFileSync(saved, 'utf8')).toContain('changed')
    expect((await dialogs.askedFiles())[0]?.defaultPath).toBe(script)
    await expect.poll(() => tabs().allInnerTexts()).toContain('saved.py')
  })
  test('a script without a file is asked for one when it is saved by key', async () => {
    const before = await tabs().count()
    await click('script.new')
    await expect.poll(() => tabs().count()).toBe(before + 1)
    await dialogs.choose(null)
    await page.keyboard.press('ControlOrMeta+S')
    await expect.poll(dialogs.askedFiles).toHaveLength(1)
    await click('script.close')
  })
  test('the panes are shown', async () => {
    for (const pane of ['limits', 'cases', 'system', 'history', 'diagnose', 'script']) {
      await click(`pane.${pane}`)
      await page.getByRole('tab', { name: new RegExp(`^${pane}`, 'i'), selected: true }).first().waitFor()
    }
  })
  test('the theme changes', async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme'] ?? 'system')
    expect(await theme()).toBe('system')
    await click('theme')
    await expect.poll(theme).not.toBe('system')
  })
  test('the palette opens', async () => {
    await click('palette.open')
    await page.getByRole('dialog', { name: 'Search or command' }).waitFor()
    await page.keyboard.press('Escape')
  })
  test('Run runs and Stop stops', async () => {
    const before = await tabs().count()
    await click('script.new')
    await expect.poll(() => tabs().count()).toBe(before + 1)
    await typeScript(page, 'import time\ndef transform(input_data):\n    time.sleep(60)\n')
    await click('run.start')
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await page.getByRole('log', { name: 'Log' }).getByText('Starting Python script execution').waitFor()
    await click('run.stop')
    expect(await verdictOf(page)).toMatch(/stop/i)
  })
  test('About names the versions', async () => {
    await dialogs.press(0)
    await click('about')
    const [about] = await dialogs.askedBoxes()
    expect(about?.message).toMatch(/^Cutoff \d+\.\d+\.\d+/)
    expect(about?.detail).toContain(`Node ${await app.evaluate(() => process.versions.node)}`)
    expect(about?.detail).toMatch(/Electron .*\nChromium .*\n/)
  })
})
