import { expect, test } from 'vitest'
import { typeScript } from '../helpers/screen.ts'
import { groupsInOneBrowser, runToVerdict } from '../helpers/workbench.ts'

/** Numbers that no double holds, from the editor to the script and back. */
const group = groupsInOneBrowser()
const typed = '{"id": 12345678901234567890, "one": 1.0, "long": 0.1000000000000000055}'

group('numbers', (_, page) => {
  test('reach the script as they were typed, and are shown as it returned them', async () => {
    await typeScript(page(), 'def transform(input_data):\n    return {"seen": repr(input_data["id"]), "id": input_data["id"] + 1, "one": input_data["one"]}\n')
    await page().getByRole('textbox', { name: 'Input' }).click()
    await page().keyboard.press('ControlOrMeta+A')
    await page().keyboard.insertText(typed)
    await page().getByText('valid JSON').waitFor()
    await runToVerdict(page())
    await page().getByRole('tab', { name: /^Output/ }).click()
    const output = page().getByRole('group', { name: 'Output' }).locator('pre')
    await output.waitFor()
    expect(await output.innerText()).toBe('{\n  "seen": "12345678901234567890",\n  "id": 12345678901234567891,\n  "one": 1.0\n}')
  })
  test('are told apart in a case, in the last digit, too', async () => {
    await page().getByRole('tab', { name: /Cases/ }).click()
    await page().getByRole('button', { name: 'Add' }).click()
    const expected = page().getByRole('textbox', { name: /^Expected output/ })
    await expect.poll(() => expected.inputValue()).toContain('"id": 12345678901234567891,\n  "one": 1.0')
    await page().getByRole('button', { name: 'Run all' }).click()
    await page().getByText('1 of 1 passed').waitFor()
    await expected.fill((await expected.inputValue()).replace('12345678901234567891', '12345678901234567892'))
    await page().getByText('0 of 1 passed').waitFor()
    expect((await page().locator('.diff tbody tr').allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual(['differs id 12345678901234567892 12345678901234567891'])
  })
})
