import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { assignedFields, calls, contextUses, literals, type Kind } from './go/rules.ts'
import { lineCounter } from './json-lines.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'
import { balanced, blankComments, topLevelParts } from './source-text.ts'
import { valueOf, type SourceValue } from './source-values.ts'

const product = 'Go'

/** Go source: server, client, transport and dialer literals, contexts, TimeoutHandler. `30` without a unit is 30 ns. */
export const goSource: ConfigReader = {
  id: 'go-source', kind: 'Go source',
  recognises: ({ file, text }) => /^package\s+\w+\s*$/m.test(text) && /\b(?:func|import|const|var|type)\b/.test(text) ? 0.98 : /\.go$/.test(file) || /\b(?:http\.Server|http\.Client|net\.Dialer|http\.Transport)\s*\{|context\.With(?:Timeout|Deadline)\(|http\.TimeoutHandler\(/.test(text) && /time\.(?:Second|Millisecond|Duration|Minute)|:=|Timeout:\s*\d/.test(text) ? 0.85 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits = new SourceReading(file, blankComments(text, 'go'), notes).limits()
    return { limits, notes }
  },
}

const timeUnits: Record<string, number> = { Nanosecond: 1, Microsecond: 1e3, Millisecond: 1e6, Second: 1e9, Minute: 6e10, Hour: 3.6e12 }

class SourceReading {
  readonly #file: string
  readonly #source: string
  readonly #at: (offset: number) => number
  readonly #notes: DiagnosisNote[]
  readonly #constants = new Map<string, SourceValue>()
  readonly #gateway: boolean

  constructor(file: string, source: string, notes: DiagnosisNote[]) {
    this.#file = file
    this.#source = source
    this.#notes = notes
    this.#at = lineCounter(source)
    this.#gateway = /http\.Server\b|http\.ListenAndServe|gin\.|echo\.New|chi\.NewRouter|mux\.NewRouter|http\.HandleFunc|fiber\.New|ReverseProxy/.test(source)
    this.#readConstants()
  }

  limits(): DiagnosedLimit[] {
    const written = [...this.#literals(), ...this.#assigned(), ...this.#calls()]
    const tries = Number(/\.RetryMax\s*=\s*(\d{1,3})\b|\.SetRetryCount\((\d{1,3})\)/.exec(this.#source)?.slice(1).find((found) => found !== undefined) ?? 0) + 1
    const limits = overridden(written).map((limit) => (tries > 1 && /^(?:http\.Client\.Timeout|resty\.SetTimeout)$/.test(limit.directive) ? { ...limit, attempts: tries } : limit))
    return [...limits, ...this.#derived(limits), ...this.#missing(limits)]
  }

  /** Durations of `const` and `var` lines, of flags and of viper's defaults, in ns. */
  #readConstants(): void {
    for (const match of this.#source.matchAll(/\bviper\.SetDefault\(\s*"([^"\n]{1,100})",\s*([^\n]{1,100})\)/g)) {
      const value = this.ns(match[2] ?? '')
      if (value && this.#constants.size < 5000) this.#constants.set(`viper:${match[1]}`, { ...value, assumed: true })
    }
    for (const match of this.#source.matchAll(/(?:^|\n)[ \t]*(?:const\s+|var\s+)?(\w{1,80})(?:\s+\*?(?:time\.Duration|int|int64))?\s*(?:=|:=)\s*([^\n=]{1,160})/g)) {
      const flag = /^(?:flag|pflag)\.(?:Duration|Int|Int64)\("[^"\n]{1,80}",\s*([^,\n]{1,80}),/.exec(match[2] ?? '')?.[1]
      const value = this.ns(flag ?? match[2] ?? '')
      if (value && this.#constants.size < 5000) this.#constants.set(match[1] ?? '', flag ? { ...value, assumed: true } : value)
    }
  }

  /** `30 * time.Second`, `time.Duration(30) * time.Second`, `500e6`, a constant's name, in ns; null for what is computed elsewhere. */
  ns(expression: string): SourceValue | null {
    const text = expression.trim().replace(/[,;]\s*$/, '').replaceAll(/(^|\()\*(?=[A-Za-z])/g, '$1')
    const viper = /^viper\.Get(?:Duration|Int|Int64)\(\s*"([^"\n]{1,100})"\s*\)/.exec(text)
    if (viper) return this.#constants.get(`viper:${viper[1]}`) ?? null
    return valueOf(text, (name) => {
      const unit = /^time\.(\w+)$/.exec(name)?.[1]
      return unit === undefined ? this.#constants.get(name) ?? null : timeUnits[unit] === undefined ? null : { value: timeUnits[unit], assumed: false }
    })
  }

  #literals(): DiagnosedLimit[] {
    return [...this.#source.matchAll(/\b(http\.Server|fasthttp\.Server|fiber\.Config|http\.Client|http\.Transport|net\.Dialer|middleware\.TimeoutConfig)\s*\{/g)].slice(0, 500).flatMap((match) => {
      const kinds = literals[match[1] ?? '']
      const open = match.index + match[0].length - 1
      const body = kinds ? balanced(this.#source, open, 8000) : null
      if (!kinds || body === null) return []
      return Object.entries(kinds.fields).flatMap(([name, kind]): DiagnosedLimit[] => {
        const field = fieldIn(body, name)
        return field ? [this.#limit(`${kinds.prefix}${name}`, field.value, kind, open + 1 + field.offset)] : []
      })
    })
  }

  #assigned(): DiagnosedLimit[] {
    return [...this.#source.matchAll(/\b\w{1,80}(?:\.\w{1,80}){0,3}\.(ReadTimeout|ReadHeaderTimeout|WriteTimeout|IdleTimeout|ResponseHeaderTimeout|TLSHandshakeTimeout|Timeout|WaitDelay)\s*=(?!=)\s*([^\n;]{1,120})/g)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
      const kind = assignedFields[match[1] ?? '']
      // `cfg.Timeout = ...` fills a struct of the program's own; a client is called one.
      if (!kind || (match[1] === 'Timeout' && !/client/i.test(match[0].split('=')[0] ?? ''))) return []
      return [{ ...this.#limit(kind.directive ?? match[1] ?? '', (match[2] ?? '').trim(), kind, match.index), scope: 'assigned' }]
    })
  }

  #calls(): DiagnosedLimit[] {
    return calls.flatMap((call) => [...this.#source.matchAll(call.pattern)].slice(0, 500).flatMap((match): DiagnosedLimit[] => {
      const inside = balanced(this.#source, match.index + match[0].length - 1, 3000)
      const parts = inside === null ? [] : topLevelParts(inside)
      const value = parts[call.argument]
      if (value === undefined || (call.near && !call.near.test(inside ?? ''))) return []
      const kind = call.directive.startsWith('context.') ? this.#useOf(match.index) ?? call.kind : call.kind
      return [this.#limit(call.directive, value, kind, match.index)]
    }))
  }

  /** What the context made here is handed to, in the lines that follow. */
  #useOf(offset: number): Kind | null {
    const name = /([A-Za-z_]\w{0,80})\s*,\s*\w+\s*:?=\s*$/.exec(this.#source.slice(Math.max(0, offset - 200), offset))?.[1]
    if (!name) return null
    const rest = this.#source.slice(offset, offset + 3000).split(/\ncontext\.With|\nfunc /)[0] ?? ''
    return contextUses.find(({ use }) => new RegExp(`(?:${use})\\s*${name}\\b`).test(rest))?.kind ?? null
  }

  #limit(directive: string, written: string, kind: Kind, offset: number): DiagnosedLimit {
    const ns = this.ns(written)
    const line = this.#at(offset)
    const short = written.replaceAll(/\s+/g, ' ').slice(0, 120)
    if (ns === null) this.#notes.push(noteOf(this.#file, line, `${directive}: ${short}: set at run time, its value is not known here`))
    if (ns?.assumed) this.#notes.push(noteOf(this.#file, line, `${directive}: ${short}: ${ns.value / 1e6} ms unless it is set otherwise`))
    // A gateway's own call to a next hop is the proxy's side of that hop.
    const forwards = this.#gateway && kind.layer === 'client'
    const cause = forwards ? kind.alsoCauses?.[0] ?? kind.cause : kind.cause
    return limitOf({ layer: forwards && cause?.startsWith('proxy') ? 'proxy' : kind.layer, product, directive, valueMs: ns !== null && ns.value > 0 ? ns.value / 1e6 : null, asWritten: short, file: this.#file, line, enforced: ns === null || ns.value > 0, meaning: kind.meaning, cause, alsoCauses: [...(kind.alsoCauses ?? []), ...(kind.cause ? [kind.cause] : [])].filter((other) => other !== cause), counts: kind.counts })
  }

  /** IdleTimeout is ReadTimeout where only that is set; so is ReadHeaderTimeout (net/http). */
  #derived(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
    const read = limits.find((limit) => limit.directive === 'ReadTimeout' && limit.enforced && limit.valueMs !== null)
    if (!read) return []
    return (['ReadHeaderTimeout', 'IdleTimeout'] as const).filter((name) => !limits.some((limit) => limit.directive === name)).flatMap((name): DiagnosedLimit[] => {
      const kind = literals['http.Server']?.fields[name]
      return kind ? [limitOf({ ...kind, product, directive: name, valueMs: read.valueMs, asWritten: read.asWritten, file: this.#file, line: null, meaning: `${kind.meaning} Not set: ReadTimeout stands in for it.`, isDefault: true })] : []
    })
  }

  /** Servers and clients of net/http have no limits but those that are set. */
  #missing(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
    const list: DiagnosedLimit[] = []
    const add = (layer: Kind['layer'], directive: string, index: number, meaning: string, kind: Kind) => { list.push(limitOf({ layer, product, directive, valueMs: null, asWritten: '', file: this.#file, line: this.#at(index), enforced: false, meaning, cause: kind.cause, counts: kind.counts, isDefault: true })) }
    const plain = /\bhttp\.ListenAndServe(?:TLS)?\(/.exec(this.#source)
    const write = literals['http.Server']?.fields['ReadHeaderTimeout']
    if (plain && write) add('gateway', 'ReadHeaderTimeout', plain.index, 'http.ListenAndServe has no limits at all: a silent client holds a connection for ever.', write)
    const client = /\bhttp\.(?:Get|Post|PostForm|Head)\(|\bhttp\.Client\{\s*\}/.exec(this.#source)
    const total = literals['http.Client']?.fields['Timeout']
    if (client && total && !limits.some((limit) => limit.directive === 'http.Client.Timeout')) add('client', 'http.Client.Timeout', client.index, 'Not given: it waits for ever.', total)
    return list
  }
}

/** What a literal says and the program assigns anew afterwards is not in force. */
function overridden(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
  const literals = new Map<string, number>()
  const assigned = new Map<string, DiagnosedLimit[]>()
  for (const limit of limits) {
    if (limit.scope === 'assigned') assigned.set(limit.directive, [...(assigned.get(limit.directive) ?? []).slice(0, 50), limit])
    else literals.set(limit.directive, (literals.get(limit.directive) ?? 0) + 1)
  }
  return limits.map((limit) => {
    const isLiteral = limit.scope !== 'assigned'
    // With several literals nobody can tell which of them is assigned anew.
    const later = isLiteral && literals.get(limit.directive) === 1 ? assigned.get(limit.directive)?.find((other) => (other.line ?? 0) > (limit.line ?? 0)) : undefined
    const own = isLiteral ? limit : { ...limit, scope: null }
    return later ? { ...own, enforced: false, meaning: `${limit.meaning} Overridden in line ${later.line}.` } : own
  })
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
