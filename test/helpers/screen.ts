import type { Page } from 'playwright-core'

/** What people do on the screen, by the names that assistive technology finds. */
export async function openSample(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: title }).click()
}

/** Replaces the script in the editor. */
export async function typeScript(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Script' }).click()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.insertText(text)
}

export async function pressRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}

/** Waits for the verdict of the run under way and returns its words. */
export async function verdictOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor({ timeout: 25_000 })
  return page.getByRole('region', { name: 'Verdict' }).innerText()
}

/**
 * Runs until the verdict says that the script was asleep at the cut. Where other processes want the processors, a limit of 500 ms may pass
 * before Python has come to its line, and the verdict says that instead: true, but not what is looked at here.
 */
export async function runUntilCutAsleep(page: Page): Promise<string> {
  for (let tries = 1; ; tries++) {
    await pressRun(page)
    const verdict = await verdictOf(page)
    if (/hung up: .* asleep on line/s.test(verdict)) return verdict
    if (tries === 5) throw new Error(`the script was never asleep at the cut: ${verdict}`)
  }
}

/** What a person sees of the classic case: the words of each region once its run is over. */
export interface ClassicCase { verdict: string; stages: string[]; timing: string; log: string }

/** The classic case: the script sleeps 2 s, the client waits 500 ms, every configured limit says 30 s or more. */
export async function runClassicCase(page: Page): Promise<ClassicCase> {
  await openSample(page, 'Cut at 500 ms')
  const verdict = await runUntilCutAsleep(page)
  const log = page.getByRole('log', { name: 'Log' })
  const started = log.getByText('Starting Python script execution')
  // A run that was cut opens its log at the cut; what came before stands above, and stays in sight once somebody has gone there.
  await log.locator('.log-cut').waitFor()
  do {
    // What still comes on the screen may move the log away from under the pointer.
    await log.hover()
    await page.mouse.wheel(0, -10_000)
    await page.waitForTimeout(50)
  } while (!await started.isVisible())
  return {
    verdict,
    stages: await page.getByRole('list', { name: 'Stages' }).getByRole('listitem').allInnerTexts(),
    timing: await page.getByRole('region', { name: 'Timing' }).innerText(),
    log: await log.innerText(),
  }
}
