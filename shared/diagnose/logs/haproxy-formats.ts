import { numberIn, parseKeyValues, requestFrom, textOf } from './access-fields.ts'
import { factOf, requestOf, type LogFact } from './fact.ts'
import { endingSign } from './haproxy-states.ts'
import type { Line } from './reader.ts'
import { parseEntry } from './structured.ts'
import { parseAnyTime, parseClfTime } from './time.ts'

const product = 'HAProxy'

/** A log-format of one's own, as JSON or `key=value`: the four letters of the state are what tells. */
export function readNamed(line: Line): LogFact[] | null {
  if (!stateSomewhere.test(line.text) && !/term|state|tsc|\bts\b/i.test(line.text)) return null
  const given: Readonly<Record<string, unknown>> | null = line.text.charCodeAt(0) === 0x7b ? parseEntry(line.text)?.fields ?? null : /[\w-]=/.test(line.text) ? parseKeyValues(line.text) : null
  if (!given) return null
  const fields = withoutPrefix(given)
  const [, state] = Object.entries(fields).find(([name, value]) => typeof value === 'string' && (isState(value) || (/^(?:(?:request_?)?term\w*|tsc?|session_?state|state)$/i.test(name) && (fourLetters.test(value) || twoLetters.test(value))))) ?? []
  if (typeof state !== 'string') return null
  const known = requestFrom({ ...fields, request: fields['request'] ?? fields['httpRequest'] ?? fields['http_request'] })
  const timers = /^([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)$/.exec(Object.values(fields).find((value): value is string => typeof value === 'string' && /^[-+\d]+(?:\/[-+\d]+){4}$/.test(value)) ?? '')
  const totalMs = timers ? numberOf(timers[5]) : numberIn(numberish(fields['Ta'] ?? fields['Tt']) ?? fields['total_response_time'] ?? fields['total_duration'] ?? fields['time_total'] ?? fields['duration'] ?? fields['total_time']) ?? known.durationMs
  const server = textOf(fields['server'] ?? fields['server_name'] ?? fields['srv'])
  return [factOf({
    ...placeOf(line), timeMs: parseAnyTime(String(fields['ts'] ?? fields['time'] ?? fields['timestamp'] ?? fields['date_time'] ?? '')) ?? line.wrapperTimeMs, timeOf: 'start',
    request: { ...known, durationMs: totalMs, upstreams: [] },
    signs: [endingSign({ who: state[0] ?? '-', when: state[1] ?? '-', status: known.status ?? 0, bytes: known.bytes ?? 0, tcp: state.length === 2 && known.status === null, noServer: server === '<NOSRV>', badRequest: /<BADREQ>/.test(line.text), totalMs })],
  })]
}

/** `haproxy_statusCode`, `haproxy.Tt`: fields that all carry the product's name are meant without it. */
function withoutPrefix(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.keys(fields).some((name) => /^haproxy[_.]/i.test(name)) ? Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.replace(/^haproxy[_.]/i, ''), value])) : fields
}

/** `+1281`: an unfinished session's values. */
function numberish(value: unknown): number | undefined {
  return value === undefined ? undefined : numberOf(String(value)) ?? undefined
}

/** Asked of every line of every log: cheap, and a line without a state is none of these. */
const stateSomewhere = /[\s"=|,[][-CSPLRDUKIcs][-RQCHDLT][-NIDVEOU][-NIUPRD](?=["\s,;|\]]|$)/

/** The state with the two letters of its cookie is nobody else's shape; without them only a name tells. */
const fourLetters = /^[-CSPLRDUKIcs][-RQCHDLT][-NIDVEOU][-NIUPRD]$/
const twoLetters = /^[-CSPLRDUKIcs][-RQCHDLT]$/

/** Without a name in front of it: letters alone might be any word. */
function isState(word: string): boolean {
  return fourLetters.test(word) && word.includes('-')
}

/** `option httplog clf`: five timers, the state, seven counters. */
const clfTimers = /(?: [-+]?\d+){4} ([-+]?\d+) [-CSPLRDUKIcs][-RQCHDLT][-NIDVEOU][-NIUPRD](?: \+?\d+){7}/

/** A log-format of one's own without names: the state stands alone, and timers or a process name show whose line it is. */
export function readLoose(line: Line): LogFact[] | null {
  if (!stateSomewhere.test(line.text)) return null
  const words = line.text.split(/[\s|;,"[\]]+/)
  const at = words.findIndex(isState)
  const timers = words.map((word) => /^(?:[-+]?\d+\/){4}([-+]?\d+)$/.exec(word)).find((match) => match !== null)
  const clf = clfTimers.exec(line.text)
  if (at < 0 || (!timers && !clf && !/^haproxy/i.test(line.origin ?? ''))) return null
  const request = /"([A-Z]{3,10}) (\S+)(?: HTTP\/[\d.]+)?"/.exec(line.text)
  const status = words.slice(0, at).toReversed().find((word) => /^[1-5]\d\d$/.test(word)) ?? words.slice(at + 1).find((word) => /^[1-5]\d\d$/.test(word))
  const badRequest = /<BADREQ>/.test(line.text)
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(/\[([^\]]+)\]/.exec(line.text)?.[1] ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({ method: request?.[1] ?? null, path: pathOf(request?.[2]), status: status ? Number(status) : null, durationMs: numberOf(timers?.[1] ?? clf?.[1]) }),
    signs: [endingSign({ who: words[at]?.[0] ?? '-', when: words[at]?.[1] ?? '-', status: Number(status ?? 0), bytes: 0, tcp: false, noServer: /<NOSRV>/.test(line.text), badRequest, totalMs: numberOf(timers?.[1] ?? clf?.[1]) })],
  })]
}

export function placeOf(line: Line) {
  return { file: line.file, line: line.number, product, text: line.text }
}

/** HAProxy writes -1 for a phase that was not reached and + before values of an unfinished session. */
export function numberOf(text: string | undefined): number | null {
  const value = Number((text ?? '').replace('+', ''))
  return Number.isFinite(value) && value >= 0 ? value : null
}

export function pathOf(url: string | undefined): string | null {
  return url ? url.replace(/^https?:\/\/[^/]+/, '') : null
}
