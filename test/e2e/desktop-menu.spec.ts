import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'

describe(`menus, dialogs and files of the desktop app, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-files-'))
  const script = join(folder, 'orders.py')
  const saved = join(folder, 'yesterday.cutoff')
  let app: DesktopApp
  let page: Page
  beforeAll(async () => {
    requireBuilt(allParts)
    writeFileSync(script, 'def transform(input_data):\n    return input_data\n')
    writeFileSync(saved, '{}')
    app = await launchDesktop(profile)
    page = await app.page()
  })
  beforeEach(async () => {
    await page.evaluate(() => {
      const commands: unknown[] = []
      Object.assign(window, { commands })
      window.cutoff?.on('command', (command) => { commands.push(command) })
    })
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
  const commands = () => page.evaluate(() => (window as unknown as { commands: unknown[] }).commands)
  const recent = () => app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items.filter((item) => item.id?.startsWith('recent.') && item.id !== 'recent.clear').map((item) => item.label))
  const answerOpen = (canceled: boolean, path: string) => app.evaluate(({ dialog }, [isCanceled, file]) => {
    dialog.showOpenDialog = (async (_window: unknown, options: unknown) => {
      Object.assign(globalThis, { asked: options })
      return { canceled: isCanceled, filePaths: isCanceled ? [] : [file] }
    }) as never
  }, [canceled, path] as const)

  test('every item has a name and an action, a submenu or a role', async () => {
    const items = await app.evaluate(({ Menu }) => {
      type Item = NonNullable<ReturnType<typeof Menu.getApplicationMenu>>['items'][number]
      const flat = (list: Item[]): Item[] => list.flatMap((item) => [item, ...(item.submenu ? flat(item.submenu.items) : [])])
      return flat(Menu.getApplicationMenu()?.items ?? []).filter((item) => item.type !== 'separator').map((item) => ({ id: item.id ?? '', label: item.label, role: item.role ?? '', isSubmenu: item.submenu !== undefined && item.submenu !== null }))
    })
    for (const item of items) expect(item.label || item.role, JSON.stringify(item)).not.toBe('')
    expect(items.map((item) => item.id)).toEqual(expect.arrayContaining(['script.new', 'script.open', 'run.open', 'recent', 'recent.clear', 'script.save', 'run.start', 'run.stop', 'palette.open', 'about']))
  })
  test.each([['script.new'], ['script.save'], ['run.start'], ['run.stop'], ['palette.open']])('%s reaches the screen as a command', async (id) => {
    await click(id)
    await expect.poll(commands).toEqual([{ name: id, value: null }])
  })
  test('Open Script asks for a Python file and hands its path to the screen', async () => {
    await answerOpen(false, script)
    await click('script.open')
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }])
    expect(await app.evaluate(() => (globalThis as unknown as { asked: { filters: { extensions: string[] }[] } }).asked.filters[0]?.extensions)).toEqual(['py', 'pyw'])
  })
  test('Open Saved Run hands the path of the run to the screen', async () => {
    await answerOpen(false, saved)
    await click('run.open')
    await expect.poll(commands).toEqual([{ name: 'run.open', value: saved }])
  })
  test('a dialog that is canceled changes nothing', async () => {
    await answerOpen(true, script)
    await click('script.open')
    await page.waitForTimeout(200)
    expect(await commands()).toEqual([])
  })
  test('opened files are offered again, newest first, until the list is cleared', async () => {
    expect(await recent()).toEqual(['yesterday.cutoff', 'orders.py'])
    await click('recent.1')
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }])
    expect(await recent()).toEqual(['orders.py', 'yesterday.cutoff'])
    await click('recent.clear')
    expect(await recent()).toEqual([])
  })
  test('About names the versions', async () => {
    await app.evaluate(({ dialog }) => { dialog.showMessageBox = (async (_window: unknown, options: unknown) => { Object.assign(globalThis, { about: options }); return { response: 0, checkboxChecked: false } }) as never })
    await click('about')
    const about = await app.evaluate(() => (globalThis as unknown as { about: { message: string; detail: string } }).about)
    expect(about.message).toMatch(/^Cutoff \d+\.\d+\.\d+/)
    expect(about.detail).toContain(`Node ${process.versions.node.split('.')[0]}`)
  })

  const drop = (path: unknown, url = 'app://cutoff/') => app.evaluate(({ ipcMain }, [file, address]) => { ipcMain.emit('cutoff:dropped', { senderFrame: { url: address, parent: null } } as never, file) }, [path, url] as const)
  test('a dropped script is opened', async () => {
    await drop(script)
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }])
  })
  test('a drop that is no file of ours, or not from our page, is ignored', async () => {
    mkdirSync(join(folder, 'folder.py'), { recursive: true })
    writeFileSync(join(folder, 'notes.txt'), '')
    for (const path of [join(folder, 'notes.txt'), join(folder, 'folder.py'), join(folder, 'missing.py'), 'orders.py', '', null, 7, `${script}\0`]) await drop(path)
    await drop(script, 'app://other/')
    await drop(script, 'https://evil.example/')
    await page.waitForTimeout(200)
    expect(await commands()).toEqual([])
  })
  test('a file dragged onto the page does not replace the page', async () => {
    const prevented = await page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['x'], 'made-up.py'))
      const event = new DragEvent('drop', { dataTransfer: transfer, cancelable: true, bubbles: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    })
    expect(prevented).toBe(true)
    expect(await commands()).toEqual([])
  })
  test('a second start opens its file in the first window and ends', async () => {
    const second = await launchDesktop({ ...profile, files: [script] })
    expect(await second.exited).toBe(0)
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }])
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
  test('open-file of the system opens the file', async () => {
    await app.evaluate(({ app: own }, path) => { own.emit('open-file', { preventDefault: () => undefined }, path) }, saved)
    await expect.poll(commands).toEqual([{ name: 'run.open', value: saved }])
  })
  test('files on the command line are opened by the first start', async () => {
    const own = scratchProfile()
    const started = await launchDesktop({ ...own, files: [script] })
    const shown = await started.page()
    await expect.poll(() => shown.getByRole('tab', { name: 'orders.py' }).count(), { timeout: 15_000 }).toBeGreaterThan(0)
    await started.close()
    own.remove()
  })
})
