import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'
import { dialogsOf } from '../helpers/desktop-dialogs.ts'
import { engineOf } from '../helpers/engine-process.ts'

const draft = (scriptText: string) => ({ scriptPath: null, scriptName: 'mine.py', scriptText, inputText: '{}', limits: {}, profile: 'transformation-service' })

describe(`how the desktop app goes on after a crash, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  let app: DesktopApp
  let dialogs: ReturnType<typeof dialogsOf>
  beforeAll(async () => {
    requireBuilt(allParts)
    app = await launchDesktop(profile)
    dialogs = dialogsOf(app)
  })
  beforeEach(() => expect.poll(() => onPage('document.querySelector("[role=textbox][aria-label=Script]") !== null')).toBe(true))
  afterAll(async () => {
    await app?.close()
    profile.remove()
  })
  /** Asks the page through the main process: a debugger of its own would lose a page that crashed. */
  const onPage = (expression: string): Promise<unknown> => app.evaluate(({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code), expression).catch(() => 'reloading')

  test('an engine that crashed is said so, started again, and the page goes on with what was typed', async () => {
    const page = await app.page()
    await page.evaluate((value) => window.cutoff?.call('saveDraft', value), draft('kept'))
    await dialogs.press(0)
    const call = page.evaluate(() => window.cutoff?.call('doctor', { python: null }).then(() => 'answered', (error: { code: string }) => error.code)).catch(() => 'reloaded')
    process.kill(await engineOf(app), 'SIGKILL')
    expect(['answered', 'engine_lost', 'reloaded']).toContain(await call)
    await expect.poll(dialogs.askedBoxes).toMatchObject([{ message: expect.stringMatching(/^The engine ended unexpectedly/), buttons: ['Start it again', 'Quit'] }])
    await expect.poll(() => onPage("cutoff.call('loadDraft').then((draft) => draft?.scriptText, () => 'not yet')")).toBe('kept')
    await expect.poll(() => onPage('document.querySelector("[role=textbox][aria-label=Script]")?.textContent ?? ""')).toContain('kept')
  })
  test('a file that is opened while the engine starts again reaches the new page', async () => {
    await app.evaluate(({ dialog }) => {
      let press = () => {}
      const pressed = new Promise<{ response: number; checkboxChecked: boolean }>((resolve) => { press = () => resolve({ response: 0, checkboxChecked: false }) })
      Object.assign(globalThis, { press, isAsked: false })
      dialog.showMessageBox = () => { Object.assign(globalThis, { isAsked: true }); return pressed }
    })
    process.kill(await engineOf(app), 'SIGKILL')
    await expect.poll(() => app.evaluate(() => (globalThis as unknown as { isAsked: boolean }).isAsked)).toBe(true)
    await app.evaluate(({ app: own }, path) => {
      (globalThis as unknown as { press(): void }).press()
      setImmediate(() => own.emit('open-file', { preventDefault: () => undefined }, path))
    }, join(import.meta.dirname, '../../shared/samples/two_second_delay.py'))
    await expect.poll(() => onPage('[...document.querySelectorAll("[role=tab]")].some((tab) => tab.textContent.includes("two_second_delay.py"))')).toBe(true)
  })
  test('a long run that ends while nobody looks is told by a notification with its verdict', async () => {
    const page = await app.page()
    await app.evaluate(({ BrowserWindow, Notification }) => {
      const told: string[] = []
      Object.assign(globalThis, { told })
      Notification.prototype.show = function show(this: { title: string; body: string }) { told.push(`${this.title} | ${this.body}`) }
      for (const window of BrowserWindow.getAllWindows()) window.isFocused = () => false
    })
    await page.evaluate(() => window.cutoff?.call('startRun', {
      script: { path: null, name: 'slow.py', text: 'import time\ndef transform(input_data):\n    time.sleep(60)\n    return 1\n' }, input: {}, profile: 'transformation-service',
      limits: [{ id: 'connector.python', value: 5200, unit: 'ms', origin: 'set on this run', enforced: true }], proxies: [], faults: [],
      python: null, propagateCancel: true, stacks: { rateHz: 0, locals: false, allocations: false },
    }))
    await expect.poll(() => app.evaluate(() => (globalThis as unknown as { told: string[] }).told)).toEqual([expect.stringMatching(/^slow\.py: cut after 5\.\d+ s \| .*5\.2 s/)])
  })
  test('where the window is gets kept while it is open, not only at its end', async () => {
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.setBounds({ x: 30, y: 50, width: 1010, height: 710 }) })
    await expect.poll(() => { try { return (JSON.parse(readFileSync(join(profile.userData, 'window.json'), 'utf8')) as { bounds: object }).bounds } catch { return null } }).toMatchObject({ width: 1010, height: 710 })
  })
  test('a page that crashed is said so and loaded again', async () => {
    await dialogs.press(0)
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer() })
    await expect.poll(dialogs.askedBoxes).toMatchObject([{ message: expect.stringMatching(/^The window ended unexpectedly/), buttons: ['Reload', 'Quit'] }])
    await expect.poll(() => onPage("cutoff.call('hello').then(({ host }) => host)")).toBe('desktop')
  })
  test('a page that hangs can be waited for, or loaded again without a word about a crash', async () => {
    const hang = () => app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.emit('unresponsive') })
    await onPage('void Object.assign(window, { isOld: true })')
    await dialogs.press(0)
    await hang()
    await expect.poll(dialogs.askedBoxes).toMatchObject([{ message: 'The window does not respond.', buttons: ['Wait', 'Reload'] }])
    expect(await onPage('"isOld" in window')).toBe(true)
    await dialogs.press(1)
    await hang()
    await expect.poll(() => onPage("'isOld' in window ? 'old' : cutoff.call('hello').then(({ host }) => host)")).toBe('desktop')
    expect(await dialogs.askedBoxes()).toHaveLength(1)
  })
})

describe(`how the desktop app is left after a crash, on ${desktopKind}`, () => {
  let profile: ReturnType<typeof scratchProfile>
  let app: DesktopApp
  beforeEach(async () => {
    profile = scratchProfile()
    app = await launchDesktop(profile)
    await (await app.page()).getByRole('textbox', { name: 'Script' }).waitFor()
    await dialogsOf(app).press(1)
  })
  afterEach(async () => {
    await app.close()
    profile.remove()
  })

  test('after a crash of the engine the app can be left', async () => {
    process.kill(await engineOf(app), 'SIGKILL')
    expect(await app.exited).toBe(0)
  })
  test('after a crash of the page the app can be left', async () => {
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer() })
    expect(await app.exited).toBe(0)
  })
})
