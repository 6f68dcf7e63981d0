import { acts, factOf, fine, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { numberIn, parseKeyValues, requestFrom, textOf } from './access-fields.ts'
import { parseEntry } from './structured.ts'
import { parseAnyTime, parseClfTime } from './time.ts'

const product = 'HAProxy'
const httpLine = /^(\S+:\d+|unix:\d+) \[([^\]]+)\] (\S+?)~? (\S+?)\/(\S+) ([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+) (-?\d+) \+?(\d+) \S+ \S+ (\S)(\S)(\S)(\S) \S+ \S+(?: \{[^}]*\}){0,2} "(.*?)"?$/
const tcpLine = /^(\S+:\d+|unix:\d+) \[([^\]]+)\] (\S+?)~? (\S+?)\/(\S+) ([-+\d]+)\/([-+\d]+)\/([-+\d]+) \+?(\d+) (\S)(\S) \S+ \S+/

/** HAProxy's HTTP, TCP and process lines; termination states as its manual's section 8.5 lists them. */
export const haproxyLog = lineReader('haproxy', product, (line) => readHttp(line) ?? readTcp(line) ?? readNamed(line) ?? readLoose(line) ?? readProcess(line))

function readHttp(line: Line): LogFact[] | null {
  const match = httpLine.exec(line.text)
  if (!match) return null
  const [, client, time, , , server, , , connect, header, total, status, bytes, who, when] = match
  const words = match[17] ?? ''
  const [method, url] = words === '<BADREQ>' ? [null, null] : words.split(' ')
  const code = Number(status)
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({
      client: client ?? null, method: method ?? null, path: pathOf(url ?? undefined), status: code > 0 ? code : null, durationMs: numberOf(total), bytes: Number(bytes),
      upstreams: server === '<NOSRV>' ? [] : [{ address: server ?? null, status: null, connectMs: numberOf(connect), firstByteMs: numberOf(header), totalMs: null }],
    }),
    signs: [signOf({ who: who ?? '-', when: when ?? '-', status: code, bytes: Number(bytes), tcp: false, noServer: server === '<NOSRV>', badRequest: words.startsWith('<BADREQ>'), totalMs: numberOf(total) })],
  })]
}

function readTcp(line: Line): LogFact[] | null {
  const match = tcpLine.exec(line.text)
  if (!match) return null
  const [, client, time, , , server, , connect, total, bytes, who, when] = match
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({ client: client ?? null, durationMs: numberOf(total), bytes: Number(bytes), upstreams: [{ address: server ?? null, status: null, connectMs: numberOf(connect), firstByteMs: null, totalMs: null }] }),
    signs: [signOf({ who: who ?? '-', when: when ?? '-', status: 0, bytes: Number(bytes), tcp: true, noServer: server === '<NOSRV>', badRequest: false, totalMs: numberOf(total) })],
  })]
}

