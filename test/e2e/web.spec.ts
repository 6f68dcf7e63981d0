import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { violationsOf } from '../helpers/axe.ts'
import { requireBuilt } from '../helpers/built.ts'
import { isAlive, processTree } from '../helpers/process-tree.ts'
import { openSample, pressRun, runClassicCase, typeScript, verdictOf, type ClassicCase } from '../helpers/screen.ts'
import { offlineSwitches } from '../../electron/hosts/web/open-window.ts'
import { openElsewhere } from '../helpers/elsewhere.ts'
import { openApp, type WebApp } from '../helpers/web-app.ts'
import { quietWaysOut } from '../helpers/ways-out.ts'


describe('the screen in a browser', () => {
  let app: WebApp
  let page: Page
  let shown: ClassicCase
  beforeAll(async () => {
    requireBuilt([screen])
    app = await openApp()
    page = app.page
  })
  afterAll(async () => { await app?.close() })

  test('opens at an address without a secret, with every named part', async () => {
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
    await page.getByRole('textbox', { name: 'Input' }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
    await page.getByRole('region', { name: 'Limits' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
  })
  test('the classic case names the limit, its layer and where the script was', async () => {
    shown = await runClassicCase(page)
    expect(shown.verdict).toContain('500 ms')
    expect(shown.verdict).toContain('client.total')
    expect(shown.verdict).toMatch(/client hung up/i)
  })
  test('all five stages are shown', () => {
    expect(shown.stages).toHaveLength(5)
  })
  test('the deadline that fired stands in the timing chart', () => {
    expect(shown.timing).toContain('client.total')
  })
  test('the log tells the flow in the words people search for', () => {
    expect(shown.log).toContain('Starting Python script execution')
  })
  test('a finished run breaks no rule of accessibility', async () => {
    expect(await violationsOf(page)).toEqual([])
  })
  test('a second browser cannot use the link again', async () => {
    const other = await openAnother(app)
    expect(other).toBe(403)
  })
  test('nothing was asked of any other machine, and nothing went wrong in the page', () => {
    expect(app.requests.filter((address) => !/^(?:http:\/\/127\.0\.0\.1:\d+\/|data:|blob:http:\/\/127\.0\.0\.1)/.test(address))).toEqual([])
    expect(app.complaints).toEqual([])
  })
})

describe('a script of one\'s own, without a client limit', () => {
  let app: WebApp
  let page: Page
  beforeAll(async () => {
    requireBuilt([screen])
    app = await openApp()
    page = app.page
  })
  afterAll(async () => { await app?.close() })

  test('Stop ends a run at once and leaves no process of it', async () => {
    await typeScript(page, 'import os\nimport time\n\ndef transform(input_data):\n    while True:\n        print(f"working as {os.getpid()} of {os.getppid()}")\n        time.sleep(0.01)\n')
    await pressRun(page)
    const printed = await page.getByRole('log', { name: 'Log' }).getByText(/working as \d+ of \d+/).first().innerText()
    const [script, supervisor] = (/as (\d+) of (\d+)/.exec(printed) ?? []).slice(1).map(Number)
    if (!script || !supervisor) throw new Error(`no process ids in: ${printed}`)
    expect(processTree(app.pid)).toEqual(expect.arrayContaining([script, supervisor]))
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    expect(await verdictOf(page)).toMatch(/stop/i)
    await expect.poll(() => [script, supervisor].filter(isAlive)).toEqual([])
  })
  test('a million lines stream by and Stop still answers', async () => {
    await typeScript(page, 'def transform(input_data):\n    for number in range(50_000_000):\n        print(f"line {number} of very many")\n')
    await pressRun(page)
    await page.getByRole('log', { name: 'Log' }).getByText(/of very many/).first().waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    expect(await verdictOf(page)).toMatch(/stop/i)
  })
  test('what was typed is still there after the page is loaded again', async () => {
    await expect.poll(async () => {
      await page.reload()
      return page.getByRole('textbox', { name: 'Script' }).innerText()
    }, { timeout: 15_000, interval: 1500 }).toContain('of very many')
  })
})

describe('the screen in the dark', () => {
  test('breaks no rule of accessibility, before and after a run', async () => {
    const app = await openApp({ colorScheme: 'dark' })
    try {
      await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
      expect(await violationsOf(app.page)).toEqual([])
      await openSample(app.page, 'Does Python run at all?')
      await pressRun(app.page)
      await verdictOf(app.page)
      expect(await violationsOf(app.page)).toEqual([])
    } finally {
      await app.close()
    }
  })
})

// Another address of this machine: Linux has them without being told.
describe.runIf(process.platform === 'linux')('the network', () => {
  test('nothing gets out of a window that Cutoff opens itself', async () => {
    const app = await openApp({ switches: [...offlineSwitches] })
    const places = await Promise.all(quietWaysOut.map(async ({ name, source }) => ({ name, source, elsewhere: await openElsewhere('127.0.0.2') })))
    try {
      await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
      for (const { source, elsewhere } of places) await app.page.evaluate(`void setTimeout(() => { (${source})(${JSON.stringify(elsewhere.where)}) }, 0)`)
      await app.page.waitForTimeout(1500)
      expect(places.filter(({ elsewhere }) => elsewhere.visits().length > 0).map(({ name, elsewhere }) => `${name}: ${elsewhere.visits().join()}`)).toEqual([])
    } finally {
      await app.close()
      for (const { elsewhere } of places) elsewhere.close()
    }
  })
})

/** Status of the same link for who has no cookie of ours. */
async function openAnother(app: WebApp): Promise<number> {
  const response = await fetch(app.url, { redirect: 'manual' })
  return response.status
}
