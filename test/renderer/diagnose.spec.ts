import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { violationsOf } from '../helpers/axe.ts'
import { requireBuilt } from '../helpers/built.ts'
import { openApp, type WebApp } from '../helpers/web-app.ts'

const evidence = join(import.meta.dirname, '../fixtures/evidence')
const chain = (file: string) => readFileSync(join(evidence, file.endsWith('.log') ? 'logs' : 'configs', 'chain-haproxy-server-500', file), 'utf8')

/** Drops files on the window, as a person does. */
async function drop(page: Page, files: { name: string; text: string }[]): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const made = new DataTransfer()
    for (const { name, text } of given) made.items.add(new File([text], name))
    return made
  }, files)
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer })
  await page.getByText('Drop configurations, logs and observations').waitFor()
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
}

let app: WebApp
let folder = ''
const page = () => app.page
const region = (name: string) => page().getByRole('region', { name, exact: true })
const headline = () => region('Verdict').getByRole('heading', { level: 1 })
const inputs = () => page().getByRole('list', { name: 'On the desk' }).getByRole('listitem')
const button = (name: string | RegExp) => page().getByRole('button', { name, exact: typeof name === 'string' })
async function emptyDesk(): Promise<void> {
  await button('Remove all').click()
  await region('Start').waitFor()
}