/** A log-format of one's own, as JSON or `key=value`: the four letters of the state are what tells. */
function readNamed(line: Line): LogFact[] | null {
  const fields: Readonly<Record<string, unknown>> | null = line.text.charCodeAt(0) === 0x7b ? parseEntry(line.text)?.fields ?? null : /[\w-]=/.test(line.text) ? parseKeyValues(line.text) : null
  if (!fields) return null
  const [, state] = Object.entries(fields).find(([name, value]) => typeof value === 'string' && (isState(value) || (/^(?:term\w*|tsc?|session_?state|(?:termination_?)?state)$/i.test(name) && (fourLetters.test(value) || twoLetters.test(value))))) ?? []
  if (typeof state !== 'string') return null
  const known = requestFrom(fields)
  const timers = /^([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)\/([-+\d]+)$/.exec(Object.values(fields).find((value): value is string => typeof value === 'string' && /^[-+\d]+(?:\/[-+\d]+){4}$/.test(value)) ?? '')
  const totalMs = timers ? numberOf(timers[5]) : numberIn(fields['Ta'] ?? fields['Tt'] ?? fields['time_total'] ?? fields['duration'] ?? fields['total_time']) ?? known.durationMs
  const server = textOf(fields['server'] ?? fields['server_name'] ?? fields['srv'])
  return [factOf({
    ...placeOf(line), timeMs: parseAnyTime(String(fields['ts'] ?? fields['time'] ?? fields['timestamp'] ?? fields['date_time'] ?? '')) ?? line.wrapperTimeMs, timeOf: 'start',
    request: { ...known, durationMs: totalMs, upstreams: [] },
    signs: [signOf({ who: state[0] ?? '-', when: state[1] ?? '-', status: known.status ?? 0, bytes: known.bytes ?? 0, tcp: state.length === 2 && known.status === null, noServer: server === '<NOSRV>', badRequest: /<BADREQ>/.test(line.text), totalMs })],
  })]
}

/** The state with the two letters of its cookie is nobody else's shape; without them only a name tells. */
const fourLetters = /^[-CSPLRDUKIcs][-RQCHDLT][-NIDVEOU][-NIUPRD]$/
const twoLetters = /^[-CSPLRDUKIcs][-RQCHDLT]$/

/** Without a name in front of it: letters alone might be any word. */
function isState(word: string): boolean {
  return fourLetters.test(word) && word.includes('-')
}

/** A log-format of one's own without names: the state stands alone, and timers or a process name show whose line it is. */
function readLoose(line: Line): LogFact[] | null {
  const words = line.text.split(/[\s|;,"[\]]+/)
  const at = words.findIndex(isState)
  const timers = words.map((word) => /^(?:[-+]?\d+\/){4}([-+]?\d+)$/.exec(word)).find((match) => match !== null)
  if (at < 0 || (!timers && !/^haproxy/i.test(line.origin ?? ''))) return null
  const request = /"([A-Z]{3,10}) (\S+)(?: HTTP\/[\d.]+)?"/.exec(line.text)
  const status = words.slice(0, at).toReversed().find((word) => /^[1-5]\d\d$/.test(word)) ?? words.slice(at + 1).find((word) => /^[1-5]\d\d$/.test(word))
  const badRequest = /<BADREQ>/.test(line.text)
  return [factOf({
    ...placeOf(line), timeMs: parseClfTime(/\[([^\]]+)\]/.exec(line.text)?.[1] ?? '') ?? line.wrapperTimeMs, timeOf: 'start',
    request: requestOf({ method: request?.[1] ?? null, path: pathOf(request?.[2]), status: status ? Number(status) : null, durationMs: numberOf(timers?.[1]) }),
    signs: [signOf({ who: words[at]?.[0] ?? '-', when: words[at]?.[1] ?? '-', status: Number(status ?? 0), bytes: 0, tcp: false, noServer: /<NOSRV>/.test(line.text), badRequest, totalMs: numberOf(timers?.[1]) })],
  })]
}

interface Ending { who: string; when: string; status: number; bytes: number; tcp: boolean; noServer: boolean; badRequest: boolean; totalMs: number | null }

/** The first letter tells who ended the session, the second in which phase. */
function signOf(ending: Ending): Sign {
  const state = ending.who + ending.when
  switch (ending.who) {
    case 'c': return clientTooSlow(ending, state)
    case 's': return serverTooSlow(ending, state)
    // Somebody connected and left without a request: a health check, a port scan.
    case 'C': return ending.badRequest ? fine(`${state} on <BADREQ>: a connection without a request`) : sees('client.canceled', `${state}: the client left`)
    case 'S': return serverBroke(ending, state)
    case 'P': return haproxyRefused(ending, state)
    case 'D': return acts('proxy.backend_down', `${state}: HAProxy killed the session because the health check took the server down`)
    case 'K': case 'U': return acts('proxy.stopped', `${state}: the session was killed by an administrator`)
    case 'R': return acts('proxy.rejected', `${state}: HAProxy ran out of a resource (memory, sockets, ports)`, { confidence: 0.85 })
    // `http-request return`, redirects, the statistics page: answered without a server.
    case 'L': return ending.status >= 400 ? acts('proxy.rejected', `${state}: a rule of HAProxy answered ${ending.status} itself`, { directive: 'http-request return', confidence: 0.88 }) : fine(`${state}: HAProxy answered itself`)
    case 'I': return acts('proxy.stopped', `${state}: HAProxy met an internal error`, { confidence: 0.7 })
    default: return fine(ending.status >= 500 ? `${state}: HAProxy passed on the server’s own ${ending.status}` : `${state}: HAProxy saw a normal end`)
  }
}

function clientTooSlow(ending: Ending, state: string): Sign {
  if (ending.tcp) return acts('proxy.idle', `${state}: in TCP mode the client is idle while it waits, and \`timeout client\` passed`, { directive: 'timeout client' })
  if (ending.status === 101) return acts('proxy.idle', `${state}: the upgraded connection was idle longer than \`timeout tunnel\``, { directive: 'timeout tunnel' })
  if (ending.when === 'R' && ending.badRequest) return acts('proxy.client_header', `${state} on <BADREQ>: the request header did not arrive within \`timeout http-request\``, { directive: 'timeout http-request' })
  if (ending.when === 'R') return acts('proxy.client_body', `${state}: the request body did not arrive within \`timeout http-request\``, { directive: 'timeout http-request' })
  if (ending.when === 'D' || ending.when === 'L') return acts('proxy.client_write', `${state}: the client did not read the answer within \`timeout client\``, { directive: 'timeout client' })
  return acts('proxy.client_body', `${state}: the client did not send the rest of its request within \`timeout client\``, { directive: 'timeout client', confidence: 0.85 })
}

function serverTooSlow(ending: Ending, state: string): Sign {
  if (ending.when === 'Q') return acts('proxy.queue', `${state}: no server slot came free within \`timeout queue\``, { directive: 'timeout queue' })
  if (ending.when === 'C') return acts('proxy.connect', `${state}: the server did not accept within \`timeout connect\` (tried again as often as \`retries\` says)`, { directive: 'timeout connect' })
  if (ending.status === 101) return acts('proxy.idle', `${state}: the upgraded connection was idle longer than \`timeout tunnel\``, { directive: 'timeout tunnel' })
  if (ending.tcp) return acts('proxy.read', `${state}: the server sent nothing for \`timeout server\``, { directive: 'timeout server', confidence: 0.85, orElse: ['proxy.idle'] })
  return acts('proxy.read', `${state}: the server sent nothing for \`timeout server\``, { directive: 'timeout server' })
}

function serverBroke(ending: Ending, state: string): Sign {
  if (ending.noServer) return acts('proxy.backend_down', `${state} with <NOSRV>: no server was up`)
  if (ending.when === 'C' || ending.when === 'Q') return acts('proxy.refused', `${state}: the server refused the connection`)
  return sees('proxy.bad_gateway', `${state}: the server closed before its answer was complete`)
}

function haproxyRefused(ending: Ending, state: string): Sign {
  if (ending.when === 'H') return sees('proxy.bad_gateway', `${state}: the server’s answer was invalid or blocked`)
  if (ending.when === 'D') return sees('proxy.bad_gateway', `${state}: the server’s body was malformed`)
  if (ending.when === 'C') return acts('proxy.rejected', `${state}: HAProxy’s own connection limit was reached`)
  return acts('proxy.rejected', `${state}: a rule of HAProxy refused the request`, { directive: ending.status === 403 ? 'http-request deny' : null })
}

const processLines: [RegExp, (match: RegExpExecArray) => Sign][] = [
  [/^(?:\[WARNING\][^:]*: )?Server (\S+) is DOWN, reason: (.{1,120})/, (match) => hint('proxy.backend_down', `server ${match[1]} was taken down: ${match[2]}`)],
  [/^(?:\[ALERT\][^:]*: )?(?:backend|proxy) '?(\S+?)'? has no server available/, (match) => hint('proxy.backend_down', `backend ${match[1]} had no server left`, { confidence: 0.8 })],
  [/^(?:\[\w+\][^:]*: )?(?:Proxy \S+ stopped|Stopping (?:frontend|backend|proxy) \S+|.*\bworker\b.*exited with code (?!0))/, () => hint('proxy.stopped', 'HAProxy was being stopped')],
]

function readProcess(line: Line): LogFact[] | null {
  if (line.origin !== null && !/^haproxy/i.test(line.origin)) return null
  for (const [pattern, sign] of processLines) {
    const match = pattern.exec(line.text)
    if (match) return [factOf({ ...placeOf(line), timeMs: line.wrapperTimeMs, signs: [sign(match)] })]
  }
  return line.origin === null ? null : []
}

function placeOf(line: Line) {
  return { file: line.file, line: line.number, product, text: line.text }
}

/** HAProxy writes -1 for a phase that was not reached and + before values of an unfinished session. */
function numberOf(text: string | undefined): number | null {
  const value = Number((text ?? '').replace('+', ''))
  return Number.isFinite(value) && value >= 0 ? value : null
}

function pathOf(url: string | undefined): string | null {
  return url ? url.replace(/^https?:\/\/[^/]+/, '') : null
}
