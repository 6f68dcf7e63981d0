import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bridge } from '../../shared/bridge/contract.ts'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp } from '../helpers/desktop-app.ts'

declare global { interface Window { cutoff?: Bridge } }

describe(`the desktop window, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  let app: DesktopApp
  let page: Page
  beforeAll(async () => {
    requireBuilt(allParts)
    app = await launchDesktop(profile)
    page = await app.page()
  })
  afterAll(async () => {
    await app?.close()
    profile.remove()
  })

  test('shows the screen, from the app\'s own scheme', async () => {
    await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))).toEqual(['app://cutoff/'])
    await expect.poll(() => page.title()).toContain('Cutoff')
  })
  test('is isolated, sandboxed and without Node', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      return contents.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, webSecurity: true, webviewTag: false, experimentalFeatures: false, allowRunningInsecureContent: false })
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('')
    expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in globalThis))).toEqual([])
  })
  test('attaches no <webview>, whatever its options', async () => {
    const prevented = await app.evaluate(({ BrowserWindow }) => {
      let isPrevented = false
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      contents?.emit('will-attach-webview', { preventDefault: () => { isPrevented = true } }, { nodeIntegration: true }, { src: 'app://cutoff/', allowpopups: 'true' })
      return isPrevented
    })
    expect(prevented).toBe(true)
  })
  test('has the bridge and nothing else, and cannot change it', async () => {
    expect(await page.evaluate(() => Object.keys(window.cutoff ?? {}).toSorted())).toEqual(['ask', 'call', 'host', 'on'])
    expect(await page.evaluate(() => {
      const attempts = [() => { (window as { cutoff?: unknown }).cutoff = 1 }, () => { (window.cutoff as { host: string }).host = 'web' }, () => { (window.cutoff as { call: unknown }).call = null }]
      for (const attempt of attempts) { try { attempt() } catch { /* strict mode says so, sloppy mode does not */ } }
      return [window.cutoff?.host, typeof window.cutoff?.call]
    })).toEqual(['desktop', 'function'])
  })
  test('gets answers of the real engine', async () => {
    const hello = await page.evaluate(() => window.cutoff?.call('hello'))
    expect(hello).toMatchObject({ host: 'desktop', platform: process.platform })
    expect(hello?.samples.map((sample) => sample.name)).toContain('two_second_delay.py')
  })
  test('gets errors whole: code, message, what to do, where', async () => {
    const error = await page.evaluate(() => window.cutoff?.call('readScript', '\0' as never).catch((reason: unknown) => reason))
    expect(error).toEqual({ code: 'bad_arguments', message: 'readScript: path was refused: a path cannot hold a NUL character.', hint: null, where: 'path' })
  })
  test('answers many calls at once, each with its own answer', async () => {
    const codes = await page.evaluate(() => Promise.all(Array.from({ length: 200 }, (_, index) => window.cutoff?.call(`call${index}` as 'hello').catch((error: { message: string }) => error.message))))
    expect(codes).toEqual(Array.from({ length: 200 }, (_, index) => `There is no call named "call${index}".`))
  })
  test('receives pushes until it stops listening', async () => {
    const send = (name: string) => app.evaluate(({ BrowserWindow }, value) => BrowserWindow.getAllWindows()[0]?.webContents.send('cutoff:push', { push: 'command', value: { name: value, value: null } }), name)
    await page.evaluate(() => {
      const got: string[] = []
      Object.assign(window, { got, stopListening: window.cutoff?.on('command', ({ name }) => { got.push(name) }) })
    })
    await send('first')
    await expect.poll(() => page.evaluate(() => (window as unknown as { got: string[] }).got)).toEqual(['first'])
    await page.evaluate(() => (window as unknown as { stopListening(): void }).stopListening())
    await send('second')
    await page.evaluate(() => window.cutoff?.call('loadDraft'))
    expect(await page.evaluate(() => (window as unknown as { got: string[] }).got)).toEqual(['first'])
  })
  test('takes two thousand pushes without losing their order', async () => {
    await page.evaluate(() => {
      const numbers: unknown[] = []
      Object.assign(window, { numbers })
      window.cutoff?.on('command', ({ value }) => { numbers.push(value) })
    })
    await app.evaluate(({ BrowserWindow }) => {
      for (let number = 0; number < 2000; number++) BrowserWindow.getAllWindows()[0]?.webContents.send('cutoff:push', { push: 'command', value: { name: 'count', value: number } })
    })
    await expect.poll(() => page.evaluate(() => (window as unknown as { numbers: number[] }).numbers.length)).toBe(2000)
    expect(await page.evaluate(() => (window as unknown as { numbers: number[] }).numbers.every((number, index) => number === index))).toBe(true)
  })
  test('runs under the strict policy', async () => {
    const headers = await page.evaluate(async () => Object.fromEntries((await fetch(location.href)).headers))
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    // Later, from a timer: what a debugger evaluates itself is exempt from the policy.
    expect(await page.evaluate(() => new Promise((resolve) => { setTimeout(() => { try { resolve(new Function('return 1')()) } catch { resolve('refused') } }, 10) }))).toBe('refused')
    expect(await page.evaluate(() => new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true })
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.injected = 1' }))
    }))).toBe('script-src-elem')
  })
  test('prints one line, and nothing of what people work with', async () => {
    await page.evaluate(() => window.cutoff?.call('startRun', {
      script: { path: null, name: 'told.py', text: 'def transform(input_data):\n    print("hunter2-printed")\n    raise ValueError("hunter2-raised")\n' }, input: { password: 'hunter2-input' }, profile: 'transformation-service', limits: [], proxies: [], faults: [],
      python: null, propagateCancel: true, stacks: { rateHz: 0, locals: false, allocations: false },
    }))
    await expect.poll(() => page.evaluate(async () => (await window.cutoff?.call('historyList', { limit: 1, offset: 0 } as never))?.total ?? 0)).toBeGreaterThan(0)
    expect(app.output()).toContain('Cutoff is ready.')
    expect(app.output()).not.toContain('hunter2')
  })
  test('serves its own files only', async () => {
    expect(await page.evaluate(async () => Promise.all(['/../package.json', '/%2e%2e/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/nothing.js', '/.git'].map(async (path) => (await fetch(path)).status)))).toEqual([404, 404, 404, 404, 404])
  })
  test('follows the system from light to dark, screen and window alike', async () => {
    const look = async () => [await page.evaluate(() => document.documentElement.dataset['mantineColorScheme']), (await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBackgroundColor()))?.toLowerCase()]
    const choose = (source: 'light' | 'dark') => app.evaluate(({ nativeTheme }, wanted) => { nativeTheme.themeSource = wanted }, source)
    await choose('dark')
    await expect.poll(look).toEqual(['dark', '#0c0e10'])
    await choose('light')
    await expect.poll(look).toEqual(['light', '#eef0f3'])
  })
  test('remembers where it was, and ends with exit code 0', async () => {
    await app.evaluate(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 60, width: 1000, height: 700 }) })
    expect(await app.close()).toBe(0)
    expect(JSON.parse(readFileSync(join(profile.userData, 'window.json'), 'utf8'))).toMatchObject({ bounds: { width: 1000, height: 700 } })
    expect(existsSync(profile.userData)).toBe(true)
    app = await launchDesktop(profile)
    page = await app.page()
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())).toMatchObject({ width: 1000, height: 700 })
  })
})
