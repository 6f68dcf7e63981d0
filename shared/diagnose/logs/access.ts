import { nginxAccessSigns, plainAccessSigns } from './access-signs.ts'
import { parseKeyValues, requestFrom } from './access-fields.ts'
import { acts, factOf, requestOf, sees, type LogFact, type RequestFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { parseAnyTime, parseClfTime } from './time.ts'

/** `host ident user [time] "request" status bytes ...`, with fields before and after as the format adds them. */
const clfLine = /^(\S{1,255})((?: [^\s"[]{1,255}){0,6}) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}[: ][^\]]{8,30})\] "([^"]*)" (\d{3}|-) (\d+|-)(.*)$/s
const uvicornLine = /^(?:INFO: +)?(\d{1,3}(?:\.\d{1,3}){3}:\d+|\[[\da-f:]+\]:\d+|None:\d+) - "(\S+) (\S+) HTTP\/[\d.]+" (\d{3})(?: [A-Z][\w '-]*)?(?: (\d+(?:\.\d+)?)ms)?$/

/** Access logs of the Common Log Format family, whoever writes them. The product stays open unless the line itself tells. */
export const accessLog = lineReader('access', '', (line) => readClf(line) ?? readUvicorn(line) ?? readPositional(line))

function readClf(line: Line): LogFact[] | null {
  const match = clfLine.exec(line.text)
  if (!match) return null
  const [, client, , time, words, status, bytes, rest] = match
  const fields: Record<string, string> = { ...parseKeyValues(rest ?? ''), ...ingressFields(rest ?? '') }
  const product = productOf(match[2] ?? '', words ?? '', rest ?? '', fields)
  const [method, url] = (words ?? '').split(' ')
  const request: RequestFact = {
    ...requestFrom(fields), client: client ?? null, method: method && url ? method : null, path: url ? url.replace(/^https?:\/\/[^/]+/, '') : null,
    status: status === '-' ? null : Number(status), bytes: bytes === '-' ? 0 : Number(bytes),
  }
  // %D behind the common fields: microseconds.
  if (product === 'Apache httpd' && request.durationMs === null) request.durationMs = microseconds(rest ?? '')
  if (product === 'Varnish') request.durationMs = varnishDuration(rest ?? '')
  if (product === 'Traefik') request.durationMs = Number(/(\d+)ms$/.exec(rest ?? '')?.[1])
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs,
    timeOf: product === 'Apache httpd' || product === 'Varnish' ? 'start' : 'end', request, signs: signsOf(product, request, fields),
  })]
}

/** ingress-nginx: `"agent" length time [service] [alternative] addresses lengths times statuses id` behind the combined format. */
function ingressFields(rest: string): Record<string, string> | null {
  const match = /" \d+ ([\d.]+) \[[^\]]*\] \[[^\]]*\] (\S+(?:, \S+)*) (\S+(?:, \S+)*) (\S+(?:, \S+)*) (\S+(?:, \S+)*) (\w+)$/.exec(rest)
  if (!match) return null
  const last = (match[5] ?? '').split(', ').at(-1)
  // Its format has no header time: an answer that came has the status of the upstream and fewer bytes than none.
  const header = last === '504' && /(?:^|, )0$/.test(match[3] ?? '') ? (match[4] ?? '').replaceAll(/[\d.]+/g, '-') : match[4] ?? ''
  return { request_time: match[1] ?? '', upstream_addr: match[2] ?? '', upstream_response_time: match[4] ?? '', upstream_connect_time: (match[2] ?? '').split(', ').map(() => '0.000').join(', '), upstream_header_time: header, upstream_status: match[5] ?? '', request_id: match[6] ?? '', ingress: 'yes' }
}

function signsOf(product: string, request: RequestFact, fields: Record<string, string>): Sign[] {
  // A service without endpoints that are ready, and a limit on requests, are answered without asking anybody.
  if (fields['ingress'] !== undefined && request.status === 503 && request.upstreams.length === 0) return [acts('proxy.backend_down', '503 and no address asked: the Service had no endpoint that was ready', { confidence: 0.75, orElse: ['proxy.rejected'] })]
  // Its format has no connect time: a try that took as long as connecting may (5 s by default) was most likely one that never connected.
  if (fields['ingress'] !== undefined && request.status === 504 && request.upstreams.at(-1)?.status === 504) return [ingressTimeout(request)]
  if (product === 'nginx') return nginxAccessSigns(request, 'rc' in fields ? fields['rc'] === 'OK' : null)
  if (product === 'Apache httpd' && fields['conn'] === 'X') return [sees('client.canceled', 'conn=X: the connection was aborted before the answer was complete: its client left, or did not read for `Timeout`', { orElse: ['proxy.client_write'], directive: 'Timeout' })]
  return plainAccessSigns(request)
}

const ingressConnectMs = 5000

function ingressTimeout(request: RequestFact): Sign {
  const last = request.upstreams.at(-1)?.totalMs ?? null
  const connecting = last !== null && Math.abs(last - ingressConnectMs) <= 50
  return acts(connecting ? 'proxy.connect' : 'proxy.read', `504, and the last try took ${last === null ? 'its time' : `${last} ms`}: whether the upstream accepted is not in this format`, { directive: connecting ? 'proxy_connect_timeout' : 'proxy_read_timeout', confidence: 0.85, orElse: connecting ? ['proxy.read', 'proxy.send'] : ['proxy.connect', 'proxy.send'] })
}

/** Only what a line proves: upstream fields are nginx's, %X is Apache's, cache words are Varnish's, a second address is lighttpd's. */
function productOf(prefix: string, words: string, rest: string, fields: Record<string, string>): string {
  if ('conn' in fields && /^[X+-]$/.test(fields['conn'] ?? '')) return 'Apache httpd'
  if ('urt' in fields || 'uht' in fields || 'upstream_response_time' in fields || 'upstream_status' in fields) return 'nginx'
  if (/" (?:hit|miss|pass|pipe|synth|hitmiss|hitpass)\b/.test(rest) || / https?:\/\//.test(words)) return 'Varnish'
  if (/"\S+@\S+" "https?:\/\/[^"]*" \d+ms$/.test(rest)) return 'Traefik'
  if (/^ \S+:\d+ \S+$/.test(prefix)) return 'lighttpd'
  return ''
}

function microseconds(rest: string): number | null {
  const match = /^ (\d{4,12})(?= |$)/.exec(rest) ?? /" (\d{4,12})(?= |$)/.exec(rest)
  return match ? Number(match[1]) / 1000 : null
}

/** `miss 0.500777 500840`: time to first byte in seconds, whole time in µs. */
function varnishDuration(rest: string): number | null {
  const match = /" \w+ [\d.]+ (\d+)\s*$/.exec(rest)
  return match ? Number(match[1]) / 1000 : null
}

/** A format of one's own without names: the quoted request, its status, and nginx's upstream values in their usual order behind an address. */
const positional = /^(.{0,400}?)"([A-Z]{3,10}) (\S+) HTTP\/[\d.]+" (\d{3})\b(.*)$/s
const upstreamValues = /(?:^|\s)"?((?:\d{1,3}(?:\.\d{1,3}){3}:\d+|unix:\S+?)(?:, (?:\d{1,3}(?:\.\d{1,3}){3}:\d+|unix:\S+?))*)"? "?((?:\d{3}|-)(?:, (?:\d{3}|-))*)"? "?((?:\d+\.\d{3}|-)(?:, (?:\d+\.\d{3}|-))*)"? "?((?:\d+\.\d{3}|-)(?:, (?:\d+\.\d{3}|-))*)"? "?((?:\d+\.\d{3}|-)(?:, (?:\d+\.\d{3}|-))*)"?(?=\s|$)/

function readPositional(line: Line): LogFact[] | null {
  if (!line.text.includes(' HTTP/')) return null
  const match = positional.exec(line.text)
  if (!match) return null
  const rest = match[5] ?? ''
  const upstream = upstreamValues.exec(rest)
  const fields = upstream ? { upstream_addr: upstream[1], upstream_status: upstream[2], upstream_connect_time: upstream[3], upstream_header_time: upstream[4], upstream_response_time: upstream[5], request_time: /(?:^|\s)"?(\d+\.\d{3})"?(?=\s)/.exec(rest)?.[1] } : parseKeyValues(rest)
  const request: RequestFact = { ...requestFrom(fields), method: match[2] ?? null, path: (match[3] ?? '').replace(/^https?:\/\/[^/]+/, ''), status: Number(match[4]) }
  return [factOf({
    file: line.file, line: line.number, product: upstream ? 'nginx' : '', text: line.text, timeMs: parseAnyTime((match[1] ?? '').trim()) ?? parseClfTime(/\[([^\]]{8,40})\]/.exec(match[1] ?? '')?.[1] ?? '') ?? line.wrapperTimeMs,
    request, signs: upstream ? nginxAccessSigns(request, null) : plainAccessSigns(request),
  })]
}

function readUvicorn(line: Line): LogFact[] | null {
  const match = uvicornLine.exec(line.text)
  if (!match) return null
  const request = requestOf({ client: match[1] ?? null, method: match[2] ?? null, path: match[3] ?? null, status: Number(match[4]), durationMs: match[5] ? Number(match[5]) : null })
  return [factOf({ file: line.file, line: line.number, product: 'uvicorn', text: line.text, timeMs: line.wrapperTimeMs, request, signs: plainAccessSigns(request).map((sign) => sign.role === 'hint' ? { ...sign, confidence: 0.2 } : sign) })]
}
