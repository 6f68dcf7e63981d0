import type { Cause } from '../../verdict/causes.ts'
import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { lineCounter } from './json-lines.ts'
import { namesOf, pythonCalls, type PythonCall } from './python/calls.ts'
import { callRules, connectHalf, defaultRules, settingRules, type CallRule, type Kind } from './python/rules.ts'
import { limitOf, noteOf, withoutRepeats, type ConfigReader } from './reader.ts'
import { blankComments, topLevelParts } from './source-text.ts'
import { valueOf, type SourceValue } from './source-values.ts'

/** Python source: HTTP clients, asyncio, subprocess, resource limits, servers. Values are seconds. */
export const pythonSource: ConfigReader = {
  id: 'python-source', kind: 'Python source',
  recognises: ({ file, text }) => /^(?:from\s+[\w.]+\s+import\s|import\s+\w)/m.test(text) && /^(?:\s*def\s+\w+\(|\s*class\s+\w+|\w[\w.]*\s*[=(])/m.test(text) && !/^(?:package\s|\s*(?:const|let|var)\s)/m.test(text) ? (/\.py$/.test(file) ? 0.93 : 0.8) : /\.py$/.test(file) ? 0.7 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const source = blankComments(text, 'python')
    const reading = new SourceReading(file, source, notes)
    return { limits: withoutRepeats(reading.limits(), (limit) => `${limit.line} ${limit.directive} ${limit.asWritten} ${limit.cause}`), notes }
  },
}

const resources: Record<string, { cause: Cause; meaning: string; time?: boolean }> = {
  RLIMIT_AS: { cause: 'os.address_space', meaning: 'Address space of this process and its children, used or not.' }, RLIMIT_CPU: { cause: 'os.cpu_time', meaning: 'CPU seconds of one process.', time: true },
  RLIMIT_NOFILE: { cause: 'os.open_files', meaning: 'Open descriptors of one process.' }, RLIMIT_NPROC: { cause: 'os.processes', meaning: 'Processes and threads of this user.' }, RLIMIT_FSIZE: { cause: 'os.file_size', meaning: 'Size of one file.' },
}

class SourceReading {
  readonly #file: string
  readonly #source: string
  readonly #at: (offset: number) => number
  readonly #notes: DiagnosisNote[]
  readonly #constants = new Map<string, SourceValue>()
  /** Names of pairs: `TIMEOUT = (3.05, 27)`. */
  readonly #pairs = new Map<string, string>()
  /** Names of Timeout(...) objects. */
  readonly #objects: ReadonlySet<string>
  readonly #serves: boolean

  constructor(file: string, source: string, notes: DiagnosisNote[]) {
    this.#file = file
    this.#source = source
    this.#notes = notes
    this.#at = lineCounter(source)
    this.#serves = /\b(?:Flask|FastAPI|Starlette|Sanic|Quart)\s*\(|BaseHTTPRequestHandler|@(?:app|router|bp)\.(?:get|post|route)\b|web\.Application\(/.test(source)
    this.#objects = new Set([...source.matchAll(/^[ \t]*([\w.]{1,80})[ \t]*=[ \t]*[\w.]{0,80}Timeout\(/gm)].map((match) => match[1] ?? ''))
    for (const match of source.matchAll(/^[ \t]*([\w.]{1,80})[ \t]*(?::[ \t]*[\w.[\]]{1,40}[ \t]*)?=[ \t]*([^=\n][^\n]{0,200})$/gm)) {
      if (this.#constants.size + this.#pairs.size > 5000) break
      const written = (match[2] ?? '').trim()
      if (/^\([^()]*(?:\([^()]*\)[^()]*)*\)$/.test(written) && topLevelParts(written.slice(1, -1)).length === 2) this.#pairs.set(match[1] ?? '', written)
      const value = this.#value(written)
      if (value) this.#constants.set(match[1] ?? '', value)
    }
  }

  limits(): DiagnosedLimit[] {
    const calls = pythonCalls(this.#source, namesOf(this.#source))
    const tries = triesOf(calls)
    const found = calls.flatMap((call) => callRules.filter((rule) => rule.call.test(call.name)).flatMap((rule) => this.#fromCall(rule, call)))
      .map((limit) => (limit.valueMs !== null && tries > 1 && /^(?:requests|urllib3)$/.test(limit.product) ? { ...limit, attempts: tries } : limit))
    return [...found, ...calls.flatMap((call) => this.#resource(call)), ...calls.flatMap((call) => this.#timer(call)), ...this.#handlers(), ...this.#settings(), ...calls.flatMap((call) => this.#missing(call, found))]
  }

  #value(text: string): SourceValue | null {
    return valueOf(text, (name) => this.#constants.get(name) ?? this.#constants.get(name.replace(/^(?:self|cls|settings|config|conf)\./, '')) ?? null)
  }

  #fromCall(rule: CallRule, call: PythonCall): DiagnosedLimit[] {
    return call.parts.flatMap((part, index): DiagnosedLimit[] => {
      const keyword = /^(\w+)\s*=(?!=)\s*([\s\S]+)$/.exec(part)
      const kind = keyword ? rule.keywords[keyword[1] ?? ''] : rule.positional?.index === index ? rule.positional.kind : undefined
      if (!kind) return []
      return this.#pairOf(keyword?.[2] ?? part, kind).flatMap((entry) => this.#limit(entry.kind, keyword?.[1] ?? rule.positional?.name ?? 'timeout', entry.written, call.offset))
    })
  }

  /** requests takes `(connect, read)`. */
  #pairOf(written: string, kind: Kind): { written: string; kind: Kind }[] {
    const text = this.#pairs.get(written.trim()) ?? written.trim()
    const parts = kind.product === 'requests' && text.startsWith('(') && text.endsWith(')') ? topLevelParts(text.slice(1, -1)) : []
    return parts.length === 2 ? [{ written: parts[0] ?? '', kind: connectHalf(kind) }, { written: parts[1] ?? '', kind }] : [{ written, kind }]
  }

  #limit(kind: Kind, name: string, written: string, offset: number): DiagnosedLimit[] {
    const text = written.trim().replaceAll(/\s+/g, ' ').slice(0, 120)
    // A Timeout(...) object, and what is made elsewhere of one, is read by its own rule.
    if (/(?:^|\.)(?:Client)?Timeout\(/.test(text) || this.#objects.has(text)) return []
    // A server that waits for something of its own cuts its handler; one that waits for a next hop is the proxy of that hop.
    if (this.#serves && kind.layer === 'client' && /^(?:asyncio|concurrent\.futures)$/.test(kind.product)) return this.#limit({ ...kind, layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['proxy.read', 'connector.context'] }, name, written, offset)
    const off = text === 'None'
    const seconds = off ? null : this.#value(text)
    const line = this.#at(offset)
    if (seconds === null && !off) this.#notes.push(noteOf(this.#file, line, `${name}=${text}: set at run time, its value is not known here`))
    if (seconds?.assumed) this.#notes.push(noteOf(this.#file, line, `${name}=${text}: ${seconds.value} s unless the environment says otherwise`))
    const forwards = this.#serves && kind.layer === 'client' && kind.alsoCauses?.some((cause) => cause.startsWith('proxy.')) === true
    const cause = forwards ? kind.alsoCauses?.find((other) => other.startsWith('proxy.')) ?? kind.cause : kind.cause
    return [limitOf({
      layer: forwards ? 'proxy' : kind.layer, product: kind.product, directive: name, valueMs: seconds !== null && seconds.value > 0 ? seconds.value * 1000 : null, asWritten: text, file: this.#file, line, enforced: !off && (seconds === null || seconds.value > 0), meaning: off ? `${kind.meaning} None waits for ever.` : kind.meaning,
      cause, alsoCauses: [...(kind.alsoCauses ?? []), ...(kind.cause ? [kind.cause] : [])].filter((other) => other !== cause), counts: kind.counts,
    })]
  }

  #resource(call: PythonCall): DiagnosedLimit[] {
    const name = /(?:^|\.)(RLIMIT_\w+)$/.exec(call.parts[0] ?? '')?.[1] ?? ''
    const kind = /(?:^|\.)setrlimit$/.test(call.name) ? resources[name] : undefined
    if (!kind) return []
    const written = topLevelParts((call.parts[1] ?? '').replace(/^[([](.*)[)\]]$/s, '$1'))[0] ?? ''
    const value = this.#value(written)
    return [limitOf({ layer: 'os', product: 'Linux', directive: name, valueMs: kind.time && value !== null ? value.value * 1000 : null, asWritten: written, file: this.#file, line: this.#at(call.offset), meaning: kind.meaning, cause: kind.cause, counts: 'size' })]
  }

  /** `threading.Timer(30, proc.kill)`. */
  #timer(call: PythonCall): DiagnosedLimit[] {
    if (!/(?:^|\.)Timer$/.test(call.name) || !/\bkill\b|\bterminate\b/.test(call.parts.slice(1).join(' '))) return []
    return this.#limit({ layer: 'connector', product: 'Python', cause: 'connector.python', counts: 'total', meaning: 'The program ends its child itself when it passes.' }, 'threading.Timer', call.parts[0] ?? '', call.offset)
  }

  /** `timeout = 0.5` in the body of a request handler class, or set on one. */
  #handlers(): DiagnosedLimit[] {
    if (!/BaseHTTPRequestHandler|StreamRequestHandler|WSGIRequestHandler/.test(this.#source)) return []
    return [...this.#source.matchAll(/^(?:[ \t]+|[A-Za-z_]\w{0,60}RequestHandler\.)timeout[ \t]*=[ \t]*([^\n#]{1,80})$/gm)].slice(0, 20).flatMap((match): DiagnosedLimit[] => {
      const seconds = this.#value(match[1] ?? '')
      return seconds === null || seconds.value <= 0 ? [] : [limitOf({ layer: 'gateway', product: 'http.server', directive: 'BaseHTTPRequestHandler.timeout', valueMs: seconds.value * 1000, asWritten: (match[1] ?? '').trim(), file: this.#file, line: this.#at(match.index), meaning: 'Longest silence of the client’s socket while the request is read; not while the handler works.', cause: 'gateway.read', alsoCauses: ['gateway.read_header', 'gateway.idle'], counts: 'request' })]
    })
  }

  #settings(): DiagnosedLimit[] {
    return [...this.#source.matchAll(/^[ \t]*(?:[\w.]{1,60}\.)?((?:CELERYD?_)?(?:task|TASK)_(?:soft_|SOFT_)?(?:time_limit|TIME_LIMIT))[ \t]*=[ \t]*([^\n]{1,80})$/gm)].slice(0, 20).flatMap((match) => {
      const kind = settingRules[match[1] ?? '']
      return kind ? this.#limit(kind, kind.directive, match[2] ?? '', match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0)) : []
    })
  }

  /** requests and urlopen without a timeout wait for ever; httpx does not. */
  #missing(call: PythonCall, found: readonly DiagnosedLimit[]): DiagnosedLimit[] {
    const rule = defaultRules.find((candidate) => candidate.call.test(call.name))
    if (!rule || call.parts.some((part) => /^timeout\s*=|^\*\*/.test(part)) || (rule.product === 'urllib' && call.parts.length > 2)) return []
    if (rule.product === 'aiohttp' && found.some((limit) => limit.product === 'aiohttp')) return []
    return [limitOf({ layer: 'client', product: rule.product, directive: 'timeout', valueMs: rule.seconds === null ? null : rule.seconds * 1000, asWritten: rule.seconds === null ? '' : String(rule.seconds), file: this.#file, line: this.#at(call.offset), enforced: rule.seconds !== null, meaning: rule.meaning, cause: rule.product === 'aiohttp' ? 'client.total' : 'client.first_byte', counts: rule.product === 'aiohttp' ? 'total' : 'wait', isDefault: true })]
  }
}

/** How often a call is tried: `Retry(total=3)` is four times; urllib3 does so without being told. */
function triesOf(calls: readonly PythonCall[]): number {
  const retry = calls.find((call) => /(?:^|\.)Retry$/.test(call.name))
  if (retry) {
    const total = retry.parts.map((part, index) => /^total\s*=\s*(\d{1,3})$/.exec(part)?.[1] ?? (index === 0 && /^\d{1,3}$/.test(part) ? part : undefined)).find((found) => found !== undefined)
    return total === undefined ? 11 : Number(total) + 1
  }
  const adapter = calls.find((call) => /(?:^|\.)HTTPAdapter$/.test(call.name))?.parts.map((part) => /^max_retries\s*=\s*(\d{1,3})$/.exec(part)?.[1]).find((found) => found !== undefined)
  if (adapter !== undefined) return Number(adapter) + 1
  const pool = calls.find((call) => /^urllib3\.PoolManager/.test(call.name))
  return !pool ? 1 : pool.parts.some((part) => /^retries\s*=\s*(?:False|0)$/.test(part)) ? 1 : 4
}
