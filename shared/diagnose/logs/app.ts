import type { Cause } from '../../verdict/causes.ts'
import { requestFrom, textOf } from './access-fields.ts'
import { nginxAccessSigns, plainAccessSigns } from './access-signs.ts'
import { factOf, fine, requestOf, type LogFact, type Sign } from './fact.ts'
import { markIn } from './marks.ts'
import { goPhrases } from './phrases/go.ts'
import { nodePhrases } from './phrases/node.ts'
import { clientLibraryPhrases } from './phrases/others.ts'
import { signIn, type Phrase } from './phrases/phrase.ts'
import { platformPhrases } from './phrases/platforms.ts'
import { scriptTimeout } from './script-timeout.ts'
import { lineReader, type Line } from './reader.ts'
import { parseEntry, type Entry } from './structured.ts'
import { parseAnyTime, parseClfTime, parseIsoTime } from './time.ts'

const goLine = /^(?:[\w./-]{1,40}: )?(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?) (?!\[\w+\] \d+#\d+)(?:[\w./-]+\.go:\d+: )?(.*)$/s
const isoLine = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)[ \t]+(.*)$/s
const ginLine = /^\[GIN\] (\d{4}\/\d{2}\/\d{2}) - (\d{2}:\d{2}:\d{2}) \| (\d{3}) \| +([\d.]+)(ns|µs|ms|s|m\d[\d.]*s) \| +(\S+) \| (\w+) +"([^"]*)"/

/** Phrases with the runtime whose words they are; a line of unknown shape belongs to the runtime whose words it uses. */
const vocabularies: { runtime: string; phrases: readonly Phrase[] }[] = [
  { runtime: 'Go', phrases: goPhrases }, { runtime: 'Node', phrases: nodePhrases }, { runtime: '', phrases: clientLibraryPhrases },
]

/** Applications: Go's `log`, structured loggers, Node consoles and plain text. The words decide; the shape tells the runtime. */
export const appLog = lineReader('app', '', (line) => {
  return readGin(line) ?? readTraefik(line) ?? readStructured(line) ?? readGo(line) ?? readIso(line) ?? readPlain(line)
})

function readGin(line: Line): LogFact[] | null {
  const match = ginLine.exec(line.text)
  if (!match) return null
  const factor = { ns: 1e-6, 'µs': 1e-3, ms: 1, s: 1000 }[match[5] ?? ''] ?? 1000
  const request = requestOf({ status: Number(match[3]), durationMs: Number(match[4]) * factor, client: match[6] ?? null, method: match[7] ?? null, path: match[8] ?? null })
  return [factOf({ ...placeOf(line, 'Go'), timeMs: parseIsoTime(`${match[1]} ${match[2]}`), request, stage: 'response_returned', tookMs: request.durationMs, signs: plainAccessSigns(request) })]
}

/** Traefik's own settings behind Go's words. */
const traefikNames: Record<string, string> = { ResponseHeaderTimeout: 'forwardingTimeouts.responseHeaderTimeout', 'net.Dialer.Timeout': 'forwardingTimeouts.dialTimeout' }

/** Traefik names its source file, or (2.x) writes `'504 Gateway Timeout' caused by: ...`. */
function readTraefik(line: Line): LogFact[] | null {
  if (!/github\.com\/traefik\/|'\d{3} [A-Z][\w ]+' caused by: /.test(line.text)) return null
  const sign = signIn(`http: proxy error: ${line.text}`, goPhrases)
  if (!sign) return []
  const directive = sign.directive === null ? null : traefikNames[sign.directive] ?? sign.directive
  return [factOf({ ...placeOf(line, 'Traefik'), timeMs: parseAnyTime(line.text) ?? line.wrapperTimeMs, signs: [{ ...sign, directive }] })]
}

function readStructured(line: Line): LogFact[] | null {
  const entry = parseEntry(line.text)
  if (!entry || (entry.message === '' && entry.timeMs === null && entry.level === null && !('status' in entry.fields))) return null
  const runtime = runtimeOf(entry)
  const text = `${entry.message} ${detailsOf(entry)}`
  const facts = signsAndMarks(line, runtime, text, entry.timeMs ?? line.wrapperTimeMs, entry.fields)
  const request = requestFrom(entry.fields)
  // Upstream times are nginx's variables, whatever the fields of its JSON format are called.
  if (request.upstreams.length > 0 && request.status !== null) return [factOf({ ...placeOf(line, 'nginx'), timeMs: entry.timeMs ?? line.wrapperTimeMs, request, signs: nginxAccessSigns(request, null) })]
  if (request.status === null && request.id === null && request.path === null) return facts
  if (facts.length > 0) return facts.map((fact) => ({ ...fact, request, thread: request.id ?? fact.thread }))
  if (request.status === null && request.durationMs === null) return []
  return [factOf({ ...placeOf(line, runtime), timeMs: entry.timeMs, request, thread: request.id, signs: plainAccessSigns(request) })]
}

