import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { callSchemas } from '../../shared/bridge/schemas.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'
import { openElsewhere } from '../helpers/elsewhere.ts'

const preload = join(import.meta.dirname, '../../dist/electron/preload.cjs')

describe(`what the desktop app refuses, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  let app: DesktopApp
  let page: Page
  beforeAll(async () => {
    requireBuilt(allParts)
    app = await launchDesktop(profile)
    page = await app.page()
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
  })
  afterAll(async () => {
    await app?.close()
    profile.remove()
  })
  const addressesShown = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))
  /** Does something in the page, with an address that only this attempt knows; returns what came there. */
  async function visitsBy(go: (url: string) => void): Promise<string[]> {
    const elsewhere = await openElsewhere()
    await page.evaluate(go, elsewhere.where.http)
    await page.waitForTimeout(300)
    elsewhere.close()
    return elsewhere.visits()
  }

  test.each([
    ['an assignment to location', (url: string) => { location.href = url }],
    ['a link', (url: string) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: url }).click() }],
    ['a form', (url: string) => { Object.assign(document.body.appendChild(document.createElement('form')), { action: url, method: 'POST' }).submit() }],
    ['a file: address', () => { location.href = 'file:///etc/passwd' }],
    ['data', () => { location.href = 'data:text/html,<title>elsewhere</title>' }],
  ])('the page cannot be led elsewhere by %s', async (_, go) => {
    expect(await visitsBy(go)).toEqual([])
    expect(await addressesShown()).toEqual(['app://cutoff/'])
    expect(await page.evaluate(() => document.querySelector('#root') !== null)).toBe(true)
  })
  test.each([
    ['window.open', (url: string) => { window.open(url) }],
    ['window.open of nothing', () => { window.open('about:blank') }],
    ['window.open of the app itself', () => { window.open('/') }],
    ['a link to a new window', (url: string) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: url, target: '_blank' }).click() }],
  ])('no window is opened by %s', async (_, go) => {
    expect(await visitsBy(go)).toEqual([])
    expect(await addressesShown()).toEqual(['app://cutoff/'])
  })
  test('a page that would not be left keeps nobody from leaving', async () => {
    const other = scratchProfile()
    const stubborn = await launchDesktop(other)
    const shown = await stubborn.page()
    await shown.getByRole('textbox', { name: 'Script' }).click()
    await shown.evaluate(() => { window.addEventListener('beforeunload', (event) => event.preventDefault()) })
    expect(await stubborn.close()).toBe(0)
    other.remove()
  })
  test('no permission is granted, but for copying text', async () => {
    expect(await page.evaluate(() => navigator.clipboard.writeText('copied').then(() => 'copied', (error: Error) => error.message))).toBe('copied')
    const states = await page.evaluate(async () => Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'midi'].map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state)))
    expect(states.filter((state) => state === 'granted')).toEqual([])
    expect(await page.evaluate(() => Notification.requestPermission())).not.toBe('granted')
    expect(await page.evaluate(() => new Promise((resolve) => { navigator.geolocation.getCurrentPosition(() => resolve('granted'), () => resolve('refused'), { timeout: 2000 }) }))).toBe('refused')
  })
  test.each([
    ['another address', 'prevented', "'data:text/plain,x'", [true]], ['what the page made itself', 'left to the save dialog', "URL.createObjectURL(new Blob(['x']))", [false]],
  ])('a download of %s is %s', async (_, _outcome, href, expected) => {
    await app.evaluate(({ session }) => {
      const prevented: boolean[] = []
      Object.assign(globalThis, { prevented })
      // After the app's own listener; what it lets through is ended here, without a dialog.
      session.defaultSession.once('will-download', (event) => { prevented.push(event.defaultPrevented); event.preventDefault() })
    })
    await page.evaluate(`Object.assign(document.createElement('a'), { href: ${href}, download: 'x.txt' }).click()`)
    await expect.poll(() => app.evaluate(() => (globalThis as unknown as { prevented: boolean[] }).prevented)).toEqual(expected)
  })
  test('a page of another origin gets no answer from the engine, even with the bridge in hand', async () => {
    const answer = await app.evaluate(async ({ BrowserWindow }, file) => {
      const window = new BrowserWindow({ show: false, webPreferences: { preload: file, sandbox: true, contextIsolation: true } })
      await window.loadURL('about:blank')
      const result: unknown = await window.webContents.executeJavaScript("cutoff.call('hello').then(() => 'answered', (error) => error.code)")
      window.destroy()
      return result
    }, preload)
    expect(answer).toBe('refused')
  })
  test.each([
    ['an unknown call', 'eval', [], 'unknown_call'], ['a missing argument', 'readScript', [], 'bad_arguments'], ['an object for a path', 'readScript', [{}], 'bad_arguments'],
    ['a run without a plan', 'startRun', [{}], 'bad_arguments'], ['a prototype for a name', '__proto__', [], 'unknown_call'],
  ])('%s never reaches the engine', async (_, name, args, code) => {
    expect(await page.evaluate(([call, list]) => window.cutoff?.call(call as never, ...list as never).then(() => 'answered', (error: { code: string }) => error.code), [name, args] as const)).toBe(code)
  })
  test('every call of the contract is there, and takes no wrong arguments', async () => {
    const calls = Object.entries(callSchemas).map(([name, { names }]) => [name, names.length] as const)
    const codesOf = (wrong: (count: number) => unknown[]) => page.evaluate((list) => Promise.all(list.map(([name, args]) => window.cutoff?.call(name as never, ...args as never).then(() => `${name} answered`, (error: { code: string }) => error.code))), calls.map(([name, count]) => [name, wrong(count)] as const))
    expect(calls.length).toBeGreaterThan(40)
    expect(new Set(await codesOf((count) => Array.from({ length: count + 1 }, () => ({}))))).toEqual(new Set(['bad_arguments']))
    expect((await codesOf((count) => Array.from({ length: count }, () => 0.5))).filter((_, index) => (calls[index]?.[1] ?? 0) > 0).filter((code) => code !== 'bad_arguments')).toEqual([])
  })
  test('what is no data cannot be sent at all', async () => {
    expect(await page.evaluate(() => Promise.resolve().then(() => window.cutoff?.call('startRun', Symbol('x') as never)).then(() => 'answered', () => 'refused'))).toBe('refused')
  })
})
