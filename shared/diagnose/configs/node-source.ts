import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { lineCounter } from './json-lines.ts'
import { bindingsOf, canonical, type Bindings } from './node/bindings.ts'
import { callsIn, fieldsOf, type Call } from './node/calls.ts'
import { callRules, incomingTimeout, serverSettings, serverTimeout, socketTimeout, timerKinds, type Kind } from './node/rules.ts'
import { limitOf, noteOf, withoutRepeats, type ConfigReader } from './reader.ts'
import { balanced, blankComments, type Piece } from './source-text.ts'
import { valueOf, type SourceValue } from './source-values.ts'

/** JavaScript and TypeScript: servers, clients, proxies and children of Node. Values are milliseconds; above 2^31 they fire at once. */
export const nodeSource: ConfigReader = {
  id: 'node-source', kind: 'JavaScript source',
  recognises: ({ file, text }) => /\b(?:require\(['"][\w@/.:-]+['"]\)|import\s[^;\n]{0,200}\sfrom\s+['"]|module\.exports|export\s+(?:default|const|function|class))/.test(text) ? (/\.[cm]?[jt]sx?$/.test(file) ? 0.95 : 0.85) : /\.[cm]?[jt]sx?$/.test(file) ? 0.7 : /\b(?:axios\.(?:create|get|post)|AbortSignal\.timeout|fetch)\s*\(/.test(text) && /timeout/i.test(text) ? 0.6 : 0,
  read: ({ file, text }) => {
    const source = blankComments(text, 'js')
    const notes: DiagnosisNote[] = []
    const reading = new SourceReading(file, source, notes)
    const limits = withoutRepeats(reading.limits(), (limit) => `${limit.line} ${limit.directive} ${limit.asWritten}`)
    return { limits: limits.map((limit) => interval(limit, limits)), notes }
  },
}

/** setTimeout's largest delay; a larger one fires after 1 ms. */
export const mostTimer = 2 ** 31 - 1
const off = /^(?:undefined|null|false|Infinity|Number\.POSITIVE_INFINITY)$/

class SourceReading {
  readonly #file: string
  readonly #source: string
  readonly #at: (offset: number) => number
  readonly #notes: DiagnosisNote[]
  readonly #bindings: Bindings
  readonly #constants = new Map<string, SourceValue>()
  readonly #objects = new Map<string, Piece>()
  readonly #serves: boolean

  constructor(file: string, source: string, notes: DiagnosisNote[]) {
    this.#file = file
    this.#source = source
    this.#notes = notes
    this.#at = lineCounter(source)
    this.#bindings = bindingsOf(source)
    this.#serves = /createServer|\.listen\(|express\(|fastify|createProxy/i.test(source)
    this.#readConstants()
  }

  limits(): DiagnosedLimit[] {
    const calls = callsIn(this.#source, this.#bindings)
    const found = [...calls.flatMap((call) => this.#fromCall(call)), ...this.#assigned()]
    return [...found, ...this.#defaults(calls, found)].map((limit) => retried(limit, calls))
  }

  /** Numbers and option objects that have names. */
  #readConstants(): void {
    for (const match of this.#source.matchAll(/\b(?:const|let|var)\s+([A-Za-z_$][\w$]{0,80})\s*(?::\s*[\w<>| ]{1,40})?=\s*([^;\n]{1,200})/g)) {
      const written = (match[2] ?? '').trim()
      const name = match[1] ?? ''
      if (this.#constants.size + this.#objects.size > 5000) return
      if (written.startsWith('{')) {
        const open = match.index + match[0].indexOf('{', match[0].indexOf('='))
        const inside = balanced(this.#source, open, 4000)
        if (inside !== null) this.#objects.set(name, { text: `{${inside}}`, offset: open })
        for (const field of inside === null ? [] : fieldsOf({ text: `{${inside}}`, offset: open })) {
          const value = this.#value(field.value)
          if (value) this.#constants.set(`${name}.${field.path}`, value)
        }
        continue
      }
      const value = this.#value(written)
      if (value) this.#constants.set(name, value)
    }
  }

  #value(text: string): SourceValue | null {
    return valueOf(text, (name) => this.#constants.get(name.replaceAll('?', '')) ?? null)
  }

  #fromCall(call: Call): DiagnosedLimit[] {
    if (call.name === 'setTimeout') return this.#timer(call)
    const loose = /^(req|request|socket|sock|conn|connection|res|response)\.setTimeout$/.exec(call.name)
    if (loose && call.args[0]) return [this.#limit(this.#serves && !/http\.(?:request|get)\s*\(/.test(this.#source) ? incomingTimeout(`${loose[1]}.setTimeout`) : socketTimeout(`${loose[1]}.setTimeout`), call.args[0].text, call.args[0].offset)]
    return callRules.filter((rule) => rule.call.test(call.name)).flatMap((rule) => [
      ...Object.entries(rule.args ?? {}).flatMap(([index, kind]) => {
        const given = call.args[Number(index)]
        // A function of one's own may be called `timeout` as well: only `timeout('5s')` is the middleware for sure.
        if (given && kind.directive === 'connect-timeout' && !/^['"`]/.test(given.text) && !this.#source.includes('connect-timeout')) return []
        return given && !given.text.startsWith('{') ? [this.#limit(kind, kind.directive === 'connect-timeout' ? `ms(${given.text})` : given.text, given.offset, given.text)] : []
      }),
      ...(rule.fields ? call.args.flatMap((arg) => fieldsOf(this.#objects.get(arg.text) ?? arg)).flatMap((field) => {
        const kind = rule.fields?.[field.path]
        return kind ? [this.#limit(kind, field.value, field.offset)] : []
      }) : []),
    ])
  }

  /** `setTimeout(() => child.kill(), 30000)`: a limit by what it does; any timer above 2^31 fires at once. */
  #timer(call: Call): DiagnosedLimit[] {
    const [action, delay] = call.args
    if (!action || !delay) return []
    const kind = timerKinds.find((candidate) => candidate.does.test(action.text))?.kind
    if (kind) return [this.#limit(kind, delay.text, delay.offset)]
    const value = this.#value(delay.text)
    return value !== null && value.value > mostTimer ? [this.#limit({ layer: 'gateway', product: 'Node', directive: 'setTimeout', cause: null, counts: 'other', meaning: 'A timer.' }, delay.text, delay.offset)] : []
  }

  /** `server.requestTimeout = 5000`, `axios.defaults.timeout = 2500`. */
  #assigned(): DiagnosedLimit[] {
    return [...this.#source.matchAll(/\b([A-Za-z_$][\w$]{0,80}(?:\.[A-Za-z_$][\w$]{0,80}){0,4})\.(requestTimeout|headersTimeout|keepAliveTimeout|timeout)\s{0,20}=(?!=)\s{0,20}([^\n;]{1,120})/g)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
      const owner = canonical(match[1] ?? '', this.#bindings)
      const kind = match[2] !== 'timeout' ? serverSettings[match[2] ?? '']
        : /^(?:axios|@axios)\.defaults$/.test(owner) ? callRules.find((rule) => rule.fields?.['timeout']?.product === 'axios')?.fields?.['timeout']
          : owner === '@server' || /server|srv/i.test(owner) ? serverTimeout('server.timeout') : undefined
      return kind ? [this.#limit(kind, match[3] ?? '', match.index)] : []
    })
  }

  #limit(kind: Kind, expression: string, offset: number, written = expression): DiagnosedLimit {
    const asWritten = written.trim().replaceAll(/\s+/g, ' ').slice(0, 80)
    const isOff = off.test(asWritten)
    const found = kind.size || isOff ? null : this.#value(expression)
    const line = this.#at(offset)
    if (found === null && !kind.size && !isOff) this.#notes.push(noteOf(this.#file, line, `${kind.directive}: ${asWritten}: set at run time, its value is not known here`))
    if (found?.assumed) this.#notes.push(noteOf(this.#file, line, `${kind.directive}: ${asWritten}: ${found.value} ms unless the environment says otherwise`))
    const value = found?.value ?? null
    const wraps = value !== null && value > mostTimer
    const forwards = this.#serves && kind.layer === 'client' && kind.alsoCauses?.some((cause) => cause === 'proxy.read' || cause === 'proxy.connect') === true
    const cause = forwards ? kind.alsoCauses?.find((other) => other.startsWith('proxy.')) ?? kind.cause : kind.cause
    return limitOf({
      layer: forwards ? 'proxy' : kind.layer, product: kind.product, directive: kind.directive, valueMs: value === null || value <= 0 ? null : wraps ? (kind.socket ? mostTimer : 1) : value, asWritten, file: this.#file, line,
      enforced: kind.size === true || (!isOff && (value === null || value > 0)), meaning: wraps ? `${kind.meaning} ${asWritten} does not fit into 31 bits.` : kind.meaning, cause, alsoCauses: [...(kind.alsoCauses ?? []), ...(kind.cause ? [kind.cause] : [])].filter((other) => other !== cause), counts: kind.counts,
    })
  }

  /** What Node's server does where nobody says anything, and clients that wait for ever. */
  #defaults(calls: readonly Call[], found: readonly DiagnosedLimit[]): DiagnosedLimit[] {
    const has = (directive: string) => found.some((limit) => limit.directive === directive)
    const server = calls.find((call) => /^http\.createServer$|^@app\.listen$/.test(call.name))
    const list: DiagnosedLimit[] = []
    for (const [name, ms] of [['requestTimeout', 300_000], ['headersTimeout', 60_000], ['keepAliveTimeout', 5000]] as const) {
      const kind = serverSettings[name]
      if (server && kind && !has(kind.directive)) list.push(limitOf({ ...kind, valueMs: ms, asWritten: String(ms), file: this.#file, line: null, isDefault: true }))
    }
    const axios = calls.find((call) => /^axios(?:\.(?:get|post|put|patch|delete|head|request|create))?$/.test(call.name))
    if (axios && !found.some((limit) => limit.product === 'axios' || limit.directive === 'AbortSignal.timeout')) list.push(limitOf({ layer: 'client', product: 'axios', directive: 'timeout', valueMs: null, asWritten: '', file: this.#file, line: this.#at(axios.offset), enforced: false, meaning: 'Not given: it waits for ever.', cause: 'client.total', counts: 'total', isDefault: true }))
    return list
  }
}

/** Clients that try again: what they are told (`retry: { limit: 2 }`, `axiosRetry(client, { retries: 3 })`) multiplies their limit. */
function retried(limit: DiagnosedLimit, calls: readonly Call[]): DiagnosedLimit {
  const own = { got: /^(?:got|@got)\b/, ky: /^(?:ky|@ky)\b/, axios: /^axios-retry(?:\.axiosRetry)?$/, superagent: /\(\)\.retry$/ }[limit.product]
  if (!own || limit.counts === 'connect' || limit.valueMs === null) return limit
  for (const call of calls.filter((candidate) => own.test(candidate.name))) {
    const field = call.args.flatMap((arg) => fieldsOf(arg)).find((candidate) => /^(?:retry|retry\.limit|retries)$/.test(candidate.path))
    const tries = Number(field?.value ?? (limit.product === 'superagent' ? call.args[0]?.text : undefined))
    if (Number.isInteger(tries) && tries > 0 && tries < 1000) return { ...limit, attempts: tries + 1 }
  }
  return limit
}

/** A limit that is only looked at now and then is late by as much. */
function interval(limit: DiagnosedLimit, all: readonly DiagnosedLimit[]): DiagnosedLimit {
  if (!/requestTimeout|headersTimeout/.test(limit.directive) || limit.layer !== 'gateway') return limit
  const checked = all.find((other) => other.directive === 'connectionsCheckingInterval')?.valueMs ?? 30_000
  return limit.valueMs !== null && limit.valueMs < checked ? { ...limit, meaning: `${limit.meaning} With ${limit.valueMs} ms it may fire up to ${checked / 1000} s late.` } : limit
}