beforeAll(async () => {
  requireBuilt([screen])
  folder = mkdtempSync(join(tmpdir(), 'cutoff-diagnose-'))
  app = await openApp()
  await page().getByRole('tab', { name: 'Diagnose' }).click()
})
afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('diagnosing what ran elsewhere', () => {
  test('begins with what to drop and an example, and axe has nothing to say', async () => {
    await region('Start').getByRole('button', { name: 'Try it with an example' }).waitFor()
    expect(await violationsOf(page())).toEqual([])
  })
  test('files that are dropped give the product, the setting, its place and its value', async () => {
    await drop(page(), [{ name: 'haproxy.cfg', text: chain('haproxy.cfg') }, { name: 'haproxy.log', text: chain('haproxy-syslog.log') }, { name: 'error.log', text: chain('error.log') }])
    await headline().getByText(/HAProxy gave up/).waitFor()
    const verdict = await region('Verdict').innerText()
    for (const words of ['timeout server', '500 ms', 'haproxy.cfg:11', 'proxy.read']) expect(verdict).toContain(words)
    await expect.poll(() => inputs().allInnerTexts()).toEqual([expect.stringContaining('HAProxy configuration'), expect.stringContaining('haproxy log'), expect.stringContaining('nginx error log')])
    expect(await page().getByRole('list', { name: 'Flow of the request' }).getByRole('listitem').filter({ hasText: 'the culprit' }).innerText()).toContain('proxy')
    expect(await page().getByRole('table', { name: 'Hops and deadlines of this request' }).innerText()).toContain('timeout server 500 ms, fired')
    expect(await page().getByRole('table', { name: 'Limits in these files' }).getByRole('row').nth(1).innerText()).toMatch(/1[\s\S]*timeout server[\s\S]*= 500 ms[\s\S]*fired/)
  })
  test('a place opens the lines around it, and closes them again', async () => {
    const place = page().getByRole('list', { name: 'Evidence' }).getByRole('button', { name: 'haproxy.cfg:11' })
    await place.click()
    expect(await page().getByLabel('Lines of haproxy.cfg').innerText()).toMatch(/11\s*timeout server 500/)
    await place.click()
    await page().getByLabel('Lines of haproxy.cfg').waitFor({ state: 'detached' })
  })
  test('who else it could have been is folded beneath', async () => {
    await button(/^Ruled out/).click()
    expect(await page().getByRole('list', { name: 'Ruled out' }).innerText()).toContain('what the next hop saw')
  })
  test('says for any duration which deadline ends it, and offers the value that mends', async () => {
    const field = page().getByRole('textbox', { name: 'Duration of the request' })
    await field.fill('90s')
    await region('Limits').getByText(/is ended first by HAProxy timeout server, at 500 ms/).waitFor()
    await field.fill('100ms')
    await region('Limits').getByText('passes every deadline in these files.').waitFor()
    await region('Worth a look').getByRole('button', { name: 'timeout server 500s' }).waitFor()
  })
  test('is saved as the command line prints it', async () => {
    const [saved] = await Promise.all([page().waitForEvent('download'), button('Save JSON').click()])
    const file = join(folder, 'diagnosis.json')
    await saved.saveAs(file)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 'cutoff.diagnosis/1', verdict: { product: 'HAProxy', directive: 'timeout server' } })
  })
  test('is judged anew when an input is removed, and again when that is undone', async () => {
    await button('Remove haproxy.log').click()
    await expect.poll(() => headline().innerText()).not.toContain('HAProxy gave up')
    await button('Undo').click()
    await headline().getByText(/HAProxy gave up/).waitFor()
  })
  test('is still there when the page is loaded again', async () => {
    await page().reload()
    await page().getByRole('tab', { name: 'Diagnose' }).click()
    await headline().getByText(/HAProxy gave up/).waitFor()
    expect(await inputs().count()).toBe(3)
    await emptyDesk()
  })
  test('takes pasted text with a name; what is half typed survives a reload', async () => {
    await region('Diagnose').getByRole('button', { name: 'Paste text' }).click()
    const form = page().getByRole('form', { name: 'Paste text' })
    const focused = (target: Locator) => target.evaluate((element) => element === document.activeElement)
    await expect.poll(() => focused(form.getByRole('textbox', { name: 'Text' }))).toBe(true)
    await form.getByRole('textbox', { name: 'Name' }).fill('error.log')
    await form.getByRole('textbox', { name: 'Text' }).fill(readFileSync(join(evidence, 'logs/nginx-proxy_read_timeout/error.log'), 'utf8'))
    await page().waitForTimeout(700)
    await page().reload()
    await page().getByRole('tab', { name: 'Diagnose' }).click()
    await region('Diagnose').getByRole('button', { name: 'Paste text' }).click()
    expect(await form.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('error.log')
    await form.getByRole('button', { name: 'Add text' }).click()
    await headline().getByText(/nginx gave up/).waitFor()
    expect(await focused(region('Diagnose').getByRole('button', { name: 'Paste text' }))).toBe(true)
    await emptyDesk()
  })
  test('what was seen alone lists the honest candidates and what would settle it', async () => {
    await button('What was seen').click()
    const form = page().getByRole('form', { name: 'What was seen' })
    await form.getByRole('button', { name: 'Add' }).click()
    await form.getByRole('alert').getByText(/say at least how it ended/).waitFor()
    await form.getByRole('textbox', { name: 'It took' }).fill('31 s')
    await form.getByRole('combobox', { name: 'It ended' }).selectOption('fin')
    await form.getByRole('button', { name: 'Add' }).click()
    const candidates = page().getByRole('list', { name: 'Candidates' }).getByRole('listitem')
    await candidates.first().waitFor()
    expect(await candidates.allInnerTexts()).toEqual(expect.arrayContaining([expect.stringContaining('gateway.write'), expect.stringContaining('proxy.read')]))
    await page().getByRole('list', { name: 'What would settle it' }).getByRole('button', { name: /^Copy: / }).first().waitFor()
    expect(await violationsOf(page())).toEqual([])
    await emptyDesk()
  })
  test('follows a growing log: the verdict appears when its line is written, and not after following has stopped', async () => {
    const path = join(folder, 'gateway.log')
    writeFileSync(path, '2026/11/23 16:54:40 [notice] 1#1: start worker processes\n')
    await button('Path or live log').click()
    const form = page().getByRole('form', { name: 'Path or live log' })
    await form.getByRole('textbox', { name: 'Path' }).fill(path)
    await form.getByRole('button', { name: 'Follow live' }).click()
    await inputs().filter({ hasText: 'following' }).waitFor()
    expect(await headline().innerText()).not.toContain('gave up')
    const line = readFileSync(join(evidence, 'logs/nginx-proxy_read_timeout/error.log'), 'utf8').split('\n').find((text) => text.includes('upstream timed out'))
    appendFileSync(path, `${line}\n`)
    await headline().getByText(/nginx gave up/).waitFor()
    await page().getByRole('list', { name: 'Evidence' }).getByRole('button', { name: 'gateway.log:2' }).waitFor()
    await button('Stop following gateway.log').click()
    await inputs().filter({ hasText: 'not followed now' }).waitFor()
    await emptyDesk()
  })
  test('of several requests one can be picked', async () => {
    const line = (second: number, path: string, took: string) => `127.0.0.1 - - [23/Nov/2026:16:54:${second} +0000] "GET ${path} HTTP/1.1" 504 167 "-" "probe" rt=${took} uct="0.000" uht="-" urt="${took}" us="504" ua="127.0.0.1:20102" rc="OK"\n`
    // What comes first says nothing that could be drawn: the drawing begins with what comes next.
    await drop(page(), [{ name: 'notes.txt', text: 'nothing that is known\n' }])
    await inputs().getByText(/nothing that is known|unknown/).first().waitFor()
    await drop(page(), [{ name: 'access.log', text: line(10, '/first', '0.500') + line(40, '/second', '9.000') }])
    const requests = region('Requests')
    await requests.getByText('2 requests found').waitFor()
    await page().locator('.dg-plot .bar-body').first().waitFor()
    await requests.getByRole('button', { name: /\/first/ }).click()
    await expect.poll(() => page().getByRole('table', { name: 'Hops and deadlines of this request' }).innerText()).toContain('500.0 ms')
    await requests.getByRole('button', { name: /\/second/ }).click()
    await expect.poll(() => page().getByRole('table', { name: 'Hops and deadlines of this request' }).innerText()).toMatch(/9\s000\.0 ms/)
    await emptyDesk()
  })
  test('content is text, whatever it says, and its control characters are seen', async () => {
    const timedOut = '2026/11/23 16:54:49 [error] 9#9: *1 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 127.0.0.1, server: \u001b[31m\u202e, request: "GET /<img src=x onerror=window.hit=1> HTTP/1.1", upstream: "http://127.0.0.1:1/", host: "a"\n'
    await drop(page(), [{ name: '<b onclick=window.hit=1>error.log', text: timedOut }])
    await headline().getByText(/nginx gave up/).waitFor()
    const proof = await page().getByRole('list', { name: 'Evidence' }).innerText()
    expect(proof).toContain('‹\\x1b›[31m‹\\u202e›')
    expect(proof).toContain('<img src=x onerror=window.hit=1>')
    expect(await page().evaluate(() => ({ hit: 'hit' in window, images: document.images.length }))).toEqual({ hit: false, images: 0 })
    await emptyDesk()
  })
  test('a file that is larger than a piece arrives whole, and an input that is missing says so', async () => {
    const filler = `${'127.0.0.1 - - [23/Nov/2026:16:54:30 +0000] "GET /fine HTTP/1.1" 200 5 "-" "probe"\n'.repeat(15_000)}`
    await drop(page(), [{ name: 'access.log', text: filler }])
    await inputs().getByText(/15\s000 lines/).waitFor()
    await button('Path or live log').click()
    const form = page().getByRole('form', { name: 'Path or live log' })
    await form.getByRole('textbox', { name: 'Path' }).fill(join(folder, 'not-there'))
    await form.getByRole('button', { name: 'Read once' }).click()
    await inputs().getByText(/does not exist/).waitFor()
    await emptyDesk()
  })
  test.each(['light', 'dark'] as const)('the example is clean to axe in the %s theme, and fits 1280 by 800', async (theme) => {
    await page().emulateMedia({ colorScheme: theme })
    await page().setViewportSize({ width: 1280, height: 800 })
    await region('Start').getByRole('button', { name: 'Try it with an example' }).click()
    await headline().getByText(/HAProxy/).waitFor()
    await region('Worth a look').waitFor()
    expect(await violationsOf(page())).toEqual([])
    expect(await page().evaluate(() => [document.documentElement, ...document.querySelectorAll('.dg, .dg-inputs .scroll-y')].filter((element) => element.scrollWidth > element.clientWidth).length)).toBe(0)
    await emptyDesk()
  })
  test('is reached from the command palette, and the page had nothing to complain about', async () => {
    await page().keyboard.press('Alt+1')
    await page().keyboard.press('Control+K')
    await page().getByRole('searchbox').or(page().getByRole('textbox', { name: 'Search or command' })).first().fill('diagnose')
    await page().keyboard.press('Enter')
    await region('Diagnose').waitFor()
    expect(app.complaints.filter((text) => !/WebSocket connection to .* failed/.test(text))).toEqual([])
  })
})
