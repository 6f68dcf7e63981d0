import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { startServed, type ServedEngine } from '../../build/test-tools/kill/served-engine.ts'
import { requireBuilt } from '../helpers/built.ts'
import { typeScript } from '../helpers/screen.ts'
import { launchBrowser } from '../helpers/web-app.ts'

/** Several windows on one engine: what is typed in each is kept. What a test leaves, the next one finds. */
const folder = mkdtempSync(join(tmpdir(), 'cutoff-windows-'))
let browser: Browser
let engine: ServedEngine
let visitor: BrowserContext

async function start(): Promise<void> {
  engine = await startServed({ ...process.env, CUTOFF_DATA_DIR: folder }).ready
  visitor = await newVisitor()
}
/** A browser of its own: nothing of one is seen by another. */
async function newVisitor(): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.addCookies([{ ...engine.cookie, domain: '127.0.0.1', path: '/' }])
  return context
}
/** Everything ends at once, as when the machine loses its power. */
async function killAll(): Promise<void> {
  await engine.kill()
  await visitor.close()
}
async function openWindow(context = visitor): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${engine.origin}/`)
  await page.getByRole('textbox', { name: 'Script' }).waitFor()
  return page
}
async function typeAndKeep(page: Page, text: string): Promise<void> {
  await typeScript(page, text)
  await page.getByText(/Draft saved/).waitFor()
}
async function scriptsOf(page: Page): Promise<string[]> {
  const texts: string[] = []
  for (const tab of await page.getByRole('tablist', { name: 'Scripts' }).getByRole('tab').all()) {
    await tab.click()
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
    texts.push((await page.getByRole('textbox', { name: 'Script' }).innerText()).trim())
  }
  return texts
}
async function openPasteForm(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Script' }).or(page.getByRole('region', { name: 'Diagnose' })).first().waitFor()
  await page.keyboard.press('Alt+6')
  await page.getByRole('region', { name: 'Diagnose' }).getByRole('button', { name: 'Paste text' }).click()
}
async function pasteUnderDiagnose(page: Page, name: string, text: string): Promise<void> {
  await openPasteForm(page)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill(text)
  await expect.poll(() => keptForms()).toContain(text)
}
/** What is on disk of all windows' forms. */
function keptForms(): string {
  const drafts = join(folder, 'desk', 'drafts')
  return existsSync(drafts) ? readdirSync(drafts).map((name) => readFileSync(join(drafts, name), 'utf8')).join('\n') : ''
}
const limitsOf = (page: Page) => page.getByRole('region', { name: 'Limits' }).innerText()

beforeAll(async () => {
  requireBuilt([screen])
  browser = await launchBrowser()
  await start()
})
afterAll(async () => {
  await killAll()
  await browser.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

test('two windows keep their own scripts when one is loaded again, and another starts beside them', async () => {
  const [one, two] = [await openWindow(), await openWindow()]
  await typeAndKeep(one, 'ONE = 1')
  await typeAndKeep(two, 'TWO = 2')
  for (const page of [one, two]) {
    await page.reload()
    await page.getByRole('textbox', { name: 'Script' }).waitFor()
  }
  const three = await openWindow()
  expect([await scriptsOf(one), await scriptsOf(two), (await scriptsOf(three)).join()]).toEqual([['ONE = 1'], ['TWO = 2'], expect.stringContaining('def transform')])
})
test('a window of another browser takes nothing from one that is there', async () => {
  const [one] = visitor.pages()
  const elsewhere = await newVisitor()
  try {
    const page = await openWindow(elsewhere)
    expect((await scriptsOf(page)).join()).toContain('def transform')
    await page.keyboard.press('Alt+6')
    await page.getByRole('region', { name: 'Diagnose' }).waitFor()
  } finally {
    await elsewhere.close()
  }
  await one!.reload()
  await one!.getByRole('textbox', { name: 'Script' }).waitFor()
  expect(await scriptsOf(one!)).toEqual(['ONE = 1'])
})
test('after everything was killed the scripts of both are there, and once', async () => {
  for (let times = 0; times < 2; times++) {
    await killAll()
    await start()
    expect((await scriptsOf(await openWindow())).toSorted()).toEqual(['ONE = 1', 'TWO = 2'])
  }
})
test('what was set in each is there as well: that of the newest as it was, that of the other on demand', async () => {
  const [one, two] = [await openWindow(), await openWindow()]
  await one.getByRole('button', { name: 'Cut at 500 ms' }).click()
  await one.getByText(/Draft saved/).waitFor()
  await typeAndKeep(two, 'TWO = 3')
  await killAll()
  await start()
  const page = await openWindow()
  const note = page.getByRole('alert').filter({ hasText: 'here as further tabs' })
  expect(await note.innerText()).toContain('client.total 500ms')
  expect(await limitsOf(page)).toMatch(/client\.total\s+none/)
  await note.getByRole('button', { name: 'Use these' }).click()
  await note.waitFor({ state: 'detached' })
  expect(await limitsOf(page)).toMatch(/client\.total\s+500\sms/)
  await page.getByRole('button', { name: 'Undo' }).click()
  await note.getByRole('button', { name: 'Discard' }).click()
  await note.waitFor({ state: 'detached' })
})
test('what stands in the forms of Diagnose is kept for each, and all of it is there after everything was killed', async () => {
  const [one, two] = [await openWindow(), await openWindow()]
  await pasteUnderDiagnose(one, 'one.log', 'line of one')
  await pasteUnderDiagnose(two, 'two.log', 'line of two')
  for (const [page, text] of [[one, 'line of one'], [two, 'line of two']] as const) {
    await page.reload()
    await openPasteForm(page)
    await expect.poll(() => page.getByRole('textbox', { name: 'Text', exact: true }).inputValue()).toBe(text)
  }
  await killAll()
  await start()
  const page = await openWindow()
  await page.keyboard.press('Alt+6')
  const waiting = page.getByRole('alert').filter({ hasText: 'not added yet' })
  await waiting.getByRole('button', { name: 'Show one.log, 1 line' }).click()
  expect(await page.getByRole('textbox', { name: 'Text', exact: true }).inputValue()).toBe('line of one')
  await waiting.getByRole('button', { name: 'Discard two.log, 1 line' }).click()
  await waiting.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await waiting.getByRole('button', { name: 'Show two.log, 1 line' }).click()
  expect(await page.getByRole('textbox', { name: 'Text', exact: true }).inputValue()).toBe('line of two')
})
test('what a window held that was closed is in the next one that starts', async () => {
  const page = await openWindow()
  await typeAndKeep(page, 'THREE = 3')
  await page.close()
  expect(await scriptsOf(await openWindow())).toEqual(['THREE = 3'])
})
