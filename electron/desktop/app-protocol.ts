import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { findPageFile } from '../hosts/page-files.ts'
import { pageHeaders } from '../hosts/page-policy.ts'

/** The one address of the app's page. A scheme of its own, unlike `file:`, has an origin, and can reach only what is served here. */
export const pageOrigin = { protocol: 'app:', host: 'cutoff' } as const
export const pageUrl = 'app://cutoff/'

/** Makes `app:` a scheme with an origin, to which the rules of the web apply. Has to happen before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Serves the files of the built screen as `app://cutoff/...`, under the same policy as the web host. */
export function serveApp(rendererDir: string): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    const file = url.host === pageOrigin.host && request.method === 'GET' ? await findPageFile(rendererDir, url.pathname) : null
    if (!file) return new Response('There is no such file.\n', { status: 404, headers: { ...pageHeaders, 'Content-Type': 'text/plain; charset=utf-8' } })
    return new Response(await readFile(file.path), { headers: { ...pageHeaders, 'Content-Type': file.type } })
  })
}
