import { fieldOf, numberIn, textOf } from './access-fields.ts'
import { acts, factOf, fine, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseEntry } from './structured.ts'
import { parseIsoTime } from './time.ts'

const product = 'Envoy'
const textLine = /^\[(\d{4}-\d{2}-\d{2}T[\d:.]+Z)\] "(\S+) (\S+) [^"]*" (\d+) (\S+)(?: (\S+ - )?("[^"]*" )?)?.*? (\d+) (\d+) (\d+) (\d+|-) "/

/** Envoy's and Istio's access logs, text and JSON: the response flags name the cause. */
export const envoyLog = lineReader('envoy', product, (line) => {
  const json = line.text.charCodeAt(0) === 0x7b ? parseEntry(line.text) : null
  if (json) {
    const flags = flagsIn(json.fields)
    if (flags === null) return null
    const duration = numberIn(json.fields['duration'] ?? json.fields['duration_ms'] ?? json.fields['dur'])
    return fact(line, flags, numberIn(json.fields['response_code'] ?? fieldOf(json.fields, 'status') ?? json.fields['code']), {
      timeMs: parseIsoTime(String(json.fields['start_time'] ?? '')) ?? json.timeMs, durationMs: duration, id: textOf(fieldOf(json.fields, 'id')), method: textOf(json.fields['method']), path: textOf(json.fields['path']),
      upstream: textOf(json.fields['upstream_host']), details: textOf(json.fields['response_code_details'] ?? json.fields['details']) ?? '', serviceMs: numberIn(json.fields['upstream_service_time']),
    })
  }
  const match = textLine.exec(line.text)
  if (!match) return null
  const quoted = [...line.text.matchAll(/"([^"]*)"/g)].map((found) => found[1] ?? '')
  return fact(line, match[5] ?? '-', Number(match[4]), {
    timeMs: parseIsoTime(match[1] ?? ''), durationMs: Number(match[10]), method: match[2] ?? null, path: match[3] ?? null, serviceMs: numberIn(match[11]),
    id: quoted.find((text) => /^[\da-f]{8}-[\da-f]{4}-/.test(text)) ?? null, upstream: quoted.find((text) => /^\d{1,3}(?:\.\d{1,3}){3}:\d+$/.test(text)) ?? null, details: match[6] ?? '',
  })
})

/** `%RESPONSE_FLAGS%`, under its usual name or under one's own beside another of Envoy's fields. */
function flagsIn(fields: Readonly<Record<string, unknown>>): string | null {
  if (typeof fields['response_flags'] === 'string') return fields['response_flags']
  if (!['upstream_host', 'upstream_cluster', 'response_code_details', 'route_name', 'authority'].some((name) => name in fields)) return null
  const [, flags] = Object.entries(fields).find(([name, value]) => /flags?$/i.test(name) && typeof value === 'string' && /^(?:-|[A-Z]{2,6}(?:,[A-Z]{2,6})*)$/.test(value)) ?? []
  return typeof flags === 'string' ? flags : null
}

interface Known { timeMs: number | null; durationMs: number | null; id: string | null; method: string | null; path: string | null; upstream: string | null; details: string; serviceMs: number | null }

function fact(line: { file: string; number: number; text: string }, flags: string, status: number | null, known: Known): LogFact[] {
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: known.timeMs, timeOf: 'start', signs: signsOf(flags, status, known.details),
    request: requestOf({ id: known.id, method: known.method, path: known.path, status: status === 0 ? null : status, durationMs: known.durationMs, upstreams: known.upstream ? [{ address: known.upstream, status: null, connectMs: null, firstByteMs: known.serviceMs, totalMs: null }] : [] }),
  })]
}

/** Response flags, from Envoy's access log documentation. */
const flagSigns: Record<string, () => Sign> = {
  UT: () => acts('proxy.read', 'UT: the upstream did not answer within the route’s `timeout`', { directive: 'route.timeout' }),
  UPE: () => sees('proxy.bad_gateway', 'UPE: the upstream’s answer was not valid'),
  UC: () => sees('proxy.bad_gateway', 'UC: the upstream closed the connection'),
  UR: () => sees('proxy.bad_gateway', 'UR: the upstream reset the stream'),
  LR: () => acts('proxy.stopped', 'LR: Envoy reset the connection itself', { confidence: 0.8 }),
  UF: () => acts('proxy.refused', 'UF: the upstream could not be connected to (refused, or `connect_timeout`)', { directive: 'connect_timeout', confidence: 0.85, orElse: ['proxy.connect'] }),
  UH: () => acts('proxy.backend_down', 'UH: no healthy host'),
  NR: () => acts('proxy.rejected', 'NR: no route', { confidence: 0.9 }),
  NC: () => acts('proxy.backend_down', 'NC: no such cluster'),
  UO: () => acts('proxy.queue', 'UO: a circuit breaker was open (too many pending requests)', { directive: 'circuit_breakers' }),
  URX: () => acts('proxy.bad_gateway', 'URX: the retry limit was reached', { confidence: 0.8 }),
  DC: () => sees('client.canceled', 'DC: the client left first'),
  DPE: () => acts('proxy.rejected', 'DPE: the request was not valid HTTP'),
  SI: () => acts('proxy.idle', 'SI: the stream was idle for `stream_idle_timeout`', { directive: 'stream_idle_timeout' }),
  DT: () => acts('proxy.client_body', 'DT: the request took longer than `request_timeout` or `max_connection_duration`', { directive: 'request_timeout', confidence: 0.85, orElse: ['proxy.idle'] }),
  UMSDR: () => acts('proxy.read', 'UMSDR: the stream reached `max_stream_duration`', { directive: 'max_stream_duration' }),
  RL: () => acts('proxy.rejected', 'RL: rate limited'),
  RLSE: () => acts('proxy.rejected', 'RLSE: the rate limit service failed'),
  UAEX: () => acts('proxy.rejected', 'UAEX: refused by the authorisation service'),
  FI: () => acts('proxy.rejected', 'FI: aborted by an injected fault', { directive: 'fault' }),
  IH: () => acts('proxy.rejected', 'IH: an invalid header'),
  OM: () => acts('proxy.rejected', 'OM: the overload manager refused it'),
  DF: () => acts('network.dns', 'DF: the upstream’s name could not be resolved'),
}

function signsOf(flags: string, status: number | null, details: string): Sign[] {
  const found = flags.split(',').map((flag) => flagSigns[flag.trim()]?.()).filter((sign) => sign !== undefined)
  if (found.length > 0) {
    if (/per_try_timeout/.test(details)) return [acts('proxy.read', 'UT: a try took longer than `per_try_timeout`', { directive: 'per_try_timeout' })]
    if (/connection_timeout|connect.timeout/i.test(details)) return [acts('proxy.connect', 'the upstream did not accept within `connect_timeout`', { directive: 'connect_timeout' })]
    return found
  }
  return status !== null ? [fine(`the upstream answered ${status}`)] : []
}