/** Fields in which loggers put what went wrong. */
function detailsOf(entry: Entry): string {
  const keys = ['error', 'err', 'err.message', 'err.code', 'context_error', 'ctx_error', 'ctxErr', 'ctx_err', 'jsonPayload.statusDetails', 'jsonPayload.message', 'record.status', 'outcome', 'integration_error', 'error.message', 'error.code', 'cause', 'exception', 'stack', 'exc_info', 'stderr', 'reason', 'Reason', 'integrationError', 'integrationErrorMessage', 'errorMessage', 'error.messageString', 'statusDetails']
  const child = entry.fields['killed'] === true && typeof entry.fields['signal'] === 'string' ? [`killed: true, signal: ${entry.fields['signal']}`] : []
  return [...keys.map((key) => textOf(entry.fields[key]) ?? '').filter((text) => text !== ''), ...child].join(' ')
}

/** pino and bunyan number their levels and add pid and hostname; everything else keeps its runtime to itself. */
function runtimeOf(entry: Entry): string {
  if (typeof entry.fields['level'] === 'number' && 'pid' in entry.fields) return 'Node'
  if (/Python script execution|python3 not found/.test(entry.message) || 'caller' in entry.fields || 'level' in entry.fields && 'ts' in entry.fields) return 'Go'
  return ''
}

function readGo(line: Line): LogFact[] | null {
  const match = goLine.exec(line.text)
  if (!match) return null
  return signsAndMarks(line, 'Go', match[2] ?? '', parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs, {})
}

function readIso(line: Line): LogFact[] | null {
  const match = isoLine.exec(line.text)
  if (!match) return null
  // zap’s console encoder names the place in the source; a Node console has nothing but the time.
  return signsAndMarks(line, /\b[\w/-]+\.go:\d+/.test(match[2] ?? '') ? 'Go' : /Z$/.test(match[1] ?? '') ? 'Node' : '', match[2] ?? '', parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs, {})
}

/** A line without a header: only words with a meaning are taken, everything else is left for others. */
function readPlain(line: Line): LogFact[] | null {
  const facts = signsAndMarks(line, '', line.text, line.wrapperTimeMs ?? parseClfTime(line.text), {})
  return facts.length > 0 ? facts : null
}

function signsAndMarks(line: Line, runtime: string, message: string, timeMs: number | null, fields: Readonly<Record<string, unknown>>): LogFact[] {
  const sign = scriptTimeout(message, fields) ?? perhapsClient(signOf(message, runtime), message)
  const mark = markIn(message, fields)
  if (!sign && !mark) return []
  const signs: Sign[] = sign ? [sign] : mark?.answered ? [fine('the answer was written without an error, as far as the writer could tell')] : []
  return [factOf({ ...placeOf(line, sign?.product ?? runtime), timeMs, signs, stage: mark?.stage ?? null, tookMs: mark?.tookMs ?? tookIn(message) })]
}

/** What a limit on a call is called where the program is nobody’s gateway. */
const asClient: Partial<Record<Cause, Cause[]>> = { 'proxy.read': ['client.total', 'client.first_byte'], 'proxy.connect': ['client.connect'] }
/** Whoever speaks so stands in the middle of a flow. */
const inTheMiddle = /\bprox(?:y|ied)|upstream|gateway|\[HPM\]|forward|next hop|backend|handler|serving/i
/** A call that gave up reads the same in the log of a gateway and of a program that is the client itself. */
const mostForACall = 0.88

function perhapsClient(sign: Sign | null, message: string): Sign | null {
  const others = sign?.role === 'acts' && sign.product === undefined || sign?.role === 'acts' && runtimes.has(sign.product ?? '') ? asClient[sign.cause] : undefined
  if (!sign || !others || inTheMiddle.test(message)) return sign
  return { ...sign, confidence: Math.min(mostForACall, sign.confidence), orElse: [...new Set([...(sign.orElse ?? []), ...others])] }
}

const runtimes = new Set(['', 'Go', 'Node', 'Python'])

function signOf(message: string, runtime: string): Sign | null {
  const platform = signIn(message, platformPhrases)
  if (platform) return platform
  for (const vocabulary of runtime === '' ? vocabularies : vocabularies.toSorted((a, b) => Number(b.runtime === runtime) - Number(a.runtime === runtime))) {
    const sign = signIn(message, vocabulary.phrases)
    // Words of one runtime tell more than a line's shape, which is a guess.
    if (sign) return { ...sign, product: sign.product ?? (vocabulary.runtime || runtime) }
  }
  return null
}

function tookIn(message: string): number | null {
  const match = /after (\d+(?:\.\d+)?) ?(ms|s)\b/.exec(message)
  if (!match) return null
  return match[2] === 's' ? Number(match[1]) * 1000 : Number(match[1])
}

function placeOf(line: Line, product: string) {
  return { file: line.file, line: line.number, product, text: line.text }
}
