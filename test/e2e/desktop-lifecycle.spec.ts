import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'
import { engineOf } from '../helpers/engine-process.ts'
import { isAlive, processTree } from '../helpers/process-tree.ts'

describe(`how the desktop app ends and goes on, on ${desktopKind}`, () => {
  let profile: ReturnType<typeof scratchProfile>
  let app: DesktopApp
  beforeAll(() => requireBuilt(allParts))
  beforeEach(async () => {
    profile = scratchProfile()
    app = await launchDesktop(profile)
  })
  afterEach(async () => {
    await app.close()
    profile.remove()
  })
  /** Starts a run that lasts, and returns every process of the app once its script runs. */
  async function treeWithRun(): Promise<number[]> {
    const page = await app.page()
    await page.evaluate(async () => {
      const facts: string[] = []
      Object.assign(window, { facts })
      window.cutoff?.on('events', ({ events }) => { for (const event of events) facts.push(event.type) })
      await window.cutoff?.call('startRun', {
        script: { path: null, name: 'long.py', text: 'import time\ndef transform(input_data):\n    time.sleep(60)\n    return 1\n' }, input: {}, profile: 'transformation-service', limits: [], proxies: [], faults: [],
        python: null, propagateCancel: true, stacks: { rateHz: 0, locals: false, allocations: false },
      })
    })
    await expect.poll(() => page.evaluate(() => (window as unknown as { facts: string[] }).facts.includes('process_started')), { timeout: 20_000 }).toBe(true)
    return processTree(app.pid)
  }
  const answerBoxes = (response: number) => app.evaluate(({ dialog }, button) => {
    const boxes: unknown[] = []
    Object.assign(globalThis, { boxes })
    dialog.showMessageBox = (async (...args: unknown[]) => { boxes.push(args.at(-1)); return { response: button, checkboxChecked: false } }) as never
  }, response)
  const boxes = () => app.evaluate(() => (globalThis as unknown as { boxes: { message: string; detail: string; buttons: string[] }[] }).boxes)

  test('closing the window in the middle of a run leaves no process behind', async () => {
    const tree = await treeWithRun()
    expect(tree.length).toBeGreaterThan(3)
    await app.evaluate(({ BrowserWindow }) => { setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 10) })
    if (process.platform === 'darwin') await app.close()
    expect(await app.exited).toBe(0)
    await expect.poll(() => tree.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })
  test('killing the app in the middle of a run leaves no process behind', async () => {
    const tree = await treeWithRun()
    app.kill('SIGKILL')
    await app.exited
    await expect.poll(() => tree.filter(isAlive), { timeout: 15_000 }).toEqual([])
  })
  test('SIGTERM ends it in order', async () => {
    await app.page()
    const tree = processTree(app.pid)
    app.kill('SIGTERM')
    expect(await app.exited).toBe(0)
    await expect.poll(() => tree.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })
  test('an engine that crashed is said so, started again, and the page goes on', async () => {
    const page = await app.page()
    await page.evaluate(() => window.cutoff?.call('saveDraft', { scriptPath: null, scriptName: 'mine.py', scriptText: 'kept', inputText: '{}', limits: {}, profile: 'transformation-service' }))
    await answerBoxes(0)
    const [main, ...below] = processTree(app.pid)
    expect(main).toBe(app.pid)
    const engine = engineOf(below)
    const call = page.evaluate(() => window.cutoff?.call('doctor', { python: null }).then(() => 'answered', (error: { code: string }) => error.code)).catch(() => 'reloaded')
    process.kill(engine, 'SIGKILL')
    expect(['answered', 'engine_lost', 'reloaded']).toContain(await call)
    await expect.poll(boxes).toMatchObject([{ message: expect.stringMatching(/^The engine ended unexpectedly/), buttons: ['Start it again', 'Quit'] }])
    await expect.poll(async () => (await app.page()).evaluate(() => window.cutoff?.call('loadDraft').then((draft) => draft?.scriptText, () => 'not yet')).catch(() => 'reloading'), { timeout: 15_000 }).toBe('kept')
  })
  test('after a crash of the engine the app can be left', async () => {
    await app.page()
    await answerBoxes(1)
    process.kill(engineOf(processTree(app.pid)), 'SIGKILL')
    expect(await app.exited).toBe(0)
  })
  test('a page that crashed is said so and loaded again', async () => {
    await app.page()
    await answerBoxes(0)
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer() })
    await expect.poll(boxes, { timeout: 10_000 }).toMatchObject([{ message: expect.stringMatching(/^The window ended unexpectedly/), buttons: ['Reload', 'Quit'] }])
    await expect.poll(async () => (await app.page()).evaluate(() => window.cutoff?.call('hello').then((hello) => hello.host)).catch(() => 'reloading'), { timeout: 15_000 }).toBe('desktop')
  })
  test('a long run that ends while nobody looks is told by a notification', async () => {
    const page = await app.page()
    await app.evaluate(({ BrowserWindow, Notification }) => {
      const told: string[] = []
      Object.assign(globalThis, { told })
      Notification.prototype.show = function show(this: { title: string }) { told.push(this.title) }
      for (const window of BrowserWindow.getAllWindows()) window.isFocused = () => false
    })
    await page.evaluate(() => window.cutoff?.call('startRun', {
      script: { path: null, name: 'slow.py', text: 'import time\ndef transform(input_data):\n    time.sleep(5.2)\n    return 1\n' }, input: {}, profile: 'transformation-service', limits: [], proxies: [], faults: [],
      python: null, propagateCancel: true, stacks: { rateHz: 0, locals: false, allocations: false },
    }))
    await expect.poll(() => app.evaluate(() => (globalThis as unknown as { told: string[] }).told), { timeout: 20_000 }).toEqual(['slow.py: the run is over'])
  })
})
