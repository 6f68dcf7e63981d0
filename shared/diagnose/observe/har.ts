import { parseObservations } from './parse-observation.ts'
import type { View } from './view.ts'

/** Is this parsed JSON a HAR (an object with `log.entries`)? */
export function isHar(value: unknown): value is { log: { entries: unknown[] } } {
  return typeof value === 'object' && value !== null && 'log' in value && typeof value.log === 'object' && value.log !== null && 'entries' in value.log && Array.isArray(value.log.entries)
}

/** Entries of a HAR as views; the ones that failed or took longest tell most, so all are kept (at most 1,000). HAR 1.2; `_error` is Chrome's. */
export function parseHar(har: { log: { entries: unknown[] } }): View[] {
  return har.log.entries.slice(0, 1000).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return []
    const { request = {}, response = {}, time } = entry as { request?: Record<string, unknown>; response?: Record<string, unknown>; time?: unknown }
    const error = response['_error'] ?? (entry as Record<string, unknown>)['_error']
    const status = Number(response['status'])
    const content = response['content'] as { text?: unknown; size?: unknown } | undefined
    if (!(status > 0)) return parseObservations({ kind: 'client-lib', error_type: 'browser', error: typeof error === 'string' ? error : 'the browser got no answer', elapsed_ms: time })
    return parseObservations({
      status, headers: Array.isArray(response['headers']) ? response['headers'] : [], body_prefix: content?.text, body_bytes: content?.size, complete: error === undefined || error === null || error === '',
      elapsed_ms: time, method: request['method'], url: request['url'], end: error ? 'rst' : 'open',
    })
  })
}
