import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { violationsInBothThemesOf, violationsOf } from '../helpers/axe.ts'
import { typeScript, verdictOf } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict } from '../helpers/workbench.ts'

/** What works from anywhere on the screen. */
const group = groupsInOneBrowser()

group('from anywhere', (_, page) => {
  test('Ctrl+K finds commands, and Enter does them', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    const dialog = page().getByRole('dialog')
    await dialog.getByRole('textbox').fill('open system')
    await page().keyboard.press('Enter')
    await region(page(), 'System').getByRole('button', { name: 'Look again' }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
  })
  test('the palette itself breaks no rule, nor does the list of shortcuts', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().getByRole('button', { name: /all shortcuts/ }).click()
    await page().getByRole('dialog', { name: 'Shortcuts' }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    // Who dictates can do without shortcuts of a single letter.
    const letters = page().getByRole('switch', { name: 'Single letters are shortcuts' })
    await letters.click()
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().keyboard.press('?')
    await page().getByRole('button', { name: /all shortcuts/ }).click()
    await letters.click()
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().keyboard.press('?')
    await letters.waitFor()
    await page().keyboard.press('Escape')
  })
  test('Ctrl+Enter runs from within the editor, Esc stops', async () => {
    await page().keyboard.press('Alt+1')
    await typeScript(page(), 'import time\n\ndef transform(input_data):\n    time.sleep(30)\n')
    await page().keyboard.press('ControlOrMeta+Enter')
    await page().getByRole('button', { name: 'Stop', exact: true }).waitFor()
    await region(page(), 'Verdict').getByRole('button', { name: /^gateway.write in \d/ }).waitFor()
    await region(page(), 'Verdict').getByRole('button', { name: 'What each would do' }).click()
    const next = page().getByRole('list', { name: 'What each limit would do' })
    await next.getByRole('button', { name: /^wrapper.timeout fires: the script is ended by its wrapper in \d/ }).click()
    await page().locator('.limit-selected', { hasText: 'wrapper.timeout' }).waitFor()
    expect(await violationsInBothThemesOf(page())).toEqual([])
    await page().keyboard.press('Escape')
    expect(await verdictOf(page())).toMatch(/stop/i)
    // The key was no new line.
    expect(await page().locator('[aria-label="Script"] .cm-line').count()).toBe(5)
  })
  test('a small window, or text enlarged to twice its size and more, has everything in one column', async () => {
    for (const [width, height] of [[640, 400], [320, 512]] as const) {
      await page().setViewportSize({ width, height })
      await expect.poll(() => page().evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0)
      for (const target of [page().getByRole('button', { name: 'Run', exact: true }), page().getByRole('tab', { name: 'Diagnose' }), page().getByRole('heading', { level: 1 }), region(page(), 'Verdict').getByRole('button', { name: 'Compare' }), region(page(), 'Verdict').getByRole('button', { name: 'Export' }), page().getByRole('searchbox', { name: 'Filter the log' }), page().getByRole('button', { name: /all shortcuts/ })]) {
        await target.scrollIntoViewIfNeeded()
        const box = await target.boundingBox()
        expect(box !== null && box.x >= 0 && box.x + box.width <= width, `${String(target)} at ${width} px`).toBe(true)
      }
      for (const room of [page().getByRole('textbox', { name: 'Script' }), log(page())]) expect((await room.locator('xpath=..').boundingBox())?.height, `${String(room)} at ${width} px`).toBeGreaterThan(120)
      expect(await violationsInBothThemesOf(page())).toEqual([])
    }
    await page().setViewportSize({ width: 1440, height: 900 })
  })
  test('in one column the answer comes in sight when it is asked for, and so do its traceback and what evidence points at', async () => {
    const inSight = (target: Locator) => target.evaluate((element) => { const { top, bottom } = element.getBoundingClientRect(); return top < window.innerHeight && bottom > 0 })
    await page().setViewportSize({ width: 640, height: 400 })
    await typeScript(page(), 'def transform(input_data):\n    return nothing\n')
    await page().evaluate(() => window.scrollTo(0, 0))
    const headline = page().getByRole('heading', { level: 1 })
    expect(await inSight(headline)).toBe(false)
    expect(await runToVerdict(page())).toContain('NameError')
    expect(await inSight(headline)).toBe(true)
    await page().getByRole('button', { name: 'Traceback' }).click()
    const traceback = page().getByText('Traceback (most recent call last)')
    await traceback.waitFor()
    expect(await inSight(traceback)).toBe(true)
    await region(page(), 'Verdict').getByRole('button', { name: /^NameError/ }).click()
    await expect.poll(() => inSight(log(page()).locator('.log-selected'))).toBe(true)
    await page().setViewportSize({ width: 1440, height: 900 })
  })
  test('panes are resized with the keyboard and remembered', async () => {
    const splitter = page().getByRole('separator', { name: 'Width of the plan' })
    const before = Number(await splitter.getAttribute('aria-valuenow'))
    await splitter.focus()
    await page().keyboard.press('ArrowRight')
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 16)
    await page().reload()
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 16)
  })
  test('nothing moves for those who asked for less motion', async () => {
    const times = () => page().evaluate(() => ['--fast', '--slow'].map((name) => Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(name))))
    expect(await times()).toEqual([0, 0])
    await page().emulateMedia({ reducedMotion: 'no-preference' })
    expect(Math.min(...await times())).toBeGreaterThan(0)
    await page().emulateMedia({ reducedMotion: 'reduce' })
  })
  test('every word can be read in colours that the system forces', async () => {
    await page().emulateMedia({ forcedColors: 'active' })
    expect(await violationsOf(page(), { runOnly: ['color-contrast'] })).toEqual([])
    await page().emulateMedia({ forcedColors: 'none' })
  })
  test('who asks for more contrast gets 7:1, in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page().emulateMedia({ contrast: 'more', colorScheme })
      expect(await violationsOf(page(), { runOnly: ['color-contrast-enhanced'] })).toEqual([])
    }
    await page().emulateMedia({ contrast: 'no-preference', colorScheme: 'light' })
  })
  test('panes are sized without dragging, from the palette', async () => {
    const splitter = page().getByRole('separator', { name: 'Width of the plan' })
    const before = Number(await splitter.getAttribute('aria-valuenow'))
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('more room for the plan')
    await page().keyboard.press('Enter')
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBeGreaterThan(before + 50)
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('usual sizes')
    await page().keyboard.press('Enter')
    await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(440)
  })
  test('what is called by the words in the palette comes before what only tells of them', async () => {
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('Cut at 500 ms')
    await page().keyboard.press('Enter')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().getByRole('button', { name: 'Client limit 500 ms' }).waitFor()
    await page().keyboard.press('ControlOrMeta+K')
    await page().getByRole('dialog').getByRole('textbox').fill('limits')
    // Undo tells that limits were opened.
    await page().getByRole('dialog').getByText('Undo').waitFor()
    expect(await page().getByRole('dialog').locator('.palette-action').first().innerText()).toMatch(/^Open Limits/)
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('button', { name: 'Client limit none' }).waitFor()
  })
  test('the palette sets a limit that is typed with its value, which can be taken back, and the theme by its name', async () => {
    const ask = async (text: string) => {
      await page().keyboard.press('ControlOrMeta+K')
      await page().getByRole('dialog').getByRole('textbox').fill(text)
    }
    await ask('client.total 750ms')
    await page().getByRole('dialog').getByText('Set client.total to 750 ms').waitFor()
    await page().keyboard.press('Enter')
    await page().getByRole('button', { name: 'Client limit 750 ms' }).waitFor()
    await page().getByRole('button', { name: 'Undo' }).click()
    await page().getByRole('button', { name: 'Client limit none' }).waitFor()
    await ask('client.total 750')
    await page().getByText('Nothing is called that.').waitFor()
    await page().keyboard.press('Escape')
    for (const theme of ['dark', 'system']) {
      await ask(`theme ${theme}`)
      await page().keyboard.press('Enter')
      await expect.poll(() => page().evaluate(() => (JSON.parse(localStorage.getItem('cutoff.view.1') ?? '{}') as { theme?: string }).theme)).toBe(theme)
    }
  })
  test('the theme is chosen and remembered', async () => {
    await page().getByRole('button', { name: /^Theme/ }).click()
    await page().getByRole('button', { name: /^Theme/ }).click()
    expect(await page().evaluate(() => document.documentElement.dataset['theme'])).toBe('dark')
    await page().reload()
    await page().getByRole('button', { name: 'Theme: dark' }).waitFor()
  })
})

