import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'

const preload = join(import.meta.dirname, '../../dist/electron/preload.cjs')

describe(`what the desktop app refuses, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  let app: DesktopApp
  let page: Page
  let elsewhere: Server
  let address = ''
  let visits = 0
  beforeAll(async () => {
    requireBuilt(allParts)
    elsewhere = createServer((_, response) => {
      visits++
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/html' }).end('<title>elsewhere</title>')
    })
    await new Promise<void>((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve) })
    address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
    app = await launchDesktop(profile)
    page = await app.page()
  })
  afterAll(async () => {
    await app?.close()
    elsewhere?.close()
    profile.remove()
  })
  const addressesShown = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))

  test.each([
    ['an assignment to location', (url: string) => { location.href = url }],
    ['a link', (url: string) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: url }).click() }],
    ['a form', (url: string) => { Object.assign(document.body.appendChild(document.createElement('form')), { action: url, method: 'POST' }).submit() }],
  ])('the page cannot be led elsewhere by %s', async (_, go) => {
    await page.evaluate(go, address)
    await page.waitForTimeout(300)
    expect(await addressesShown()).toEqual(['app://cutoff/'])
    expect(visits).toBe(0)
  })
  test.each([
    ['window.open', (url: string) => { window.open(url) }],
    ['window.open of nothing', () => { window.open('about:blank') }],
    ['a link to a new window', (url: string) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: url, target: '_blank' }).click() }],
  ])('no window is opened by %s', async (_, go) => {
    await page.evaluate(go, address)
    await page.waitForTimeout(300)
    expect(await addressesShown()).toEqual(['app://cutoff/'])
    expect(visits).toBe(0)
  })
  test.each([
    ['fetch', (url: string) => fetch(url).then(() => 'loaded', () => 'refused')],
    ['an image', (url: string) => new Promise((resolve) => { Object.assign(new Image(), { onload: () => resolve('loaded'), onerror: () => resolve('refused'), src: `${url}x.png` }) })],
    ['a script', (url: string) => new Promise((resolve) => { document.body.append(Object.assign(document.createElement('script'), { onload: () => resolve('loaded'), onerror: () => resolve('refused'), src: url })) })],
    ['a style sheet', (url: string) => new Promise((resolve) => { document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', onload: () => resolve('loaded'), onerror: () => resolve('refused'), href: url })) })],
    ['a WebSocket', (url: string) => new Promise((resolve) => { try { Object.assign(new WebSocket(url.replace('http', 'ws')), { onopen: () => resolve('loaded'), onerror: () => resolve('refused') }) } catch { resolve('refused') } })],
    ['an event source', (url: string) => new Promise((resolve) => { Object.assign(new EventSource(url), { onopen: () => resolve('loaded'), onerror: () => resolve('refused') }) })],
    ['a worker', (url: string) => new Promise((resolve) => { try { Object.assign(new Worker(url), { onerror: () => resolve('refused') }) } catch { resolve('refused') } })],
  ])('nothing is loaded from elsewhere by %s', async (_, load) => {
    expect(await page.evaluate(load, address)).toBe('refused')
    expect(visits).toBe(0)
  })
  test('a frame shows nothing from elsewhere', async () => {
    await page.evaluate((url) => { document.body.append(Object.assign(document.createElement('iframe'), { src: url })) }, address)
    await page.waitForTimeout(300)
    expect(visits).toBe(0)
  })
  test('requests that get past the page\'s own policy are canceled all the same', async () => {
    const outcome = await app.evaluate(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } })
      const result = await window.loadURL(url).then(() => 'loaded', () => 'refused')
      window.destroy()
      return result
    }, address)
    expect(outcome).toBe('refused')
    expect(visits).toBe(0)
  })
  test('no permission is granted, but for copying text', async () => {
    const states = await page.evaluate(async () => Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'midi'].map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state)))
    expect(states.filter((state) => state === 'granted')).toEqual([])
    expect(await page.evaluate(() => Notification.requestPermission())).not.toBe('granted')
    expect(await page.evaluate(() => new Promise((resolve) => { navigator.geolocation.getCurrentPosition(() => resolve('granted'), () => resolve('refused'), { timeout: 2000 }) }))).toBe('refused')
  })
  test('nothing is downloaded', async () => {
    const downloads = await app.evaluate(({ session, BrowserWindow }) => new Promise((resolve) => {
      const outcomes: boolean[] = []
      session.defaultSession.prependListener('will-download', (event: { defaultPrevented: boolean }) => setImmediate(() => outcomes.push(event.defaultPrevented)))
      setTimeout(() => resolve(outcomes), 800)
      void BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt' }).click()")
    }))
    expect(downloads).toEqual([true])
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
  test('what is no data cannot be sent at all', async () => {
    expect(await page.evaluate(() => Promise.resolve().then(() => window.cutoff?.call('startRun', Symbol('x') as never)).then(() => 'answered', () => 'refused'))).toBe('refused')
  })
})
