import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allParts } from '../../build/parts/index.ts'
import { requireBuilt } from '../helpers/built.ts'
import { desktopKind, launchDesktop, scratchProfile, type DesktopApp, type Electron } from '../helpers/desktop-app.ts'
import { openElsewhere, type Elsewhere } from '../helpers/elsewhere.ts'
import { networkUseOf } from '../helpers/net-log.ts'
import { waysOut } from '../helpers/ways-out.ts'

/** A window with a page that has no policy of its own: what the app keeps from the network by other means shows there. */
const pages = ['the app\'s page', 'a page without a policy'] as const

describe(`nothing gets out of the desktop app, on ${desktopKind}`, () => {
  const profile = scratchProfile()
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-net-log-'))
  const netLog = join(folder, 'net-log.json')
  const places: { name: string; elsewhere: Elsewhere }[] = []
  let app: DesktopApp
  let page: Page
  beforeAll(async () => {
    requireBuilt(allParts)
    app = await launchDesktop({ ...profile, files: [`--log-net-log=${netLog}`] })
    page = await app.page()
    await app.evaluate(async ({ BrowserWindow }) => {
      const bare = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } })
      await bare.loadURL('about:blank')
      Object.assign(globalThis, { bare })
    })
  })
  afterAll(async () => {
    await app?.close()
    for (const { elsewhere } of places) elsewhere.close()
    profile.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  /** Starts something in a page and does not wait for what becomes of it. */
  const start = (where: (typeof pages)[number], code: string) => where === pages[0]
    ? page.evaluate(`void setTimeout(() => { ${code} }, 0)`)
    : app.evaluate(async (_, text) => { await (globalThis as unknown as { bare: InstanceType<Electron['BrowserWindow']> }).bare.webContents.executeJavaScript(`void setTimeout(() => { ${text} }, 0)`) }, code)

  describe.each(pages)('out of %s', (kind) => {
    test.each(waysOut)('by $name', async ({ name, source }) => {
      const elsewhere = await openElsewhere()
      places.push({ name: `${kind}: ${name}`, elsewhere })
      await start(kind, `(${source})(${JSON.stringify(elsewhere.where)})`)
      // Time for what goes out at once; what takes longer is seen at the end.
      await page.waitForTimeout(50)
      expect(elsewhere.visits()).toEqual([])
    })
  })
  test('nor does anything come later, and the app is where it was', async () => {
    await page.waitForTimeout(1500)
    expect(places.filter(({ elsewhere }) => elsewhere.visits().length > 0).map(({ name, elsewhere }) => `${name}: ${elsewhere.visits().join()}`)).toEqual([])
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL().replace('#', '')).toSorted())).toEqual(['about:blank', 'app://cutoff/'])
    expect(await page.evaluate(() => window.cutoff?.call('hello').then(({ host }) => host))).toBe('desktop')
  })
  test('and Chromium\'s own log of the network knows of no connection, no datagram and no name that was looked up', async () => {
    expect(await app.close()).toBe(0)
    const use = networkUseOf(readFileSync(netLog, 'utf8'))
    expect(use.entries).toBeGreaterThan(100)
    expect(use.used).toEqual([])
  })
})
