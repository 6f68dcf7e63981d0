import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { lineCounter } from './json-lines.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { balanced, blankComments, topLevelParts } from './source-text.ts'

const product = 'Go'
interface Kind { layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }

const serverFields: Record<string, Kind> = {
  ReadTimeout: { layer: 'gateway', cause: 'gateway.read', alsoCauses: ['gateway.read_header', 'gateway.idle'], counts: 'request', meaning: 'Header and body must have been read; no effect after that. Stands in for IdleTimeout where that is not set.' },
  ReadHeaderTimeout: { layer: 'gateway', cause: 'gateway.read_header', counts: 'request', meaning: 'The request header must have been read.' },
  WriteTimeout: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'An answer written later is lost. It does not interrupt the handler: the client hears of it when the handler ends.' },
  IdleTimeout: { layer: 'gateway', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' },
}
const clientFields: Record<string, Kind> = { Timeout: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning: 'For the whole call, reading the body included.' } }
const transportFields: Record<string, Kind> = {
  ResponseHeaderTimeout: { layer: 'client', cause: 'client.first_byte', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'For the answer’s header.' },
  TLSHandshakeTimeout: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For the TLS handshake.' },
  IdleConnTimeout: { layer: 'client', cause: null, counts: 'idle', meaning: 'How long an idle connection is kept for reuse.' },
  ExpectContinueTimeout: { layer: 'client', cause: null, counts: 'wait', meaning: 'For a 100 Continue.' },
}
const dialerFields: Record<string, Kind> = { Timeout: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting.' } }
const literals: Record<string, { fields: Record<string, Kind>; prefix: string }> = {
  'http.Server': { fields: serverFields, prefix: '' }, 'http.Client': { fields: clientFields, prefix: 'http.Client.' }, 'http.Transport': { fields: transportFields, prefix: '' }, 'net.Dialer': { fields: dialerFields, prefix: 'net.Dialer.' },
}

/** Go source: server, client, transport and dialer literals, contexts, TimeoutHandler. `30` without a unit is 30 ns. */
export const goSource: ConfigReader = {
  id: 'go-source', kind: 'Go source',
  recognises: ({ file, text }) => /^package\s+\w+\s*$/m.test(text) && /\b(?:func|import|const|var|type)\b/.test(text) ? 0.98 : /\.go$/.test(file) || /\b(?:http\.Server|http\.Client|net\.Dialer|http\.Transport)\s*\{|context\.With(?:Timeout|Deadline)\(|http\.TimeoutHandler\(/.test(text) && /time\.(?:Second|Millisecond|Duration|Minute)|:=|Timeout:\s*\d/.test(text) ? 0.85 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const source = blankComments(text, 'go')
    const lineOf = lineCounter(source)
    const constants = constantsOf(source)
    const gateway = /http\.Server\b|http\.ListenAndServe|gin\.|echo\.New|chi\.NewRouter|mux\.NewRouter|http\.HandleFunc/.test(source)
    const at = (offset: number) => lineOf(offset)
    return { limits: [...fromLiterals(source, file, at, constants, gateway, notes), ...fromCalls(source, file, at, constants, gateway, notes)], notes }
  },
}

/** Durations of `const` and `var` lines, in ns. */
function constantsOf(source: string): Map<string, number> {
  const constants = new Map<string, number>()
  for (const match of source.matchAll(/(?:^|\n)[ \t]*(?:const\s+|var\s+)?(\w+)(?:\s+time\.Duration)?\s*(?:=|:=)\s*([^\n=]{1,120})/g)) {
    const ns = durationNs(match[2] ?? '', constants)
    if (ns !== null && /time\.|\d/.test(match[2] ?? '') && constants.size < 5000) constants.set(match[1] ?? '', ns)
  }
  return constants
}

function fromLiterals(source: string, file: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>, gateway: boolean, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const limits: DiagnosedLimit[] = []
  for (const match of source.matchAll(/\b(http\.Server|http\.Client|http\.Transport|net\.Dialer)\s*\{/g)) {
    const kinds = literals[match[1] ?? '']
    const open = match.index + match[0].length - 1
    const body = kinds ? balanced(source, open, 8000) : null
    if (!kinds || body === null) continue
    for (const [name, kind] of Object.entries(kinds.fields)) {
      const field = fieldIn(body, name)
      if (!field) continue
      limits.push(limitFrom(`${kinds.prefix}${name}`, field.value, kind, file, at(open + 1 + field.offset), constants, gateway, notes))
    }
  }
  for (const match of source.matchAll(/\b\w+\.(ReadTimeout|ReadHeaderTimeout|WriteTimeout|IdleTimeout)\s*=\s*([^\n;]{1,120})/g)) {
    const kind = serverFields[match[1] ?? '']
    if (kind) limits.push(limitFrom(match[1] ?? '', (match[2] ?? '').trim(), kind, file, at(match.index), constants, gateway, notes))
  }
  return limits
}

/** A field at the top level of a literal's body. */
function fieldIn(body: string, name: string): { value: string; offset: number } | null {
  let offset = 0
  for (const part of topLevelParts(body)) {
    const found = body.indexOf(part, offset)
    offset = found >= 0 ? found : offset
    const match = new RegExp(String.raw`^${name}\s*:\s*([\s\S]+)$`).exec(part)
    if (match) return { value: (match[1] ?? '').trim(), offset }
  }
  return null
}

const calls: { pattern: RegExp; argument: number; directive: string; kind: Kind }[] = [
  { pattern: /\bcontext\.WithTimeout(?:Cause)?\(/g, argument: 1, directive: 'context.WithTimeout', kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['gateway.handler', 'proxy.read', 'client.total'], counts: 'total', meaning: 'Whatever runs under this context is cancelled when it passes.' } },
  { pattern: /\bhttp\.TimeoutHandler\(/g, argument: 1, directive: 'http.TimeoutHandler', kind: { layer: 'gateway', cause: 'gateway.handler', counts: 'total', meaning: 'The handler must have answered; 503 and a cancelled context when it passes.' } },
  { pattern: /\bnet\.DialTimeout\(/g, argument: 2, directive: 'net.DialTimeout', kind: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting.' } },
  { pattern: /\bmiddleware\.Timeout(?:WithConfig)?\(/g, argument: 0, directive: 'middleware.Timeout', kind: { layer: 'gateway', cause: 'gateway.handler', counts: 'total', meaning: 'The router’s limit on a handler: its context is cancelled.' } },
  { pattern: /\.Shutdown\(ctx|\bSetWriteDeadline\(time\.Now\(\)\.Add\(/g, argument: 0, directive: 'SetWriteDeadline', kind: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'An answer written later is lost.' } },
]

function fromCalls(source: string, file: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>, gateway: boolean, notes: DiagnosisNote[]): DiagnosedLimit[] {
  return calls.flatMap((call) => [...source.matchAll(call.pattern)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
    const open = match.index + match[0].length - 1
    const inside = source[open] === '(' ? balanced(source, open, 2000) : null
    const value = inside === null ? undefined : topLevelParts(inside)[call.argument]
    return value === undefined ? [] : [limitFrom(call.directive, value, call.kind, file, at(match.index), constants, gateway, notes)]
  }))
}

function limitFrom(directive: string, written: string, kind: Kind, file: string, line: number, constants: ReadonlyMap<string, number>, gateway: boolean, notes: DiagnosisNote[]): DiagnosedLimit {
  const ns = durationNs(written, constants)
  const short = written.replaceAll(/\s+/g, ' ').slice(0, 120)
  if (ns === null) notes.push(noteOf(file, line, `${directive}: ${short}: set at run time, its value is not known here`))
  // A gateway's own call to a next hop is the proxy's side of that hop.
  const forwards = gateway && kind.layer === 'client'
  const cause = forwards ? kind.alsoCauses?.[0] ?? kind.cause : kind.cause
  return limitOf({ layer: forwards && cause?.startsWith('proxy') ? 'proxy' : kind.layer, product, directive, valueMs: ns !== null && ns > 0 ? ns / 1e6 : null, asWritten: short, file, line, enforced: ns === null || ns > 0, meaning: kind.meaning, cause, alsoCauses: [...(kind.alsoCauses ?? []), ...(kind.cause ? [kind.cause] : [])].filter((other) => other !== cause), counts: kind.counts })
}

const timeUnits: Record<string, number> = { Nanosecond: 1, Microsecond: 1e3, Millisecond: 1e6, Second: 1e9, Minute: 6e10, Hour: 3.6e12 }

/** `30 * time.Second`, `time.Duration(30) * time.Second`, `500e6`, a constant's name; null for what is computed elsewhere. */
export function durationNs(expression: string, constants: ReadonlyMap<string, number>): number | null {
  let value = 1
  for (const factor of expression.trim().replace(/[,;]\s*$/, '').split('*')) {
    const text = factor.trim().replace(/^time\.Duration\((.*)\)$/, '$1').replaceAll(/(?<=\d)_(?=\d)/g, '').trim()
    const unit = /^time\.(\w+)$/.exec(text)
    const number = unit ? timeUnits[unit[1] ?? ''] ?? null : /^\d+(?:\.\d+)?(?:e\d+)?$/i.test(text) ? Number(text) : constants.get(text) ?? null
    if (number === null) return null
    value *= number
  }
  return value
}