group('an engine that stops', (app, page) => {
  test('before the screen has all its parts: what did not arrive says so, and comes when it is asked for again', async () => {
    let away = true
    const other = await app().newPage()
    let limitsMissed = 0
    await other.route(/assets\/(script-editor|limits)-.*\.js/, (route) => {
      if (!away) return route.continue()
      if (route.request().url().includes('/limits-')) limitsMissed++
      return route.abort()
    })
    await other.goto(app().url)
    await other.getByRole('alert').getByText(/did not arrive/).waitFor()
    // Ahead of its use, too: opening it asks again.
    await expect.poll(() => limitsMissed).toBeGreaterThan(0)
    away = false
    await other.getByRole('button', { name: 'Try again' }).click()
    await other.getByRole('textbox', { name: 'Script' }).waitFor()
    await other.getByRole('tab', { name: /^Limits/ }).click()
    await region(other, 'Limits').getByRole('table', { name: 'All limits' }).waitFor()
    await other.close()
  })
  test('is told, and what was typed stays', async () => {
    await typeScript(page(), 'def transform(input_data):\n    return "typed"\n')
    // What is opened later has been fetched by then, the list of shortcuts last.
    await page().waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/shortcut-help-')))
    process.kill(app().pid, 'SIGKILL')
    await page().getByText('Engine stopped').first().waitFor()
    expect(await page().getByRole('textbox', { name: 'Script' }).innerText()).toContain('return "typed"')
    expect(await page().getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true)
    expect(await violationsInBothThemesOf(page())).toEqual([])
  })
  test('leaves every pane usable', async () => {
    for (const name of ['Cases', 'System', 'History', 'Limits']) {
      await page().getByRole('tab', { name: new RegExp(`^${name}`) }).click()
      await region(page(), name).getByRole('heading', { name, level: 2 }).waitFor()
    }
  })
  // A browser reports by itself every file and socket that it did not get from an engine that a test has ended.
}, { expected: /WebSocket connection to .* failed|^Failed to load resource: net::ERR_/ })
