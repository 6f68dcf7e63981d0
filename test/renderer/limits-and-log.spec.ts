import { expect, test } from 'vitest'
import { typeScript } from '../helpers/screen.ts'
import { groupsInOneBrowser, log, region, runToVerdict, violationsOf } from '../helpers/workbench.ts'

/** What one may set, and what was happening then. */
const group = groupsInOneBrowser()

group('the limits', (_, page) => {
  test('are edited with a value and its unit typed as one, and keep their order of firing', async () => {
    await page().keyboard.press('Alt+2')
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.python', exact: true })
    await field.fill('2s')
    await field.press('Tab')
    const rows = region(page(), 'Limits').getByRole('row')
    await expect.poll(() => rows.nth(1).innerText()).toContain('connector.python')
    await expect.poll(() => rows.nth(1).innerText()).toContain('this run')
  })
  test('what cannot be a value is told and changes nothing', async () => {
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'wrapper.timeout', exact: true })
    await field.fill('soon')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await field.press('Tab')
    expect(await field.inputValue()).toBe('60')
  })
  test('warn while one types, each warning with the one value that mends it', async () => {
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.context', exact: true })
    await field.fill('1s')
    await field.press('Tab')
    const mend = region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).first()
    const before = await region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).count()
    await mend.click()
    await expect.poll(() => region(page(), 'Limits').getByRole('button', { name: /^Set .* to / }).count()).not.toBe(before)
    expect(await violationsOf(page())).toEqual([])
  })
  test('go back to the profile, and that can be undone', async () => {
    await page().getByRole('button', { name: 'Reset to profile' }).click()
    const field = region(page(), 'Limits').getByRole('textbox', { name: 'connector.python', exact: true })
    await expect.poll(() => field.inputValue()).toBe('30')
    await page().getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => field.inputValue()).toBe('2')
  })
  test('that are changed apply to the next run', async () => {
    await page().getByRole('tab', { name: 'Script' }).click()
    await typeScript(page(), 'import time\n\ndef transform(input_data):\n    time.sleep(20)\n')
    expect(await runToVerdict(page())).toMatch(/connector/)
  })
})

group('the log', (_, page) => {
  test('draws colours and control characters, and never markup', async () => {
    await typeScript(page(), 'def transform(input_data):\n    print("\\x1b[31mred\\x1b[0m <b>bold</b> bell\\x07 nul\\x00")\n    for number in range(300):\n        print("line", number)\n')
    await runToVerdict(page())
    const line = log(page()).locator('.log-row', { hasText: '<b>bold</b>' })
    await line.waitFor()
    expect(await line.locator('.ansi-red').innerText()).toBe('red')
    expect(await line.innerText()).toContain('bell␇ nul␀')
    expect(await line.locator('b').count()).toBe(0)
  })
  test('filters by text and by regular expression, and says how many', async () => {
    const filter = page().getByRole('searchbox', { name: 'Filter the log' })
    await filter.fill('line 29')
    await page().getByText('11 lines shown').waitFor()
    expect(await log(page()).locator('mark').first().innerText()).toBe('line 29')
    await filter.fill('/line 1\\d\\d$/')
    await page().getByText('100 lines shown').waitFor()
    await filter.fill('/(/')
    await page().getByRole('alert').waitFor()
    await filter.fill('no such thing')
    await page().getByText('No line matches no such thing.').waitFor()
    await page().getByRole('button', { name: 'Show all' }).click()
    await log(page()).getByText('line 5', { exact: true }).waitFor()
  })
  test('hides and shows sources', async () => {
    await page().getByRole('button', { name: /^script \d+/ }).click()
    await expect.poll(() => log(page()).locator('.log-source', { hasText: 'stdout' }).count()).toBe(0)
    await page().getByRole('button', { name: /^script \d+/ }).click()
    await log(page()).locator('.log-source', { hasText: 'stdout' }).first().waitFor()
  })
  test('scrolls from its first to its last line with the keyboard', async () => {
    await log(page()).focus()
    await page().keyboard.press('End')
    await log(page()).getByText('line 299', { exact: true }).waitFor()
    await page().keyboard.press('Home')
    await log(page()).getByText('line 1', { exact: true }).waitFor()
  })
  test('has the output and the response beside it', async () => {
    await page().getByRole('tab', { name: /^Output/ }).click()
    await page().getByText('transform() returned 4 bytes').waitFor()
    await page().getByRole('tab', { name: /^Response/ }).click()
    await page().getByText('a clean close', { exact: true }).waitFor()
    await page().getByRole('tab', { name: /^Flame/ }).click()
    expect(await violationsOf(page())).toEqual([])
  })
})
