import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { pressRun, typeScript, verdictOf } from '../helpers/screen.ts'
import { launchBrowser, openApp } from '../helpers/web-app.ts'

/**
 * Takes the pictures of `docs/screenshots` from the real app: `node test/renderer/take-screenshots.ts [folder] [name...]`.
 * They are for looking at; nothing compares them. Without a folder: the states that the documentation shows, at 1280x800;
 * with one: every state at three sizes, for judging.
 */
const folder = process.argv[2] ?? join(import.meta.dirname, '../../docs/screenshots')
const judging = process.argv[2] !== undefined
const wanted = process.argv.slice(3)

const slow = 'import time\n\n\ndef fetch(order):\n    time.sleep(0.8)\n    return order\n\n\ndef transform(input_data):\n    for number in range(12):\n        fetch(number)\n        print(f"order {number} done")\n    return {"orders": 12}\n'
const mixed = `import json
import time


def parse(lines):
    return [json.loads(line) for line in lines]


def total(orders):
    result = 0
    for order in orders:
        for position in order["positions"]:
            result += position["price"] * position["count"]
    return result


def rate_of(currency):
    time.sleep(0.25)
    return 1.08


def transform(input_data):
    line = json.dumps({"positions": [{"price": 2, "count": n} for n in range(400)]})
    orders = parse([line] * 1200)
    euros = total(orders) * rate_of("USD")
    return {"orders": len(orders), "eur": euros}
`

/** A picture that a busy machine has spoilt: the state is brought about anew. */
class Spoilt extends Error {}

/** Opens a sample from the first screen, or from the palette once a run stands there. */
async function open(page: Page, title: string): Promise<void> {
  const card = page.getByRole('button', { name: title })
  if (await card.count() > 0) { await card.click(); return }
  await page.keyboard.press('ControlOrMeta+K')
  await page.getByRole('dialog').getByRole('textbox').fill(`Open sample: ${title}`)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** The script of the classic case runs before its cut, as on a machine that has nothing else to do. */
async function classic(page: Page): Promise<void> {
  await open(page, 'Cut at 500 ms')
  await page.mouse.move(700, 2)
  await pressRun(page)
  const verdict = await verdictOf(page)
  const started = await page.getByRole('list', { name: 'Stages' }).getByRole('listitem').nth(2).innerText()
  const startedMs = Number(/([\d.]+)\sms/.exec(started)?.[1])
  const firedMs = Number(/fired at ([\d.]+)/.exec(verdict)?.[1])
  if (!verdict.includes('asleep on line 9') || !(startedMs < 60) || !(firedMs < 506)) throw new Spoilt(`the script started at ${startedMs} ms, the limit fired at ${firedMs} ms: ${verdict.slice(0, 120)}`)
  await settle(page)
}

/** The chart is drawn, the run has its number. */
async function settle(page: Page): Promise<void> {
  await page.getByRole('application').waitFor()
  await page.getByText(/^Run \d+$/).waitFor()
  await page.waitForTimeout(700)
}

async function runSample(page: Page, title: string): Promise<void> {
  await open(page, title)
  await page.mouse.move(700, 2)
  await pressRun(page)
  await verdictOf(page)
  await settle(page)
}

async function setClientLimit(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: 'Client limit' }).click()
  await page.getByRole('option', { name: choice }).click()
}

async function twoRuns(page: Page): Promise<void> {
  await classic(page)
  await setClientLimit(page, 'none')
  await pressRun(page)
  await verdictOf(page)
  await settle(page)
  await page.getByRole('tab', { name: 'History' }).click()
}

