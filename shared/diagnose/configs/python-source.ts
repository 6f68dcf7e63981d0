import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { lineCounter } from './json-lines.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { balanced, blankComments, numberIn, topLevelParts } from './source-text.ts'

interface Kind { layer: LayerId; product: string; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }
interface CallRule { call: RegExp; keywords: Record<string, Kind>; positional?: { index: number; kind: Kind; name: string } }

const read = (product: string): Kind => ({ layer: 'client', product, cause: 'client.first_byte', alsoCauses: ['client.read', 'client.connect', 'proxy.read'], counts: 'wait', meaning: 'For connecting, and for each wait for data; not for the whole call.' })
const connect = (product: string): Kind => ({ layer: 'client', product, cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting.' })
const whole = (product: string, meaning = 'For the whole call.'): Kind => ({ layer: 'client', product, cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning })
const child: Kind = { layer: 'connector', product: 'Python', cause: 'connector.python', alsoCauses: ['script.exception'], counts: 'total', meaning: 'The child is killed and TimeoutExpired raised when it passes.' }

const callRules: readonly CallRule[] = [
  { call: /\brequests\.(?:get|post|put|patch|delete|head|options|request)\s*\(|\bsession\.(?:get|post|put|patch|delete|head|request)\s*\(/g, keywords: { timeout: read('requests') } },
  { call: /\bhttpx\.(?:get|post|put|patch|delete|head|request|stream|Client|AsyncClient|Timeout)\s*\(/g, keywords: { timeout: read('httpx'), connect: connect('httpx'), read: read('httpx'), pool: { ...connect('httpx'), meaning: 'For a connection of the client’s own pool.' }, write: { ...whole('httpx'), meaning: 'For the server to take the request.' } }, positional: { index: 0, name: 'timeout', kind: read('httpx') } },
  { call: /\b(?:aiohttp\.)?ClientTimeout\s*\(/g, keywords: { total: whole('aiohttp', 'For the whole call (300 s by default).'), connect: { ...connect('aiohttp'), meaning: 'For a connection, waiting for the pool included.' }, sock_connect: connect('aiohttp'), sock_read: read('aiohttp') } },
  { call: /\burlopen\s*\(/g, keywords: { timeout: read('urllib') } },
  { call: /\b(?:urllib3\.)?(?:util\.)?Timeout\s*\(/g, keywords: { connect: connect('urllib3'), read: read('urllib3'), total: whole('urllib3') } },
  { call: /\bHTTPS?Connection\s*\(/g, keywords: { timeout: read('http.client') } },
  { call: /\basyncio\.(?:wait_for)\s*\(/g, keywords: { timeout: whole('asyncio', 'For the awaited call.') }, positional: { index: 1, name: 'timeout', kind: whole('asyncio', 'For the awaited call.') } },
  { call: /\basyncio\.timeout\s*\(/g, keywords: {}, positional: { index: 0, name: 'timeout', kind: whole('asyncio', 'For the block.') } },
  { call: /\bsubprocess\.(?:run|call|check_call|check_output)\s*\(|\.communicate\s*\(|\.wait\s*\(/g, keywords: { timeout: child } },
  { call: /\bsocket\.setdefaulttimeout\s*\(|\.settimeout\s*\(/g, keywords: {}, positional: { index: 0, name: 'timeout', kind: { ...read('socket'), meaning: 'For each wait of a socket.' } } },
  { call: /\bsignal\.alarm\s*\(/g, keywords: {}, positional: { index: 0, name: 'alarm', kind: { layer: 'wrapper', product: 'Python', cause: 'wrapper.timeout', counts: 'total', meaning: 'SIGALRM when it passes.' } } },
  { call: /\buvicorn\.run\s*\(/g, keywords: { timeout_keep_alive: { layer: 'gateway', product: 'uvicorn', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request (5 s by default).' }, timeout_graceful_shutdown: { layer: 'gateway', product: 'uvicorn', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, running requests are cancelled when it passes.' } } },
]

/** Python source: HTTP clients, asyncio, subprocess, resource limits, servers. Values are seconds. */
export const pythonSource: ConfigReader = {
  id: 'python-source', kind: 'Python source',
  recognises: ({ file, text }) => /^(?:from\s+[\w.]+\s+import\s|import\s+\w)/m.test(text) && /^(?:\s*def\s+\w+\(|\s*class\s+\w+|\w[\w.]*\s*[=(])/m.test(text) && !/^(?:package\s|\s*(?:const|let|var)\s)/m.test(text) ? (/\.py$/.test(file) ? 0.93 : 0.8) : /\.py$/.test(file) ? 0.7 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const source = blankComments(text, 'python')
    const at = lineCounter(source)
    const constants = constantsOf(source)
    const limits = callRules.flatMap((rule) => fromCalls(rule, source, file, at, constants, notes))
    return { limits: [...limits.filter((limit, index) => limits.findIndex((other) => other.line === limit.line && other.asWritten === limit.asWritten && other.cause === limit.cause) === index), ...resourceLimits(source, file, at, constants), ...handlerTimeouts(source, file, at, constants), ...waitsForEver(source, file, at)], notes }
  },
}

function constantsOf(source: string): Map<string, number> {
  const constants = new Map<string, number>()
  for (const match of source.matchAll(/^[ \t]*(\w+)\s*(?::\s*\w+\s*)?=\s*([\d_.*\s]+?)\s*$/gm)) {
    const value = numberIn(match[2] ?? '', constants)
    if (value !== null && constants.size < 5000) constants.set(match[1] ?? '', value)
  }
  return constants
}

function fromCalls(rule: CallRule, source: string, file: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>, notes: DiagnosisNote[]): DiagnosedLimit[] {
  return [...source.matchAll(rule.call)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
    const inside = balanced(source, match.index + match[0].length - 1)
    if (inside === null) return []
    const line = at(match.index)
    return topLevelParts(inside).flatMap((part, index): DiagnosedLimit[] => {
      const keyword = /^(\w+)\s*=(?!=)\s*([\s\S]+)$/.exec(part)
      const kind = keyword ? rule.keywords[keyword[1] ?? ''] : rule.positional?.index === index ? rule.positional.kind : undefined
      const written = keyword?.[2] ?? part
      if (!kind || (!keyword && !/^[\d.\w]+$/.test(part))) return []
      return pairOf(written, kind).flatMap((entry) => toLimit(entry.kind, keyword?.[1] ?? rule.positional?.name ?? 'timeout', entry.written, file, line, constants, notes))
    })
  })
}

/** requests takes `(connect, read)`. */
function pairOf(written: string, kind: Kind): { written: string; kind: Kind }[] {
  const pair = /^\(\s*([^,()]+),\s*([^,()]+?)\s*,?\s*\)$/.exec(written.trim())
  return pair ? [{ written: pair[1] ?? '', kind: connect(kind.product) }, { written: pair[2] ?? '', kind }] : [{ written, kind }]
}

function toLimit(kind: Kind, name: string, written: string, file: string, line: number, constants: ReadonlyMap<string, number>, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const text = written.trim().replaceAll(/\s+/g, ' ').slice(0, 120)
  // A nested Timeout(...) object is read by its own rule.
  if (/\w\(/.test(text)) return []
  const off = text === 'None'
  const seconds = numberIn(text, constants)
  if (seconds === null && !off) notes.push(noteOf(file, line, `${name}=${text}: set at run time, its value is not known here`))
  return [limitOf({ layer: kind.layer, product: kind.product, directive: name, valueMs: seconds !== null && seconds > 0 ? seconds * 1000 : null, asWritten: text, file, line, enforced: !off && (seconds === null || seconds > 0), meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts })]
}

const resources: Record<string, { cause: Cause; meaning: string; time?: boolean }> = {
  RLIMIT_AS: { cause: 'os.address_space', meaning: 'Address space of this process and its children, used or not.' }, RLIMIT_CPU: { cause: 'os.cpu_time', meaning: 'CPU seconds of one process.', time: true },
  RLIMIT_NOFILE: { cause: 'os.open_files', meaning: 'Open descriptors of one process.' }, RLIMIT_NPROC: { cause: 'os.processes', meaning: 'Processes and threads of this user.' }, RLIMIT_FSIZE: { cause: 'os.file_size', meaning: 'Size of one file.' },
}

function resourceLimits(source: string, file: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>): DiagnosedLimit[] {
  return [...source.matchAll(/\bsetrlimit\s*\(\s*(?:resource\.)?(RLIMIT_\w+)\s*,\s*[([]?\s*([^,)\n]{1,80})/g)].slice(0, 100).flatMap((match): DiagnosedLimit[] => {
    const kind = resources[match[1] ?? '']
    const value = numberIn((match[2] ?? '').trim(), constants)
    return kind ? [limitOf({ layer: 'os', product: 'Linux', directive: match[1] ?? '', valueMs: kind.time && value !== null ? value * 1000 : null, asWritten: (match[2] ?? '').trim(), file, line: at(match.index), meaning: kind.meaning, cause: kind.cause, counts: 'size' })] : []
  })
}

/** `timeout = 0.5` in the body of a request handler class. */
function handlerTimeouts(source: string, file: string, at: (offset: number) => number, constants: ReadonlyMap<string, number>): DiagnosedLimit[] {
  if (!/BaseHTTPRequestHandler|StreamRequestHandler/.test(source)) return []
  return [...source.matchAll(/^[ \t]+timeout\s*=\s*([\d_.*\s]+?)\s*$/gm)].slice(0, 20).flatMap((match): DiagnosedLimit[] => {
    const seconds = numberIn(match[1] ?? '', constants)
    return seconds === null ? [] : [limitOf({ layer: 'gateway', product: 'http.server', directive: 'BaseHTTPRequestHandler.timeout', valueMs: seconds * 1000, asWritten: (match[1] ?? '').trim(), file, line: at(match.index), meaning: 'Longest silence of the client’s socket while the request is read; not while the handler works.', cause: 'gateway.read', alsoCauses: ['gateway.read_header', 'gateway.idle'], counts: 'request' })]
  })
}

/** requests and urlopen without a timeout wait for ever. */
function waitsForEver(source: string, file: string, at: (offset: number) => number): DiagnosedLimit[] {
  return [...source.matchAll(/\b(requests\.(?:get|post|put|patch|delete|head|request)|urlopen)\s*\(/g)].slice(0, 200).flatMap((match): DiagnosedLimit[] => {
    const inside = balanced(source, match.index + match[0].length - 1)
    if (inside === null || /\btimeout\s*=/.test(inside) || /\*\*/.test(inside)) return []
    return [limitOf({ layer: 'client', product: match[1]?.startsWith('requests') ? 'requests' : 'urllib', directive: 'timeout', valueMs: null, asWritten: '', file, line: at(match.index), enforced: false, meaning: 'Not given: it waits for ever.', cause: 'client.first_byte', counts: 'wait', isDefault: true })]
  })
}
