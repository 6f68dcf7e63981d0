import { fitsLimit } from '../products.ts'
import { acts, factOf, fine, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { parseClfTime, parseIsoTime } from './time.ts'

const product = 'Squid'
const accessLine = /^(\d{9,10}\.\d{3}) +(\d+) (\S+) ([A-Z_]+)\/(\d{3}) (\d+) (\S+) (\S+) \S+ ([A-Z_]+)\/(\S+)/
const combinedLine = /^(\S+) \S+ \S+ \[([^\]]{8,30})\] "([^"]*)" (\d{1,3}) (\d+) .*" ([A-Z_]+):([A-Z_]+)$/
const cacheLine = /^(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2})(?:\.\d+)?(?: kid\d+)?\| (.*)$/s

/** Squid's native access log and its cache.log. */
export const squidLog = lineReader('squid', product, (line) => readAccess(line) ?? readCombined(line) ?? readCache(line))

function readAccess(line: Line): LogFact[] | null {
  const match = accessLine.exec(line.text)
  if (!match) return null
  const [, time, took, client, result, status, bytes, method, url, hierarchy] = match
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: Number(time) * 1000,
    request: requestOf({ client: client ?? null, method: method ?? null, path: (url ?? '').replace(/^\w+:\/\/[^/]+/, '') || null, status: Number(status), durationMs: Number(took), bytes: Number(bytes) }),
    signs: [accessSign(result ?? '', Number(status), hierarchy ?? '', Number(took))],
  })]
}

/** `logformat combined`: the common format, with result and hierarchy at its end. It has no duration. */
function readCombined(line: Line): LogFact[] | null {
  const match = combinedLine.exec(line.text)
  if (!match) return null
  const [, client, time, words, status, bytes, result, hierarchy] = match
  const [method, url] = (words ?? '').split(' ')
  const known = /^[A-Z]+$/.test(method ?? '')
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: parseClfTime(time ?? '') ?? line.wrapperTimeMs,
    request: requestOf({ client: client ?? null, method: known ? method ?? null : null, path: known ? (url ?? '').replace(/^\w+:\/\/[^/]+/, '') || null : null, status: Number(status) || null, bytes: Number(bytes) }),
    signs: [accessSign(result ?? '', Number(status), hierarchy ?? '', 0)],
  })]
}

const leastWaitMs = 5000
/** `connect_timeout` where nobody sets it (squid.conf.documented). */
const connectDefaultMs = 60_000

/** The hierarchy code tells whether a peer was asked at all: HIER_NONE means none could be. */
function accessSign(result: string, status: number, hierarchy: string, tookMs: number): Sign {
  const nobody = /NONE/.test(hierarchy)
  if (/ABORTED/.test(result) || status === 499) return sees('client.canceled', `${result}: the client left first`)
  if (/DENIED/.test(result)) return acts('proxy.rejected', `${result}: an access rule refused the request`, { directive: 'http_access' })
  if (status === 408) return acts('proxy.client_header', '408: the request did not arrive within `request_timeout`', { directive: 'request_timeout', orElse: ['proxy.client_body'] })
  if (status === 413) return acts('proxy.rejected', '413: the request is larger than `request_body_max_size`', { directive: 'request_body_max_size' })
  if (status === 504 && !nobody) return acts('proxy.read', 'a peer was asked and sent nothing for `read_timeout`', { directive: 'read_timeout', orElse: ['proxy.connect'] })
  if (status >= 502 && status <= 504 && nobody) {
    return tookMs >= 500 ? acts('proxy.connect', 'no peer could be reached in time', { directive: 'connect_timeout', confidence: 0.7, orElse: ['proxy.backend_down', 'proxy.refused'] })
      : acts('proxy.backend_down', 'HIER_NONE: Squid had no usable peer, and said so at once', { confidence: 0.75, orElse: ['proxy.refused', 'proxy.connect', 'network.dns'] })
  }
  // A refusal comes at once: what took seconds was waited for.
  if (status === 503 && tookMs >= leastWaitMs) return acts('proxy.connect', `503 after ${Math.round(tookMs / 1000)} s: the peer did not accept within \`connect_timeout\``, { directive: 'connect_timeout', limitMs: fitsLimit(product, connectDefaultMs, tookMs) ? connectDefaultMs : null, confidence: 0.8, orElse: ['proxy.refused', 'proxy.backend_down'] })
  if (status === 503) return hint('proxy.refused', '503: the peer could not be reached', { orElse: ['proxy.connect', 'proxy.backend_down'] })
  if (status === 502) return sees('proxy.bad_gateway', 'a peer was asked and its answer was empty or broken', { confidence: 0.85 })
  return fine(`answered ${status}`)
}

const phrases: [RegExp, () => Sign][] = [
  [/No object data received|Invalid Response: (?:Bad|No)/, () => sees('proxy.bad_gateway', 'the peer closed without an answer, or its answer was invalid')],
  [/TCP connection to \S+ failed|connect(?:ion)? to \S+ .*(?:failed|refused)/i, () => hint('proxy.refused', 'a peer could not be reached', { orElse: ['proxy.connect'] })],
  [/Detected DEAD (?:Parent|Sibling)|No such server|peer .* is down/i, () => hint('proxy.backend_down', 'a peer was marked as dead', { confidence: 0.7 })],
  [/Unable to determine IP address|Invalid DNS|DNS/i, () => hint('network.dns', 'a name could not be resolved', { confidence: 0.4 })],
  [/Your cache is running out of filedescriptors|too many open files/i, () => acts('os.open_files', 'Squid had no file descriptor left', { confidence: 0.85 })],
  [/FATAL:|assertion failed|Squid Cache .*: Terminated abnormally/, () => acts('proxy.stopped', 'Squid ended by itself', { confidence: 0.85 })],
]

function readCache(line: Line): LogFact[] | null {
  const match = cacheLine.exec(line.text)
  if (!match) return null
  const message = match[2] ?? ''
  // Digest traffic and start-up lines name peers and DNS too, and mean nothing.
  if (/digest|Adding nameserver|DNS Socket|DNS IPv|Configuring/.test(message)) return []
  const found = phrases.find(([pattern]) => pattern.test(message))
  if (!found) return []
  return [factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs, signs: [found[1]()] })]
}
