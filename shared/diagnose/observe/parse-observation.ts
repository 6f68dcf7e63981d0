import { dateIn, endings, type Ending, type HttpView, type LibraryView, type ProcessView, type View } from './view.ts'

type Raw = Readonly<Record<string, unknown>>

/** Entries looked at of a list. */
const mostViews = 1000

/**
 * Observations in a parsed JSON value: an observation object, a list of them, or objects that carry one as `observed`.
 * What is no observation yields nothing; fields of the wrong type count as missing.
 */
export function parseObservations(value: unknown): View[] {
  if (Array.isArray(value)) return value.slice(0, mostViews).flatMap(parseObservations)
  if (!isObject(value)) return []
  if (isObject(value['observed'])) return parseObservations(value['observed'])
  if (Array.isArray(value['observations'])) return parseObservations(value['observations'])
  const view = parseView(value)
  return view ? [view] : []
}

/** Fields that log entries have and observations have not; `status` and `error` are in both. */
const entryFields = ['ts', 'time', 'timestamp', '@timestamp', 'level', 'severity', 'msg', 'message', 'log', 'time_iso8601', 'request_time', 'start_time', 'requestId', 'requestTime', 'termination_state', 'apiVersion', 'metadata', 'textPayload', 'jsonPayload', 'record', '__REALTIME_TIMESTAMP']
const ownFields = ['end', 'kind', 'curl_exit', 'exit_code', 'spawn_error', 'elapsed_ms', 'error_type', 'body_prefix']

function isLogEntry(raw: Raw): boolean {
  return entryFields.some((field) => field in raw) && !ownFields.some((field) => field in raw && (field !== 'kind' || raw[field] === 'process' || raw[field] === 'client-lib'))
}

function parseView(raw: Raw): View | null {
  if (isLogEntry(raw) || typeof raw['status'] === 'object' && raw['status'] !== null) return null
  const kind = raw['kind']
  if (kind === 'process' || 'exit_code' in raw || 'spawn_error' in raw) return processView(raw)
  if (kind === 'client-lib' || 'curl_exit' in raw || 'error_type' in raw || ('error' in raw && !('end' in raw))) return libraryView(raw)
  if ('end' in raw || 'status' in raw || 'elapsed_ms' in raw) return httpView(raw)
  return null
}

function httpView(raw: Raw): HttpView {
  const statusLine = text(raw['status'])
  const status = typeof raw['status'] === 'number' ? raw['status'] : Number(/^HTTP\/[\d.]+ (\d{3})/.exec(statusLine)?.[1] ?? /^(\d{3})\b/.exec(statusLine)?.[1] ?? Number.NaN)
  const events = Array.isArray(raw['events']) ? raw['events'].filter(isObject) : []
  const errno = text(raw['errno'])
  return {
    kind: 'http', ...common(raw), method: text(raw['method']) || null,
    status: Number.isFinite(status) && status > 0 ? status : null, reason: statusLine.replace(/^HTTP\/[\d.]+ \d{3} ?/, ''), headers: headersIn(raw['headers']), body: text(raw['body_prefix'] ?? raw['body']).slice(0, 2000),
    bodyBytes: number(raw['body_bytes']) ?? 0, receivedBytes: number(raw['bytes_received']) ?? number(raw['body_bytes']) ?? 0,
    complete: raw['complete'] === 'by-close' ? true : typeof raw['complete'] === 'boolean' ? raw['complete'] : null,
    byClose: raw['complete'] === 'by-close', end: endingOf(text(raw['end']), errno), ttfbMs: number(raw['ttfb_ms']), lastByteMs: number(raw['last_byte_ms']), closeMs: number(raw['close_ms']),
    tlsEnd: text(raw['tls_end']) || null, bodySent: number(raw['body_sent']), sendFailed: events.some((event) => 'send_error' in event), requestSent: typeof raw['request_sent'] === 'boolean' ? raw['request_sent'] : null,
  }
}

