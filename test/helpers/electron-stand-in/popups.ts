import type { BrowserContext, Page } from 'playwright-core'

export interface WindowOpenDetails { url: string; frameName: string; features: string }

/**
 * Tells of every window that this page wants opened: before it can ask for anything, since new pages pause until they have been
 * prepared and then have every request of theirs aborted (`routes.ts`).
 */
export async function watchWindowOpen(context: BrowserContext, page: Page, ask: (details: WindowOpenDetails) => void): Promise<void> {
  const cdp = await context.newCDPSession(page)
  cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => ask({ url, frameName: windowName, features: windowFeatures.join(',') }))
  await cdp.send('Page.enable')
}

/** The stand-in shows no window that a page opened: whoever allows one is told so, and what was opened goes again. */
export function closePopups(context: BrowserContext, isOurs: (page: Page) => boolean): void {
  context.on('page', async (page) => {
    const opener = await page.opener()
    if (opener && isOurs(opener)) await page.close().catch(() => undefined)
  })
}
