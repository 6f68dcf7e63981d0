import type { BrowserContext, Route } from 'playwright-core'
import { preventable } from './application.ts'
import { session } from './sessions.ts'

type SchemeHandler = (request: Request) => Promise<Response>
const handlers = new Map<string, SchemeHandler>()

export const protocol = {
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges?: { standard?: boolean; secure?: boolean } }[]) {
    // Its page is shown under https here, which is standard and secure: a scheme that is not would be shown wrongly.
    for (const { scheme, privileges } of schemes) if (!privileges?.standard || !privileges.secure) throw new Error(`the stand-in shows only standard, secure schemes, not ${scheme}`)
  },
  handle(scheme: string, handler: SchemeHandler) { handlers.set(scheme, handler) },
}

/**
 * Chromium alone knows no custom scheme: `app://cutoff/x` is shown as `https://cutoff.app.invalid/x`. No such host can exist
 * (RFC 6761), and every request is answered here before it could be looked up.
 */
export function toShown(url: string): string {
  const { protocol: scheme, host, pathname, search, hash } = new URL(url)
  return handlers.has(scheme.slice(0, -1)) ? `https://${host}.${scheme.slice(0, -1)}.invalid${pathname}${search}${hash}` : url
}

export function toReal(shown: string): string {
  if (shown.startsWith('blob:')) return `blob:${toReal(shown.slice('blob:'.length))}`
  const match = /^https:\/\/([^/]+)\.(\w+)\.invalid(\/.*)?$/.exec(shown)
  return match ? `${match[2]}://${match[1]}${match[3] ?? '/'}` : shown
}

/** What a window has to say about the navigations of its page. */
export interface Navigated { expected: string | null; emit(name: string, event: object, ...more: unknown[]): boolean }

/** Puts itself in front of every request of the browser. `contentsOf` finds the window whose page asks; null for a page that is nobody's. */
export async function routeAll(context: BrowserContext, contentsOf: (route: Route) => Navigated | null): Promise<void> {
  await context.route('**/*', async (route) => {
    try {
      await answer(route, contentsOf(route))
    } catch {
      // The page was closed meanwhile.
    }
  })
}

async function answer(route: Route, contents: Navigated | null): Promise<void> {
  const request = route.request()
  const url = toReal(request.url())
  if (contents === null) return route.abort('aborted')
  if (request.isNavigationRequest()) {
    const isMainFrame = request.frame().parentFrame() === null
    if (!isMainFrame || contents.expected !== url) {
      const event = preventable({ url, isMainFrame })
      contents.emit('will-frame-navigate', event)
      if (isMainFrame && !event.defaultPrevented) contents.emit('will-navigate', event, url)
      if (event.defaultPrevented) return route.abort('aborted')
    }
  }
  if (session.defaultSession.isCanceled(url, request.method(), request.resourceType())) return route.abort('blockedbyclient')
  const handler = handlers.get(new URL(url).protocol.slice(0, -1))
  if (!handler) return route.continue()
  const response = await handler(new Request(url, { method: request.method() }))
  await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) })
}
