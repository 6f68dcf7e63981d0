import { hasToken } from './headers.ts'
import type { RequestHead } from './head.ts'

/** May the connection of this request serve another one? (RFC 9112, 9.3: by default from HTTP/1.1 on.) */
export function wantsKeepAlive(head: RequestHead): boolean {
  if (hasToken(head.headers, 'connection', 'close')) return false
  return head.version !== '1.0' || hasToken(head.headers, 'connection', 'keep-alive')
}
