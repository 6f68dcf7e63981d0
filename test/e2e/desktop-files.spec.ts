import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, startAgain, type DesktopApp } from '../helpers/desktop-app.ts'
import { dialogsOf } from '../helpers/desktop-dialogs.ts'
import { runClassicCase } from '../helpers/screen.ts'

describe(`files of the desktop app, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-files-'))
  const script = join(folder, 'orders.py')
  const other = join(folder, 'others.py')
  const saved = join(folder, 'yesterday.cutoff')
  let app: DesktopApp
  let page: Page
  let dialogs: ReturnType<typeof dialogsOf>
  beforeAll(async () => {
    requireBuilt(allParts)
    writeFileSync(script, 'def transform(input_data):\n    return input_data\n')
    writeFileSync(other, 'def transform(input_data):\n    return "other"\n')
    writeFileSync(saved, '{}')
    app = await launchDesktop(profile)
    page = await app.page()
    dialogs = dialogsOf(app)
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
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
  const click = (id: string) => app.evaluate(({ Menu }, item) => { Menu.getApplicationMenu()?.getMenuItemById(item)?.click() }, id)
  const commands = () => page.evaluate(() => (window as unknown as { commands: unknown[] }).commands)
  const recent = () => app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items.filter((item) => item.id?.startsWith('recent.') && item.id !== 'recent.clear').map((item) => item.label))
  /** Waits until everything that was sent to the main process before has been dealt with. */
  const settled = () => page.evaluate(() => window.cutoff?.call('loadDraft'))

  test('Open Saved Run hands the path of the run to the screen', async () => {
    await dialogs.choose(saved)
    await click('run.open')
    await expect.poll(commands).toEqual([{ name: 'run.open', value: saved }])
  })
  test('a dialog that is canceled changes nothing', async () => {
    await dialogs.choose(null)
    await click('script.open')
    await expect.poll(dialogs.askedFiles).toHaveLength(1)
    await settled()
    expect(await commands()).toEqual([])
  })
  test('opened files are offered again, newest first, until the list is cleared', async () => {
    await dialogs.choose(script)
    await click('script.open')
    await expect.poll(recent).toEqual(['orders.py', 'yesterday.cutoff'])
    await click('recent.1')
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }, { name: 'run.open', value: saved }])
    expect(await recent()).toEqual(['yesterday.cutoff', 'orders.py'])
    expect(JSON.parse(readFileSync(join(profile.userData, 'recent-files.json'), 'utf8'))).toEqual([saved, script])
    await click('recent.clear')
    expect(await recent()).toEqual([])
  })
  test('a file that is gone is said to be, and not offered again', async () => {
    const gone = join(folder, 'gone.py')
    writeFileSync(gone, 'def transform(input_data):\n    return 1\n')
    await dialogs.choose(gone)
    await click('script.open')
    await expect.poll(recent).toEqual(['gone.py'])
    rmSync(gone)
    await click('recent.0')
    await expect.poll(recent).toEqual([])
    await page.getByText(/gone\.py/).filter({ hasText: /is not there/ }).waitFor()
  })

  const drop = (paths: string[]) => app.evaluate(async ({ BrowserWindow }, files) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    contents?.debugger.attach()
    for (const type of ['dragEnter', 'dragOver', 'drop']) await contents?.debugger.sendCommand('Input.dispatchDragEvent', { type, x: 300, y: 300, data: { items: [], files, dragOperationsMask: 1 } })
    contents?.debugger.detach()
  }, paths)
  test('scripts dragged onto the window are opened by their paths', async () => {
    await drop([script, other])
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }, { name: 'script.open', value: other }])
    await page.getByRole('tab', { name: 'others.py', selected: true }).waitFor()
  })
  test('a file of another kind is the page\'s', async () => {
    const input = join(folder, 'input.json')
    writeFileSync(input, '{ "dropped": true }')
    await drop([input])
    await page.getByRole('textbox', { name: 'Input' }).getByText('"dropped"').waitFor()
    expect(await commands()).toEqual([])
  })
  const dropAs = (path: unknown, url = 'app://cutoff/') => app.evaluate(({ ipcMain }, [file, address]) => { ipcMain.emit('cutoff:dropped', { senderFrame: { url: address, parent: null } } as never, file) }, [path, url] as const)
  test('a drop that is no file of ours, or not from our page, is ignored', async () => {
    mkdirSync(join(folder, 'folder.py'), { recursive: true })
    writeFileSync(join(folder, 'notes.txt'), '')
    for (const path of [join(folder, 'notes.txt'), join(folder, 'folder.py'), join(folder, 'missing.py'), 'orders.py', '', null, 7, `${script}\0`]) await dropAs(path)
    await dropAs(script, 'app://other/')
    await dropAs(script, 'https://evil.example/')
    await settled()
    expect(await commands()).toEqual([])
  })
  test.each([['an unknown dialog', 'app://cutoff/', ['run.delete', '']], ['no text for a name', 'app://cutoff/', ['script.saveAs', {}]], ['a page of another origin', 'app://other/', ['script.open', '']]])('%s opens none', async (_, url, args) => {
    await dialogs.choose(script)
    await app.evaluate(({ ipcMain }, [address, list]) => { ipcMain.emit('cutoff:asked', { senderFrame: { url: address, parent: null } } as never, ...list) }, [url, args] as const)
    await settled()
    expect(await dialogs.askedFiles()).toEqual([])
  })
  test('a file that a page made up has no path, and replaces nothing', async () => {
    const prevented = await page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['x'], 'made-up.py'))
      const event = new DragEvent('drop', { dataTransfer: transfer, cancelable: true, bubbles: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    })
    expect(prevented).toBe(true)
    await settled()
    expect(await commands()).toEqual([])
  })
  test('a second start opens its file in the first window and ends', async () => {
    expect(await startAgain({ ...profile, files: [script] })).toBe(0)
    await expect.poll(commands).toEqual([{ name: 'script.open', value: script }])
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
  test('open-file of the system opens the file', async () => {
    await app.evaluate(({ app: own }, path) => { own.emit('open-file', { preventDefault: () => undefined }, path) }, saved)
    await expect.poll(commands).toEqual([{ name: 'run.open', value: saved }])
  })
  test('a report of a run is saved where the system\'s dialog says', async () => {
    const report = join(folder, 'report.html')
    await page.evaluate(() => window.cutoff?.call('loadDraft'))
    await click('script.new')
    await runClassicCase(page)
    await app.evaluate(({ session }, path) => { session.defaultSession.once('will-download', (_event, item) => item.setSavePath(path)) }, report)
    await page.getByRole('button', { name: /^Export/ }).first().click()
    await page.getByText('Report', { exact: true }).first().click()
    await expect.poll(() => existsSync(report) && readFileSync(report, 'utf8')).toContain('client.total')
  })
})

describe(`files that the desktop app is started with, on ${desktopKind}`, () => {
  test('are opened when the page is there, also when they come meanwhile', async () => {
    const profile = scratchProfile()
    const folder = mkdtempSync(join(tmpdir(), 'cutoff-start-'))
    const script = join(folder, 'started.py')
    const later = join(folder, 'later.py')
    for (const path of [script, later]) writeFileSync(path, 'def transform(input_data):\n    return 1\n')
    const app = await launchDesktop({ ...profile, files: [script] })
    // As soon as the first one is there: its page is still on its way.
    await app.evaluate(({ app: own }) => own.isReady())
    expect(await startAgain({ ...profile, files: [later] })).toBe(0)
    const page = await app.page()
    await page.getByRole('tab', { name: 'started.py' }).waitFor()
    await page.getByRole('tab', { name: 'later.py' }).waitFor()
    await app.close()
    profile.remove()
    rmSync(folder, { recursive: true, force: true })
  })
})
