import type { HttpView } from './view.ts'

type Raw = Readonly<Record<string, unknown>>

/** Entries of one HAR that are looked at: a browser session has hundreds. */
const mostEntries = 5000

/**
 * Views of a HAR's entries (HTTP Archive 1.2). Chrome writes its own error under `_error`; an entry with status 0 got no answer.
 * Times of a HAR are phases: the whole is `time`, and a phase that did not happen is -1.
 */
export function parseHar(value: unknown): HttpView[] {
  if (!isObject(value) || !isObject(value['log']) || !Array.isArray(value['log']['entries'])) return []
  return value['log']['entries'].slice(0, mostEntries).filter(isObject).map(viewOf)
}

/** Whether a parsed value is a HAR. */
export function isHar(value: unknown): boolean {
  return isObject(value) && isObject(value['log']) && Array.isArray(value['log']['entries'])
}

function viewOf(entry: Raw): HttpView {
  const request = isObject(entry['request']) ? entry['request'] : {}
  const response = isObject(entry['response']) ? entry['response'] : {}
  const content = isObject(response['content']) ? response['content'] : {}
  const timings = isObject(entry['timings']) ? entry['timings'] : {}
  const status = number(response['status']) ?? 0
  const error = text(response['_error'] ?? entry['_error'])
  const before = ['blocked', 'dns', 'connect', 'ssl', 'send', 'wait'].map((name) => Math.max(0, number(timings[name]) ?? 0)).reduce((sum, ms) => sum + ms, 0)
  const elapsedMs = number(entry['time'])
  const headers = headersOf(response['headers'])
  const declared = Number(headers.find((header) => header.name.toLowerCase() === 'content-length')?.value ?? Number.NaN)
  const bodyBytes = number(response['bodySize']) ?? number(content['size']) ?? 0
  const partial = /INCOMPLETE|CONTENT_LENGTH_MISMATCH|HTTP2_PROTOCOL_ERROR/.test(error)
  return {
    kind: 'http', method: text(request['method']) || null, url: text(request['url']) || null, status: status > 0 ? status : null, reason: text(response['statusText']), headers,
    body: text(content['text']).slice(0, 2000), bodyBytes: Math.max(0, bodyBytes), receivedBytes: Math.max(0, bodyBytes),
    complete: status > 0 && !partial && error === '' ? true : partial || (Number.isFinite(declared) && bodyBytes >= 0 && bodyBytes < declared && error !== '') ? false : status > 0 ? true : null,
    byClose: status > 0 && /^http\/1/i.test(text(response['httpVersion'])) && !Number.isFinite(declared) && !headers.some((header) => header.name.toLowerCase() === 'transfer-encoding') && ![204, 304].includes(status) && bodyBytes > 0 && error === '',
    end: endOf(error, status), ttfbMs: status > 0 ? before : null, lastByteMs: status > 0 ? elapsedMs : null, closeMs: elapsedMs, tlsEnd: null, bodySent: number(request['bodySize']), sendFailed: false,
    endedAt: Number.isNaN(Date.parse(text(entry['startedDateTime']))) ? null : Date.parse(text(entry['startedDateTime'])) + (elapsedMs ?? 0),
    requestSent: (number(timings['send']) ?? -1) >= 0 ? true : null, elapsedMs, hopLines: [], logLines: [],
  }
}

/** Chrome's and Firefox's error names, as endings of a connection. */
function endOf(error: string, status: number): HttpView['end'] {
  if (/CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED/.test(error)) return 'refused'
  if (/ADDRESS_UNREACHABLE|NETWORK_CHANGED|INTERNET_DISCONNECTED/.test(error)) return 'unreachable'
  if (/CONNECTION_TIMED_OUT/.test(error)) return 'connect-timeout'
  if (/CONNECTION_RESET|NS_ERROR_NET_RESET/.test(error)) return 'rst'
  if (/EMPTY_RESPONSE|CONNECTION_CLOSED|INCOMPLETE_CHUNKED|CONTENT_LENGTH_MISMATCH|HTTP2_PROTOCOL_ERROR|NS_ERROR_NET_(?:PARTIAL_TRANSFER|INTERRUPT|EMPTY_RESPONSE)/.test(error)) return 'fin'
  if (/ERR_ABORTED|NS_BINDING_ABORTED|cancell?ed/i.test(error)) return 'aborted'
  if (/TIMED_OUT|NS_ERROR_NET_TIMEOUT/.test(error)) return 'timeout'
  return status > 0 ? 'open' : 'aborted'
}

function headersOf(value: unknown): HttpView['headers'] {
  return Array.isArray(value) ? value.slice(0, 200).filter(isObject).map((header) => ({ name: text(header['name']), value: text(header['value']).slice(0, 2000) })) : []
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
