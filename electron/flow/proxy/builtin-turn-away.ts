import type { Socket } from 'node:net'
import type { RequestHead } from '../http/head.ts'
import { wantsKeepAlive } from '../http/keep-alive.ts'
import type { Journal } from './builtin-journal.ts'
import type { ProxyParts } from './builtin-parts.ts'
import { errorPage } from './error-page.ts'

/** Answers a request without an upstream: by rule (403), or because the only backend is held for dead (502, as nginx says it). */
export function turnAway({ run, place }: ProxyParts, client: Socket, request: RequestHead, journal: Journal, done: (keepAlive: boolean) => void): void {
  const status = place.fault === 'reject' ? 403 : 502
  const phrase = place.fault === 'reject' ? 'access forbidden by rule' : 'no live upstreams while connecting to upstream'
  const keepAlive = wantsKeepAlive(request)
  const page = errorPage(status, keepAlive)
  journal.error('error', phrase)
  run.emit({ type: 'answered', layer: 'proxy', hop: place.hop, status, reason: phrase })
  client.write(page, () => {
    journal.end(status, page.length, 'error')
    done(keepAlive)
  })
}
