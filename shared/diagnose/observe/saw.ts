import { isHar, parseHar } from './har.ts'
import { parseObservations } from './parse-observation.ts'
import type { View } from './view.ts'

export type ParsedSaw = { ok: true; views: View[] } | { ok: false; problem: string }

/** What an observer saw, in any of its forms: a HAR, an observation object (or a list), or the output of `curl -v`. */
export function parseSaw(text: string): ParsedSaw {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body === '') return { ok: false, problem: 'it is empty' }
  if (/^[[{]/.test(body)) {
    const value = parseJson(body)
    if (value !== undefined) {
      const views = isHar(value) ? parseHar(value) : parseObservations(value)
      return views.length > 0 ? { ok: true, views } : { ok: false, problem: 'it is JSON, but neither a HAR nor an observation (an object with end, status, error or exit_code)' }
    }
  }
  const views = parseCurlVerbose(body)
  return views.length > 0 ? { ok: true, views } : { ok: false, problem: 'it is neither JSON nor the output of curl -v' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `curl -v` prints `>` for what it sent, `<` for what it got, `*` for what it did, and `curl: (28) ...` when it failed. */
function parseCurlVerbose(text: string): View[] {
  const failed = /curl: \((\d+)\) ?(.*)/.exec(text)
  const received = [...text.matchAll(/^< (.*)$/gm)].map((match) => (match[1] ?? '').trim())
  const status = received.findLast((line) => /^HTTP\/[\d.]+ \d{3}/.test(line)) ?? null
  const code = status === null ? null : Number(/ (\d{3})/.exec(status)?.[1])
  if (failed) return parseObservations({ kind: 'client-lib', error_type: 'curl', error: failed[0], curl_exit: Number(failed[1]), stderr: text.slice(-16_000), ...(code === null ? {} : { status: code }), elapsed_ms: elapsedIn(text) })
  if (status === null) return /^[*<>] /m.test(text) ? parseObservations({ end: /Empty reply|Connection reset/i.test(text) ? (/reset/i.test(text) ? 'rst' : 'fin') : 'timeout', elapsed_ms: elapsedIn(text) }) : []
  const after = text.slice(text.lastIndexOf('\n<') + 1).split('\n').filter((line) => !/^[*<>{}] ?/.test(line)).join('\n')
  return parseObservations({ status, headers: received.filter((line) => line.includes(':')), body_prefix: after.slice(0, 2000), complete: true, end: 'open', elapsed_ms: elapsedIn(text) })
}

/** curl names the time only when it gave up: "Operation timed out after 500 milliseconds". */
function elapsedIn(text: string): number | null {
  const match = /after (\d+) (?:ms|milliseconds)/.exec(text)
  return match ? Number(match[1]) : null
}
