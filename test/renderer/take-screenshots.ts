import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openSample, pressRun, typeScript, verdictOf } from '../helpers/screen.ts'
import { openApp } from '../helpers/web-app.ts'

/**
 * Takes the pictures of `docs/screenshots` from the real app: `node test/renderer/take-screenshots.ts [folder] [name...]`.
 * They are for looking at; nothing compares them.
 */
const folder = process.argv[2] ?? join(import.meta.dirname, '../../docs/screenshots')
const wanted = process.argv.slice(3)

const slow = 'import time\n\n\ndef fetch(order):\n    time.sleep(0.8)\n    return order\n\n\ndef transform(input_data):\n    for number in range(12):\n        fetch(number)\n        print(f"order {number} done")\n    return {"orders": 12}\n'

async function classic(page: Page): Promise<void> {
  await openSample(page, 'Cut at 500 ms')
  await page.mouse.move(700, 10)
  await pressRun(page)
  await verdictOf(page)
  await page.getByRole('application').waitFor()
  await page.waitForTimeout(700)
}

async function setClientLimit(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Client limit' }).click()
  await page.getByRole('option', { name: choice }).click()
}

/** Every state that was drawn, by its name, and what brings it about. */
const states: Record<string, (page: Page) => Promise<void>> = {
  empty: async (page) => { await page.waitForTimeout(1200) },
  cut: classic,
  'cut-details': async (page) => { await classic(page); await page.getByRole('button', { name: /Ruled out/ }).click() },
  running: async (page) => {
    await typeScript(page, slow)
    await pressRun(page)
    await page.waitForTimeout(4200)
  },
  completed: async (page) => {
    await openSample(page, 'Cut at 500 ms')
    await setClientLimit(page, 'none')
    await pressRun(page)
    await verdictOf(page)
    await page.waitForTimeout(700)
    const plot = await page.getByRole('application').boundingBox()
    if (plot) await page.mouse.move(plot.x + plot.width * 0.3, plot.y + 90)
    await page.waitForTimeout(150)
  },
  failed: async (page) => { await openSample(page, 'Not a timeout at all'); await page.mouse.move(700, 10); await pressRun(page); await verdictOf(page); await page.waitForTimeout(700) },
  limits: async (page) => { await classic(page); await page.keyboard.press('Alt+2'); await page.waitForTimeout(500) },
  system: async (page) => { await classic(page); await page.keyboard.press('Alt+4'); await page.waitForTimeout(900) },
  cases: async (page) => {
    await openSample(page, 'A transform like most')
    await pressRun(page)
    await verdictOf(page)
    await page.waitForTimeout(500)
    await page.getByRole('tab', { name: 'Cases' }).click()
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'Run all' }).click()
    await page.getByText('1 of 1 passed').waitFor()
    await page.getByRole('button', { name: 'Run 10 times' }).click()
    await page.getByText('10 of 10').waitFor()
  },
  compare: async (page) => {
    await classic(page)
    await setClientLimit(page, 'none')
    await pressRun(page)
    await verdictOf(page)
    await page.waitForTimeout(800)
    await page.getByRole('tab', { name: 'History' }).click()
    await page.getByRole('button', { name: 'Compare run 1' }).click()
    await page.getByRole('button', { name: 'Compare run 2' }).click()
    await page.getByRole('region', { name: 'History' }).getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForTimeout(300)
  },
  diagnose: async (page) => {
    await page.getByRole('tab', { name: 'Diagnose' }).click()
    await page.getByRole('button', { name: 'Try it with an example' }).click()
    await page.getByRole('heading', { level: 1 }).getByText('HAProxy').waitFor()
    await page.mouse.move(700, 10)
    await page.waitForTimeout(700)
  },
  palette: async (page) => { await classic(page); await page.keyboard.press('Control+K'); await page.waitForTimeout(400); await page.keyboard.type('limit'); await page.waitForTimeout(300) },
}

const sizes: readonly [width: number, height: number][] = [[1440, 900], [1280, 800], [1920, 1080]]
await mkdir(folder, { recursive: true })
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, bring] of Object.entries(states)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const app = await openApp({ colorScheme })
    try {
      await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
      await bring(app.page)
      for (const [width, height] of sizes) {
        // The documentation shows one size; the others are for judging.
        if (process.argv[2] === undefined && width !== 1440) continue
        await app.page.setViewportSize({ width, height })
        await app.page.waitForTimeout(350)
        await app.page.screenshot({ path: join(folder, `${name}.${width === 1440 ? '' : `${width}x${height}.`}${colorScheme}.png`) })
      }
    } catch (error) {
      await app.page.screenshot({ path: join(folder, `failed-${name}.png`) })
      process.stderr.write(`${name}, ${colorScheme}: ${String(error)}\n`)
    } finally {
      await app.close()
    }
  }
}
