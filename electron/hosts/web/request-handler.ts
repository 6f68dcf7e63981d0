import type { IncomingMessage, ServerResponse } from 'node:http'
import { findPageFile } from '../page-files.ts'
import { pageHeaders } from '../page-policy.ts'
import { isForeignFetch, type Addresses } from './addresses.ts'
import { sendFile } from './send-file.ts'
import { cookieName, cookieOf, toSessionCookie, type Sessions } from './sessions.ts'

export interface WebSite { port: number; rendererDir: string; addresses: Addresses; sessions: Sessions }

/** Does this request carry the cookie of a session? */
export function hasSession(request: IncomingMessage, { sessions, port }: Pick<WebSite, 'sessions' | 'port'>): boolean {
  return sessions.isSession(cookieOf(request.headers.cookie, cookieName(port)))
}

/** Answers one HTTP request: the exchange of a token for a session, or a file of the screen for who has a session. */
export async function answerRequest(request: IncomingMessage, response: ServerResponse, site: WebSite): Promise<void> {
  const { addresses, sessions, port, rendererDir } = site
  if (!addresses.isOurHost(request.headers.host)) return refuse(response, 421, 'This address is not served here. Use the address that Cutoff printed.')
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD are served here.', { Allow: 'GET, HEAD' })
  if (isForeignFetch(request.headers)) return refuse(response, 403, 'A page of another site may not load this.')
  const url = addressOf(request)
  if (url === null) return refuse(response, 400, 'This is not an address of this server.')

  const token = url.searchParams.get('token')
  if (token !== null) {
    // A link opened twice in the same browser still leads to the screen.
    const session = hasSession(request, site) ? null : sessions.exchange(token)
    if (session === null && !hasSession(request, site)) return refuse(response, 403, 'This link has been used already, or is not from this run of Cutoff. Start Cutoff again for a new one.')
    return answer(response, 303, { Location: '/', ...(session ? { 'Set-Cookie': toSessionCookie(port, session) } : {}) })
  }
  if (!hasSession(request, site)) return refuse(response, 403, 'Open the link that Cutoff printed: it lets this browser in, once.')

  const file = await findPageFile(rendererDir, url.pathname)
  if (!file) return refuse(response, 404, 'There is no such file.')
  const caching = { 'Cache-Control': file.immutable ? 'private, max-age=31536000, immutable' : 'no-cache', ETag: file.etag }
  if (request.headers['if-none-match'] === file.etag) return answer(response, 304, caching)
  response.writeHead(200, { ...pageHeaders, ...caching, 'Content-Type': file.type, 'Content-Length': file.bytes })
  if (request.method === 'HEAD') { response.end(); return }
  await sendFile(file.path, response)
}

/** The address of a request in origin form (`/path?query`); null for any other form. */
function addressOf(request: IncomingMessage): URL | null {
  const target = request.url ?? ''
  if (!target.startsWith('/') || target.startsWith('//')) return null
  // Not normalised by a URL parser first: `/../x` has to be seen as it was sent.
  const [path = '', query = ''] = target.split('?', 2)
  if (path.includes('..') || path.includes('\\')) return null
  return URL.parse(`${path}?${query}`, 'http://127.0.0.1')
}

function answer(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, { ...pageHeaders, 'Cache-Control': 'no-store', ...headers }).end()
}

function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...pageHeaders, 'Cache-Control': 'no-store', 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`)
}
