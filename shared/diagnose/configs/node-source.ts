import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { lineCounter } from './json-lines.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { balanced, blankComments, numberIn, topLevelParts } from './source-text.ts'

interface Kind { layer: LayerId; product: string; directive?: string; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[]; size?: boolean }

const node = { layer: 'gateway' as const, product: 'Node' }
/** Settings of Node's own server, by property. */
const serverSettings: Record<string, Kind> = {
  requestTimeout: { ...node, directive: 'server.requestTimeout', cause: 'gateway.read', alsoCauses: ['gateway.read_header'], counts: 'request', meaning: 'The whole request must have arrived (300 s by default). Looked at every connectionsCheckingInterval, 30 s unless set.' },
  headersTimeout: { ...node, directive: 'server.headersTimeout', cause: 'gateway.read_header', counts: 'request', meaning: 'The request header must have arrived (60 s by default). Looked at every connectionsCheckingInterval.' },
  keepAliveTimeout: { ...node, directive: 'server.keepAliveTimeout', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request (5 s by default, plus a second).' },
  connectionsCheckingInterval: { ...node, directive: 'connectionsCheckingInterval', cause: null, counts: 'other', meaning: 'How often requestTimeout and headersTimeout are looked at.' },
  connectionTimeout: { ...node, product: 'fastify', directive: 'connectionTimeout', cause: 'gateway.idle', counts: 'wait', meaning: 'Fastify: longest silence of a socket.' },
}

interface CallRule { call: RegExp; fields: Record<string, Kind> }
const client = { layer: 'client' as const }
const total = (product: string, directive: string, meaning: string): Kind => ({ ...client, product, directive, cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning })

/** Options of calls, by the function's name. */
const callRules: readonly CallRule[] = [
  { call: /\b(?:http-proxy['"]\)|httpProxy|createProxyServer|createProxyMiddleware|createServer)\s*(?:\.createProxyServer)?\s*\(/g, fields: {
    proxyTimeout: { layer: 'proxy', product: 'http-proxy', directive: 'proxyTimeout', cause: 'proxy.read', alsoCauses: ['proxy.connect'], counts: 'wait', meaning: 'Longest silence of the target.' },
    timeout: { layer: 'proxy', product: 'http-proxy', directive: 'timeout', cause: 'proxy.idle', alsoCauses: ['gateway.idle'], counts: 'wait', meaning: 'Longest silence of the incoming socket: a waiting client counts as silent.' },
  } },
  { call: /\b(?:axios(?:\.(?:create|get|post|put|patch|delete|head|request))?|axios\.defaults)\s*\(/g, fields: { timeout: total('axios', 'timeout', 'axios: for the answer, in milliseconds (0 is none).') } },
  { call: /\bhttps?\.(?:get|request)\s*\(/g, fields: { timeout: { ...client, product: 'Node', directive: 'http.request timeout', cause: 'client.first_byte', alsoCauses: ['client.read', 'proxy.read'], counts: 'wait', meaning: 'Only an event: nothing is cut unless the program destroys the request.' } } },
  { call: /\bnew\s+(?:undici\.)?(?:Agent|Pool|Client|ProxyAgent)\s*\(/g, fields: {
    headersTimeout: { ...client, product: 'undici', cause: 'client.first_byte', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'For the answer’s header (300 s by default).' },
    bodyTimeout: { ...client, product: 'undici', cause: 'client.read', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'Longest pause within the body (300 s by default).' },
    connectTimeout: { ...client, product: 'undici', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting (10 s by default).' },
    timeout: { ...client, product: 'undici', directive: 'connect.timeout', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting (10 s by default).' },
  } },
  { call: /\bgot(?:\.\w+)?\s*\(/g, fields: { request: total('got', 'timeout.request', 'got: for the whole call.'), response: { ...client, product: 'got', directive: 'timeout.response', cause: 'client.first_byte', counts: 'wait', meaning: 'got: for the first byte.' }, connect: { ...client, product: 'got', directive: 'timeout.connect', cause: 'client.connect', counts: 'connect', meaning: 'got: for connecting.' } } },
  { call: /\b(?:execFile|exec|spawn|execFileSync|execSync|spawnSync|fork|execa)\s*\(/g, fields: {
    timeout: { layer: 'connector', product: 'Node', directive: 'child_process timeout', cause: 'connector.python', counts: 'total', meaning: 'The child gets killSignal (SIGTERM unless set) when it passes; one that ignores it runs on.' },
    maxBuffer: { layer: 'connector', product: 'Node', directive: 'maxBuffer', cause: 'script.output_limit', counts: 'size', size: true, meaning: 'Most output of a child (1 MiB by default); it is killed above.' },
  } },
  { call: /\b(?:[fF]astify|require\(['"]fastify['"]\))\s*\(/g, fields: { ...serverSettings, bodyLimit: { ...node, product: 'fastify', directive: 'bodyLimit', cause: 'gateway.rejected', counts: 'size', size: true, meaning: 'Largest request body (1 MiB by default).' } } },
  { call: /\bhttps?\.createServer\s*\(/g, fields: serverSettings },
]

interface Argument { call: RegExp; argument: number; kind: Kind; seconds?: boolean }
const argumentRules: readonly Argument[] = [
  { call: /\bAbortSignal\.timeout\s*\(/g, argument: 0, kind: total('Node', 'AbortSignal.timeout', 'For the whole call.') },
  { call: /\bserver\.setTimeout\s*\(/g, argument: 0, kind: { ...node, directive: 'server.setTimeout', cause: 'gateway.idle', counts: 'wait', meaning: 'Longest silence of a socket: the server destroys it.' } },
  { call: /\b(?:req|request|socket)\.setTimeout\s*\(/g, argument: 0, kind: { ...client, product: 'Node', directive: 'setTimeout', cause: 'client.first_byte', alsoCauses: ['proxy.read', 'gateway.idle'], counts: 'wait', meaning: 'Longest silence of the socket.' } },
]

/** JavaScript and TypeScript: servers, clients, proxies and children of Node. Values are milliseconds; above 2^31 they fire at once. */
export const nodeSource: ConfigReader = {
  id: 'node-source', kind: 'JavaScript source',
  recognises: ({ file, text }) => /\b(?:require\(['"][\w@/.:-]+['"]\)|import\s[^;\n]{0,200}\sfrom\s+['"]|module\.exports|export\s+(?:default|const|function|class))/.test(text) ? (/\.[cm]?[jt]sx?$/.test(file) ? 0.95 : 0.85) : /\.[cm]?[jt]sx?$/.test(file) ? 0.7 : /\b(?:axios\.(?:create|get|post)|AbortSignal\.timeout|fetch)\s*\(/.test(text) && /timeout/i.test(text) ? 0.6 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const source = blankComments(text, 'js')
    const at = lineCounter(source)
    const reading = new SourceReading(file, source, at, constantsOf(source), notes, /createServer|listen\(|express\(|fastify/.test(source))
    const options = callRules.flatMap((rule) => reading.options(rule))
    const assigned = [...source.matchAll(/\b\w+\.(requestTimeout|headersTimeout|keepAliveTimeout|timeout)\s*=(?!=)\s*([^\n;]{1,80})/g)].flatMap((match): DiagnosedLimit[] => {
      const kind = match[1] === 'timeout' ? { ...node, directive: 'server.timeout', cause: 'gateway.idle' as const, counts: 'wait' as const, meaning: 'Longest silence of a socket: the server destroys it.' } : serverSettings[match[1] ?? '']
      const owner = match[0].split('.')[0] ?? ''
      return kind && (match[1] !== 'timeout' || /server|srv/i.test(owner)) ? [reading.limit(kind, match[2] ?? '', match.index)] : []
    })
    const limits = [...options, ...argumentRules.flatMap((rule) => reading.arguments(rule)), ...assigned, ...expressTimeout(reading, source)]
    return { limits: limits.filter((limit, index) => limits.findIndex((other) => other.line === limit.line && other.directive === limit.directive && other.asWritten === limit.asWritten) === index).map((limit) => interval(limit, limits)), notes }
  },
}

/** A limit that is only looked at now and then is late by as much. */
function interval(limit: DiagnosedLimit, all: readonly DiagnosedLimit[]): DiagnosedLimit {
  if (!/requestTimeout|headersTimeout/.test(limit.directive)) return limit
  const checked = all.find((other) => other.directive === 'connectionsCheckingInterval')?.valueMs ?? 30_000
  return limit.valueMs !== null && limit.valueMs < checked ? { ...limit, meaning: `${limit.meaning} With ${limit.valueMs} ms it may fire up to ${checked / 1000} s late.` } : limit
}

function expressTimeout(reading: SourceReading, source: string): DiagnosedLimit[] {
  return [...source.matchAll(/\btimeout\s*\(\s*['"](\d+(?:\.\d+)?)(ms|s|m)['"]\s*\)/g)].map((match) => limitOf({ layer: 'gateway', product: 'Node', directive: 'connect-timeout', valueMs: Number(match[1]) * ({ ms: 1, s: 1000, m: 60_000 }[match[2] ?? 'ms'] ?? 1), asWritten: `${match[1]}${match[2]}`, file: reading.file, line: reading.at(match.index), meaning: 'The handler must have answered; 503 when it passes.', cause: 'gateway.handler', counts: 'total' }))
}

function constantsOf(source: string): Map<string, number> {
  const constants = new Map<string, number>()
  for (const match of source.matchAll(/\b(?:const|let|var)\s+(\w+)\s*(?::\s*\w+)?=\s*([\d_.*\s]+)[;\n]/g)) {
    const value = numberIn(match[2] ?? '', constants)
    if (value !== null && constants.size < 5000) constants.set(match[1] ?? '', value)
  }
  return constants
}

/** setTimeout's largest delay; a larger one fires after 1 ms. */
export const mostTimer = 2 ** 31 - 1

class SourceReading {
  readonly file: string
  readonly #source: string
  readonly at: (offset: number) => number
  readonly #constants: ReadonlyMap<string, number>
  readonly #notes: DiagnosisNote[]
  readonly #serves: boolean

  constructor(file: string, source: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>, notes: DiagnosisNote[], serves: boolean) {
    this.file = file
    this.#source = source
    this.at = at
    this.#constants = constants
    this.#notes = notes
    this.#serves = serves
  }

  /** Fields of the object literals a call is given, at any depth. */
  options(rule: CallRule): DiagnosedLimit[] {
    return [...this.#source.matchAll(rule.call)].slice(0, 500).flatMap((match) => {
      const open = match.index + match[0].length - 1
      const inside = balanced(this.#source, open)
      if (inside === null) return []
      return Object.entries(rule.fields).flatMap(([name, kind]) => [...inside.matchAll(new RegExp(String.raw`(?:^|[\s{,])${name}\s*:\s*([^,}\n]{1,80})`, 'g'))].map((field) => this.limit(this.#named(kind, match[0]), field[1] ?? '', open + 1 + field.index + field[0].search(/\S/))))
    })
  }

  arguments(rule: Argument): DiagnosedLimit[] {
    return [...this.#source.matchAll(rule.call)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
      const inside = balanced(this.#source, match.index + match[0].length - 1, 400)
      const value = inside === null ? undefined : topLevelParts(inside)[rule.argument]
      return value === undefined ? [] : [this.limit(rule.kind, value, match.index)]
    })
  }

  #named(kind: Kind, call: string): Kind {
    return kind.product === 'http-proxy' && /Middleware/.test(call) ? { ...kind, product: 'http-proxy-middleware' } : kind
  }

  limit(kind: Kind, written: string, offset: number): DiagnosedLimit {
    const text = written.trim().slice(0, 80)
    const value = numberIn(text, this.#constants)
    const line = this.at(offset)
    if (value === null && !kind.size) this.#notes.push(noteOf(this.file, line, `${kind.directive ?? kind.product}: ${text}: set at run time, its value is not known here`))
    const wraps = value !== null && value > mostTimer && !kind.size
    const forwards = this.#serves && kind.layer === 'client' && kind.alsoCauses?.includes('proxy.read') === true
    const cause = forwards ? 'proxy.read' : kind.cause
    return limitOf({
      layer: forwards ? 'proxy' : kind.layer, product: kind.product, directive: kind.directive ?? (text === '' ? kind.product : nameOf(kind)), valueMs: kind.size ? null : value === null || value <= 0 ? null : wraps ? wrapped(kind) : value, asWritten: text, file: this.file, line,
      enforced: kind.size === true || value === null || value > 0, meaning: wraps ? `${kind.meaning} ${text} does not fit into 31 bits.` : kind.meaning, cause, alsoCauses: [...(kind.alsoCauses ?? []), ...(kind.cause ? [kind.cause] : [])].filter((other) => other !== cause), counts: kind.counts,
    })
  }
}

/** What becomes of a value above 2^31: sockets truncate it, timers fire at once. */
function wrapped(kind: Kind): number {
  return kind.directive === 'server.setTimeout' || kind.directive === 'setTimeout' || kind.directive === 'server.timeout' ? mostTimer : 1
}

function nameOf(kind: Kind): string {
  if (kind.counts === 'connect') return 'connectTimeout'
  return kind.cause === 'client.read' ? 'bodyTimeout' : 'headersTimeout'
}