function endingOf(end: string, errno: string): Ending | null {
  const known = endings.find((name) => name === end)
  if (known) return known
  if (errno === 'ECONNREFUSED') return 'refused'
  if (errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH') return 'unreachable'
  if (errno === 'ETIMEDOUT') return 'connect-timeout'
  return errno === 'ECONNRESET' ? 'rst' : null
}

function headersIn(value: unknown): HttpView['headers'] {
  if (isObject(value)) return Object.entries(value).slice(0, 200).map(([name, content]) => ({ name, value: String(content).slice(0, 2000) }))
  if (!Array.isArray(value)) return []
  return value.slice(0, 200).flatMap((item): HttpView['headers'] => {
    if (typeof item === 'string') {
      const colon = item.indexOf(':')
      return colon > 0 ? [{ name: item.slice(0, colon), value: item.slice(colon + 1).trim().slice(0, 2000) }] : []
    }
    return isObject(item) && typeof item['name'] === 'string' ? [{ name: item['name'], value: text(item['value']).slice(0, 2000) }] : []
  })
}

function libraryView(raw: Raw): LibraryView {
  const cause = isObject(raw['cause']) ? raw['cause'] : {}
  const chain = Array.isArray(raw['chain']) ? raw['chain'].filter((item): item is string => typeof item === 'string') : []
  const httpCode = Number(text(raw['http_code']))
  const status = number(raw['status']) ?? (httpCode > 0 ? httpCode : null)
  const stderr = text(raw['stderr'])
  return {
    kind: 'client-lib', ...common(raw), status: status === 0 ? null : status,
    errors: [`${text(raw['error_type'])}: ${text(raw['error'])}`, ...(raw['code'] === undefined ? [] : [`code ${String(raw['code'])}`]), `${text(cause['name'])} ${text(cause['code'])} ${text(cause['message'])}`, ...chain, stderr].map((line) => line.trim().slice(0, 2000)).filter((line) => line !== '' && line !== ':'),
    curlExit: number(raw['curl_exit']) ?? exitIn(stderr), bodyBytes: number(raw['body_bytes']) ?? number(Number(text(raw['size_download'] ?? ''))), body: text(raw['body_prefix']).slice(0, 2000), note: text(raw['note']), phase: text(raw['phase']) || null,
  }
}

function exitIn(stderr: string): number | null {
  const match = /curl: \((\d+)\)/.exec(stderr)
  return match ? Number(match[1]) : null
}

function processView(raw: Raw): ProcessView {
  const events = Array.isArray(raw['events']) ? raw['events'].filter(isObject).slice(0, 200) : []
  return {
    kind: 'process', ...common(raw), spawnError: text(raw['spawn_error']) || null, exitCode: number(raw['exit_code']), signal: text(raw['signal']) || null, exitMs: number(raw['exit_ms']) ?? number(raw['elapsed_ms']),
    stdoutBytes: number(raw['stdout_bytes']) ?? 0, stdout: text(raw['stdout_prefix']).slice(0, 4000), stderr: text(raw['stderr_tail'] ?? raw['stderr']).slice(-16_384),
    events: events.map((event) => ({ ms: number(event['ms']), text: Object.entries(event).filter(([key]) => key !== 'ms' && key !== 'state' && key !== 'wchan').map(([key, value]) => `${key}: ${String(value)}`).join(', '), waiting: text(event['wchan']) || null })),
    cpuS: number(raw['cpu_s']), maxRssMb: number(raw['maxrss_mb']),
  }
}

function common(raw: Raw) {
  const date = headersIn(raw['headers']).find((header) => header.name.toLowerCase() === 'date')?.value
  return { endedAt: dateIn(date ?? text(raw['ended_at'] ?? raw['at'])), elapsedMs: number(raw['elapsed_ms']), hopLines: strings(raw['upstream_view']), logLines: strings(raw['log_lines']), url: text(raw['url']) || null }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string').slice(0, 10_000) : []
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
