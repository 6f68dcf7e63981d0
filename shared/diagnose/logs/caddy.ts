import { durationWithUnit, textOf } from './access-fields.ts'
import { acts, factOf, fine, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseEntry, type Entry } from './structured.ts'
import { parseIsoTime } from './time.ts'

const product = 'Caddy'

/** Caddy's JSON log: access lines (`http.log.access`) and the error texts of its reverse proxy, which are Go's. */
export const caddyLog = lineReader('caddy', product, (line) => {
  const entry = line.text.charCodeAt(0) === 0x7b ? parseEntry(line.text) : consoleEntry(line.text)
  const logger = entry?.fields['logger']
  if (!entry || !('ts' in entry.fields || 'time' in entry.fields)) return null
  if (typeof logger !== 'string' || !/^(?:http\b|tls\b|admin\b|pki\b)/.test(logger)) return /^(?:serving initial configuration|using provided configuration|shutting down apps|exiting; byeee)/.test(entry.message) ? stopping(entry, line.file, line.number, line.text) : null
  const signs = logger.startsWith('http.log.access') ? accessSigns(entry) : errorSigns(entry)
  if (signs.length === 0) return []
  return [factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: entry.timeMs ?? line.wrapperTimeMs, request: requestIn(entry), signs, thread: textOf(entry.fields['err_id']) })]
})

/** The console encoder: time, level, logger and message behind tabs, then the fields as JSON. */
function consoleEntry(text: string): Entry | null {
  const match = /^(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?)\t(\w+)\t((?:http|tls|admin|pki)[\w.]*)\t([^\t]*)(?:\t(\{.*\}))?$/s.exec(text)
  if (!match) return null
  const fields = parseEntry(match[5] ?? '{}')?.fields ?? {}
  return { timeMs: parseIsoTime(match[1] ?? ''), level: match[2] ?? null, message: match[4] ?? '', fields: { ...fields, ts: match[1], logger: match[3] } }
}

function stopping(entry: Entry, file: string, number: number, text: string): LogFact[] {
  if (!/^shutting down apps/.test(entry.message)) return []
  return [factOf({ file, line: number, product, text, timeMs: entry.timeMs, signs: [hint('proxy.stopped', 'Caddy was told to stop', { confidence: 0.2 })] })]
}

function requestIn(entry: Entry): LogFact['request'] {
  const { fields } = entry
  const status = fields['status']
  return requestOf({
    client: textOf(fields['request.remote_ip']), method: textOf(fields['request.method']), path: textOf(fields['request.uri']),
    status: typeof status === 'number' ? status : null, durationMs: durationWithUnit(fields['duration']), bytes: typeof fields['size'] === 'number' ? fields['size'] : null,
  })
}

function accessSigns(entry: Entry): Sign[] {
  const status = entry.fields['status']
  if (status === 0) return [sees('client.canceled', 'status 0: Caddy’s client left before the answer', { confidence: 0.8 })]
  if (status === 502 || status === 504) return [hint('proxy.bad_gateway', `${status}: the upstream failed; the error entry next to it says how`, { confidence: 0.3 })]
  if (status === 499) return [sees('client.canceled', '499: Caddy’s client left before the answer')]
  return typeof status === 'number' ? [fine(`answered ${status}`)] : []
}

/** Go's error texts as the reverse proxy passes them on. */
const errors: [RegExp, () => Sign][] = [
  [/dial \w+ [^:]*:?.*i\/o timeout|dial \w+ .*connection timed out/, () => acts('proxy.connect', 'the upstream did not accept within `dial_timeout`', { directive: 'dial_timeout' })],
  [/dial \w+.*(?:connection refused|no route to host|network is unreachable|no such file)/, () => acts('proxy.refused', 'the upstream could not be reached')],
  [/lookup .*(?:no such host|server misbehaving|i\/o timeout)/, () => acts('network.dns', 'the upstream’s name could not be resolved')],
  [/TLS handshake timeout/, () => acts('proxy.connect', 'the TLS handshake with the upstream took too long', { directive: 'tls_timeout' })],
  [/timeout awaiting response headers/, () => acts('proxy.read', 'no header came from the upstream within `response_header_timeout`', { directive: 'response_header_timeout' })],
  [/read tcp.*i\/o timeout/, () => acts('proxy.read', 'nothing came from the upstream for `read_timeout`', { directive: 'read_timeout' })],
  [/write tcp.*i\/o timeout/, () => acts('proxy.send', 'the upstream did not take the request within `write_timeout`', { directive: 'write_timeout' })],
  [/context canceled/, () => sees('client.canceled', 'the request was given up: Caddy’s client left')],
  [/context deadline exceeded/, () => acts('proxy.read', 'the request’s time was used up', { confidence: 0.85 })],
  [/no upstreams available/, () => acts('proxy.backend_down', 'every upstream was marked as failed')],
  [/request body too large/, () => acts('proxy.rejected', 'the request body is larger than `max_size`', { directive: 'max_size' })],
  [/aborting with incomplete response.*write tcp.*(?:broken pipe|connection reset)/, () => sees('client.canceled', 'the client’s connection broke while the answer was sent', { confidence: 0.75 })],
  [/EOF|connection reset by peer|malformed HTTP|broken pipe|server closed idle connection/, () => sees('proxy.bad_gateway', 'the upstream closed the connection before its answer was complete')],
]

function errorSigns(entry: Entry): Sign[] {
  const text = `${entry.message} ${textOf(entry.fields['error']) ?? ''}`
  const found = errors.find(([pattern]) => pattern.test(text))
  return found ? [found[1]()] : []
}
