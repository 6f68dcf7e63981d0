import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'
import { engineOf } from '../helpers/engine-process.ts'
import { isAlive, processTree } from '../helpers/process-tree.ts'

/** Signals are how a terminal and a session end programs; Windows has other ways, which no test can take. */
const hasSignals = process.platform !== 'win32'

describe(`how the desktop app ends, on ${desktopKind}`, () => {
  let profile: ReturnType<typeof scratchProfile>
  let app: DesktopApp
  beforeAll(() => requireBuilt(allParts))
  beforeEach(async () => {
    profile = scratchProfile()
    app = await launchDesktop(profile)
  })
  afterEach(async () => {
    app.kill('SIGKILL')
    await app.exited
    profile.remove()
  })
  const isReady = () => app.evaluate(({ app: own }) => own.whenReady().then(() => true))
  const closeWindow = () => app.evaluate(({ BrowserWindow }) => { setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 10) })
  /** Starts a run that lasts, and returns every process of the app once its script runs. */
  async function treeWithRun(): Promise<number[]> {
    const page = await app.page()
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
    await page.evaluate(async () => {
      const facts: string[] = []
      Object.assign(window, { facts })
      window.cutoff?.on('events', ({ events }) => { for (const event of events) facts.push(event.type) })
      await window.cutoff?.call('startRun', {
        script: { path: null, name: 'long.py', text: 'import time\ndef transform(input_data):\n    time.sleep(60)\n    return 1\n' }, input: {}, profile: 'transformation-service', limits: [], proxies: [], faults: [],
        python: null, propagateCancel: true, stacks: { rateHz: 0, locals: false, allocations: false },
      })
    })
    await expect.poll(() => page.evaluate(() => (window as unknown as { facts: string[] }).facts.includes('process_started'))).toBe(true)
    const tree = processTree(app.pid)
    expect(tree.length).toBeGreaterThan(3)
    return tree
  }
  const noneLeftOf = (tree: number[]) => expect.poll(() => tree.filter(isAlive)).toEqual([])

  test('closing the window in the middle of a run leaves no process behind', async () => {
    const tree = await treeWithRun()
    await closeWindow()
    if (process.platform === 'darwin') await app.close()
    expect(await app.exited).toBe(0)
    await noneLeftOf(tree)
  })
  test('killing the app in the middle of a run leaves no process behind', async () => {
    const tree = await treeWithRun()
    app.kill('SIGKILL')
    await app.exited
    await noneLeftOf(tree)
  })
  test.runIf(hasSignals)('SIGTERM ends it in order, in the middle of a run', async () => {
    const tree = await treeWithRun()
    app.kill('SIGTERM')
    expect(await app.exited).toBe(0)
    await noneLeftOf(tree)
  })
  test.runIf(hasSignals)('Ctrl+C in the terminal, which every process of its group gets, ends it in order and is no crash', async () => {
    const tree = await treeWithRun()
    await app.evaluate(({ dialog }) => { Object.assign(globalThis, { asked: 0 }); dialog.showMessageBox = (() => { process.exit(9) }) as never })
    for (const pid of tree.filter((each) => groupOf(each) === groupOf(app.pid)).toReversed()) process.kill(pid, 'SIGINT')
    expect(await app.exited).toBe(0)
    await noneLeftOf(tree)
  })
  test.runIf(hasSignals)('SIGHUP, the end of its terminal, while it starts ends it in order', async () => {
    await isReady()
    const tree = processTree(app.pid)
    app.kill('SIGHUP')
    expect(await app.exited).toBe(0)
    await noneLeftOf(tree)
  })
  test.runIf(hasSignals)('SIGTERM while the page loads ends it in order', async () => {
    await app.page()
    const tree = processTree(app.pid)
    app.kill('SIGTERM')
    app.kill('SIGTERM')
    expect(await app.exited).toBe(0)
    await noneLeftOf(tree)
  })
  test('its window closed while the page loads, it ends', async () => {
    await isReady()
    await closeWindow()
    if (process.platform === 'darwin') await app.close()
    expect(await app.exited).toBe(0)
  })
  test('an engine that crashes while the app ends is nobody\'s concern', async () => {
    await (await app.page()).getByRole('textbox', { name: 'Script' }).waitFor()
    const engine = await engineOf(app)
    await app.evaluate(({ dialog, app: own }, pid) => {
      dialog.showMessageBox = (() => { process.exit(9) }) as never
      own.once('will-quit', () => { process.kill(pid, 'SIGKILL') })
      setTimeout(() => own.quit(), 10)
    }, engine)
    expect(await app.exited).toBe(0)
  })
  test('a page that crashes while the app ends is nobody\'s concern', async () => {
    await (await app.page()).getByRole('textbox', { name: 'Script' }).waitFor()
    await app.evaluate(({ dialog, app: own, BrowserWindow }) => {
      dialog.showMessageBox = (() => { process.exit(9) }) as never
      own.once('before-quit', () => { BrowserWindow.getAllWindows()[0]?.webContents.emit('render-process-gone', {}, { reason: 'killed', exitCode: 2 }) })
      setTimeout(() => own.quit(), 10)
    })
    expect(await app.exited).toBe(0)
  })
  test('a second start that comes while the first ends is not lost: the app starts again with its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cutoff-again-'))
    const script = join(folder, 'again.py')
    writeFileSync(script, 'def transform(input_data):\n    return 1\n')
    await (await app.page()).getByRole('textbox', { name: 'Script' }).waitFor()
    const started = await app.evaluate(({ app: own }, file) => new Promise<unknown>((resolve) => {
      // Told instead of done: what was started here would not be this test's to end.
      own.relaunch = ((options: { args: string[] }) => resolve(options.args)) as never
      own.once('will-quit', () => { own.emit('second-instance', {}, ['cutoff', '--switch=a.py', file], '/work', null) })
      setTimeout(() => own.quit(), 10)
    }), 'again.py')
    expect(started).toEqual(['--switch=a.py', join('/work', 'again.py')])
    expect(await app.exited).toBe(0)
    rmSync(folder, { recursive: true, force: true })
  })
})

/** The process group of a process, by the system's own list. */
function groupOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
