import { MalformedMessage, type RequestHead } from './head.ts'
import { headerOf, isNamed } from './headers.ts'

/** What a server takes as a request's head, beyond what every reader of HTTP refuses. */
export interface ServerRules {
  /** More of a head than this is refused, whether it has ended or not. */
  readonly largestHeadBytes: number
  /** Null: lines are as long as the head may be. */
  readonly longestLineBytes: number | null
  tooLarge(what: 'head' | 'request line' | 'header line'): MalformedMessage
  /** Throws MalformedMessage where this server refuses a well-formed head. */
  check(head: RequestHead): void
}

/** Go's net/http: DefaultMaxHeaderBytes, and 431 above it. Any method; the handler decides. */
export const goRules: ServerRules = {
  largestHeadBytes: 1 << 20,
  longestLineBytes: null,
  tooLarge: () => new MalformedMessage('head larger than 1 MB', 431),
  check(head) {
    if (countOf(head, 'host') > 1) throw new MalformedMessage('too many Host headers')
    // RFC 9112, 3.2: these two forms belong to one method each.
    if (!isPathOrUrl(head.target) && head.method !== 'CONNECT' && !(head.method === 'OPTIONS' && head.target === '*')) throw new MalformedMessage('invalid URI for request')
  },
}

/** nginx as it comes: `large_client_header_buffers 4 8k`, upper-case methods, no TRACE and no CONNECT, one Host. */
export const nginxRules: ServerRules = {
  largestHeadBytes: 4 * 8192,
  longestLineBytes: 8192,
  tooLarge: (what) => (what === 'request line' ? new MalformedMessage('too long URI', 414) : new MalformedMessage('too long header line')),
  check(head) {
    if (!/^[A-Z_-]+$/.test(head.method)) throw new MalformedMessage('invalid method')
    if (!isPathOrUrl(head.target)) throw new MalformedMessage('invalid URI')
    if (head.method === 'TRACE' || head.method === 'CONNECT') throw new MalformedMessage(`${head.method} method`, 405)
    const host = headerOf(head.headers, 'host')
    if (host === null && head.version !== '1.0') throw new MalformedMessage('HTTP/1.1 request without "Host" header')
    if (host !== null && /[\0-\x20\x7f]/.test(host)) throw new MalformedMessage('invalid host header')
    if (countOf(head, 'host') > 1 || countOf(head, 'content-length') > 1) throw new MalformedMessage('duplicate header line')
  },
}

/** Refuses a head, or so much of it as has come, that is larger than the server takes. Throws MalformedMessage. */
export function checkSize(held: Buffer, rules: ServerRules): void {
  if (held.length > rules.largestHeadBytes) throw rules.tooLarge(rules.longestLineBytes !== null && !held.subarray(0, rules.longestLineBytes).includes('\r\n') ? 'request line' : 'head')
  const longest = rules.longestLineBytes
  if (longest === null || held.length <= longest) return
  for (let from = 0; from < held.length;) {
    const found = held.indexOf('\r\n', from, 'latin1')
    const end = found < 0 ? held.length : found
    if (end - from > longest) throw rules.tooLarge(from === 0 ? 'request line' : 'header line')
    from = end + 2
  }
}

function isPathOrUrl(target: string): boolean {
  return target.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(target)
}

function countOf({ headers }: RequestHead, name: string): number {
  let count = 0
  for (const field of headers) if (isNamed(field[0], name)) count++
  return count
}
