import { requestOf, type RequestFact, type UpstreamFact } from './fact.ts'

/** Names under which access logs keep a value, in every case and with _ or -; first match wins. */
const names = {
  requestSeconds: ['rt', 'request_time', 'requesttime', 'req_time'],
  requestMs: ['duration_ms', 'response_time_ms', 'responsetime', 'elapsed_ms', 'latency_ms', 'time_taken_ms', 'request_time_ms', 'total_ms', 'took_ms', 'execution_time_ms'],
  requestUs: ['us_total', 'duration_us', 'usec', 'time_us', 'microseconds'],
  connect: ['uct', 'upstream_connect_time', 'connect_time', 'upstream.connect', 'upstream.connect_time', 'upstream_connect'],
  header: ['uht', 'upstream_header_time', 'header_time', 'upstream.header', 'upstream.header_time', 'upstream_header'],
  response: ['urt', 'upstream_response_time', 'upstream_time', 'upstream.response', 'upstream.response_time', 'upstream.time', 'upstream_response'],
  upstreamStatus: ['us', 'upstream_status', 'upstream.status'],
  upstreamAddress: ['ua', 'upstream_addr', 'upstream_address', 'upstream.addr', 'upstream.address', 'upstream'],
  status: ['status', 'status_code', 'statuscode', 'response_status', 'http_status', 'response_code'],
  bytes: ['body_bytes_sent', 'bytes_sent', 'bytes', 'size', 'response_size'],
  id: ['request_id', 'requestid', 'req_id', 'reqid', 'x_request_id', 'trace_id', 'traceid', 'correlation_id', 'rid', 'request-id', 'x-request-id'],
  method: ['method', 'request_method', 'http_method', 'verb'],
  path: ['path', 'uri', 'url', 'request_uri', 'request_path', 'target'],
  client: ['remote_addr', 'client_ip', 'remote_ip', 'client', 'remote', 'remoteaddress', 'ip'],
} as const

/** Each name as loggers in Node and Java spell it as well: `request_id`, `requestid`, `requestId`. */
const spellings = Object.fromEntries(Object.entries(names).map(([name, keys]) => [name, [...new Set(keys.flatMap((key) => [key, key.replaceAll('_', ''), key.replaceAll(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase())]))]])) as Record<keyof typeof names, string[]>

export type Fields = Readonly<Record<string, unknown>>

/** A field's value by any of its usual names; undefined if there is none. */
export function fieldOf(fields: Fields, name: keyof typeof names): unknown {
  for (const key of spellings[name]) {
    const value = fields[key]
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

/** `rt=0.504 us="504" ua="10.0.0.1:80, 10.0.0.2:80"` at the end of a line, by lower-case name. */
export function parseKeyValues(text: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const match of text.matchAll(/(?:^|[\s,|])([A-Za-z_][\w.-]{0,63})[=:](?:"([^"]{0,2000})"|([^\s",|]{1,2000}))/g)) {
    fields[(match[1] ?? '').toLowerCase()] = match[2] ?? match[3] ?? ''
  }
  return fields
}

/** What access fields say about a request, whatever the log's layout. */
export function requestFrom(fields: Fields): RequestFact {
  const line = /^([A-Z]{3,10}) (\S+)(?: HTTP\/[\d.]+)?$/.exec(textOf(fields['request']) ?? '')
  const path = textOf(fieldOf(fields, 'path')) ?? line?.[2] ?? null
  return requestOf({
    id: textOf(fieldOf(fields, 'id')), method: textOf(fieldOf(fields, 'method')) ?? line?.[1] ?? null, path: path ? path.replace(/^https?:\/\/[^/]+/, '') : null, client: textOf(fieldOf(fields, 'client')),
    status: numberIn(fieldOf(fields, 'status')), bytes: numberIn(fieldOf(fields, 'bytes')), durationMs: durationIn(fields), upstreams: upstreamsIn(fields),
  })
}

function durationIn(fields: Fields): number | null {
  const ms = numberIn(fieldOf(fields, 'requestMs'))
  if (ms !== null) return ms
  const seconds = numberIn(fieldOf(fields, 'requestSeconds'))
  if (seconds !== null) return seconds * 1000
  const us = numberIn(fieldOf(fields, 'requestUs')) ?? ('conn' in fields ? numberIn(fields['us']) : null)
  if (us !== null) return us / 1000
  return durationWithUnit(fields['duration'] ?? fields['latency'] ?? fields['elapsed'] ?? fields['took'])
}

/** `1.5s`, `500ms`, `800µs`, or a bare number of seconds where it has a fraction (Caddy, zap). */
export function durationWithUnit(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 1000 ? null : value * 1000
  if (typeof value !== 'string') return null
  const match = /^(\d+(?:\.\d+)?) ?(ns|us|µs|μs|ms|s|m|h)?$/.exec(value.trim())
  if (!match) return null
  const unit = match[2]
  if (!unit) return value.includes('.') ? Number(match[1]) * 1000 : null
  return Number(match[1]) * ({ ns: 1e-6, us: 1e-3, 'µs': 1e-3, 'μs': 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1)
}

/** nginx writes one value per upstream tried, joined by ", " (and " : " after an internal redirect). */
function upstreamsIn(fields: Fields): UpstreamFact[] {
  if ('conn' in fields) return []
  const lists = [fieldOf(fields, 'upstreamAddress'), fieldOf(fields, 'upstreamStatus'), fieldOf(fields, 'connect'), fieldOf(fields, 'header'), fieldOf(fields, 'response')].map(listOf)
  const [addresses, statuses, connects, headers, totals] = lists
  const count = Math.min(16, Math.max(0, ...lists.map((list) => list.length)))
  return Array.from({ length: count }, (_, index) => ({
    address: blank(addresses?.[index]), status: numberIn(statuses?.[index]),
    connectMs: secondsIn(connects?.[index]), firstByteMs: secondsIn(headers?.[index]), totalMs: secondsIn(totals?.[index]),
  })).filter((upstream) => upstream.address !== null || upstream.status !== null || upstream.totalMs !== null)
}

function listOf(value: unknown): string[] {
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'string' ? value.split(/, | : /) : []
}

function blank(text: string | undefined): string | null {
  return text === undefined || text === '-' || text === '' ? null : text
}

function secondsIn(text: string | undefined): number | null {
  const value = numberIn(text)
  return value === null ? null : value * 1000
}

export function numberIn(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(value.trim())) return null
  return Number(value)
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== '-' ? value.slice(0, 500) : null
}