/** Every state that was drawn, by its name, and what brings it about. */
const states: Record<string, (page: Page) => Promise<void>> = {
  'main-empty': async (page) => { await page.getByText(/^checked in/).waitFor(); await page.waitForTimeout(900) },
  'main-running': async (page) => {
    await typeScript(page, slow)
    await page.mouse.move(700, 2)
    await pressRun(page)
    await page.waitForTimeout(4600)
    if (!(await page.getByRole('heading', { level: 1 }).innerText()).includes('line 5')) throw new Spoilt('the script does not stand where it should')
  },
  'main-cut': classic,
  'main-completed': async (page) => {
    await open(page, 'Cut at 500 ms')
    await setClientLimit(page, 'none')
    await pressRun(page)
    await verdictOf(page)
    await settle(page)
    const plot = await page.getByRole('application').boundingBox()
    if (plot) await page.mouse.move(plot.x + plot.width * 0.3, plot.y + 90)
    await page.waitForTimeout(250)
  },
  'main-failed': async (page) => { await runSample(page, 'Not a timeout at all') },
  cases: async (page) => {
    await runSample(page, 'A transform like most')
    await page.getByRole('tab', { name: 'Cases' }).click()
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'case 1', exact: true }).click()
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('without amounts')
    await page.getByRole('textbox', { name: 'Input', exact: true }).last().fill('{"records": [{"id": 1}]}')
    await page.getByRole('button', { name: 'without amounts', exact: true }).click()
    await page.getByRole('button', { name: 'Run all' }).click()
    await page.getByText('1 of 2 passed').waitFor()
    await page.getByRole('button', { name: 'Run 10 times' }).click()
    await page.getByText('10 of 10').waitFor()
    await page.mouse.move(700, 2)
    await page.waitForTimeout(300)
  },
  history: async (page) => {
    await runSample(page, 'A transform like most')
    await runSample(page, 'Not a timeout at all')
    await twoRuns(page)
    await page.getByRole('list', { name: 'Runs' }).getByRole('listitem').nth(3).waitFor()
    await page.mouse.move(200, 190)
    await page.waitForTimeout(300)
  },
  compare: async (page) => {
    await twoRuns(page)
    await page.getByRole('button', { name: 'Compare run 1' }).click()
    await page.getByRole('button', { name: 'Compare run 2' }).click()
    await page.getByRole('region', { name: 'History' }).getByRole('button', { name: 'Compare', exact: true }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForTimeout(300)
  },
  flame: async (page) => {
    await typeScript(page, mixed)
    await page.mouse.move(700, 2)
    await pressRun(page)
    await verdictOf(page)
    await settle(page)
    await page.getByRole('tab', { name: /^Flame/ }).click()
    await page.waitForTimeout(300)
  },
  diagnose: async (page) => {
    await page.getByRole('tab', { name: 'Diagnose' }).click()
    await page.getByRole('button', { name: 'Try it with an example' }).click()
    await page.getByRole('heading', { level: 1 }).getByText('HAProxy').waitFor()
    await page.mouse.move(700, 2)
    await page.waitForTimeout(700)
  },
}

/** States that only those look at who judge the screen. */
const moreStates: typeof states = {
  'main-cut-details': async (page) => { await classic(page); await page.getByRole('button', { name: /Ruled out/ }).click() },
  limits: async (page) => { await classic(page); await page.keyboard.press('Alt+2'); await page.waitForTimeout(500) },
  system: async (page) => { await classic(page); await page.keyboard.press('Alt+4'); await page.waitForTimeout(900) },
  'log-search': async (page) => {
    await typeScript(page, 'def transform(input_data):\n    for number in range(300):\n        print("\\x1b[33mwarn\\x1b[0m line", number)\n')
    await pressRun(page)
    await verdictOf(page)
    await settle(page)
    await page.getByRole('searchbox', { name: 'Filter the log' }).fill('/line 1\\d\\d$/')
    await page.getByText('100 lines shown').waitFor()
  },
  palette: async (page) => { await classic(page); await page.keyboard.press('Control+K'); await page.waitForTimeout(400); await page.keyboard.type('limit'); await page.waitForTimeout(300) },
}

const sizes: readonly [width: number, height: number][] = judging ? [[1280, 800], [1440, 900], [1920, 1080]] : [[1280, 800]]
/** A machine that does other things may spoil a few; one that spoils all of them is no place to take pictures. */
const attempts = 15

async function take(name: string, bring: (page: Page) => Promise<void>, colorScheme: 'light' | 'dark'): Promise<void> {
  const app = await openApp({ colorScheme, browser })
  try {
    await app.page.setViewportSize({ width: 1280, height: 800 })
    await app.page.getByRole('textbox', { name: 'Script' }).waitFor()
    await bring(app.page)
    for (const [width, height] of sizes) {
      await app.page.setViewportSize({ width, height })
      await app.page.waitForTimeout(350)
      await app.page.screenshot({ path: join(folder, `${name}.${width === 1280 ? '' : `${width}x${height}.`}${colorScheme}.png`) })
    }
  } finally {
    await app.close()
  }
}

await mkdir(folder, { recursive: true })
const browser = await launchBrowser()
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, bring] of Object.entries(judging ? { ...states, ...moreStates } : states)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    for (let attempt = 1; attempt <= attempts; attempt++) {
      try {
        await take(name, bring, colorScheme)
        break
      } catch (error) {
        process.stderr.write(`${name}, ${colorScheme}, attempt ${attempt}: ${String(error)}\n`)
        if (!(error instanceof Spoilt)) break
      }
    }
  }
}
await browser.close()
