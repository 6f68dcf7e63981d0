import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { nginxDefaults, nginxLimits, type NginxLimitKind, type Where } from './nginx-limits.ts'
import { parseNginx, type NginxDirective } from './nginx-syntax.ts'
import { msOf, parseNginxTime } from './durations.ts'
import { mostIncludes, wildName } from './includes.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'
import { dotEnvBeside, variablesIn, withVariables } from './variables.ts'

const product = 'nginx'
const ownWords = /(?:^|\s|;|\{|\})(?:proxy_pass|fastcgi_pass|uwsgi_pass|grpc_pass|scgi_pass|worker_processes|worker_connections|proxy_read_timeout|proxy_connect_timeout|proxy_send_timeout|server_name|client_max_body_size|keepalive_timeout|error_log|access_log|log_format|upstream\s+\S+\s*\{|location\s+[^{;]{1,200}\{|events\s*\{|http\s*\{|stream\s*\{)/g

/** nginx: http, server, location and stream with inheritance, includes, upstreams whose servers multiply a limit. */
export const nginxConfig: ConfigReader = {
  id: 'nginx', kind: 'nginx configuration',
  recognises: ({ file, text }) => {
    // A manifest, a compose file, a script may carry a configuration: it is read by its own reader first.
    if (!/;\s*(?:#[^\n]*)?(?:\n|$|\}|\s)/.test(text) || /^apiVersion:\s/m.test(text) || /^services:\s*$/m.test(text) || text.startsWith('#!')) return 0
    if (isSnippet(text)) return 0.6
    const found = new Set([...text.matchAll(ownWords)].slice(0, 40).map((match) => match[0].trim().split(/[\s{]/)[0] ?? '')).size
    return Math.min(1, found * 0.3 + (/nginx|\.conf$/i.test(baseName(file)) && found > 0 ? 0.3 : 0))
  },
  read: (given, others) => {
    const notes: DiagnosisNote[] = []
    const file = filledIn(given, others, notes)
    const tree = parseNginx(file.file, file.text)
    notes.push(...tree.problems.map((problem) => noteOf(file.file, problem.line, problem.text)))
    const directives = withIncludes(tree.directives, others.filter((other) => other.file !== file.file), { notes, left: mostIncludes }, 0)
    // Lines without any block are part of a location elsewhere: what they set holds there.
    const loose = directives.length > 0 && directives.every((directive) => directive.block === null && !directive.name.endsWith('_pass'))
    const reading = new Reading(upstreamsIn(directives), loose)
    reading.walk(directives, { where: contextOf(directives), values: new Map(), scope: 'main' })
    return { limits: reading.limits(file.file, notes), notes }
  },
  includes: (file, others) => {
    const rest = others.filter((other) => other.file !== file.file)
    return [...new Set(includesIn(parseNginx(file.file, file.text).directives))].slice(0, mostIncludes).flatMap((pattern) => included(pattern, rest)).map((other) => other.file)
  },
}

/** A template that `envsubst` fills in, with the variables of the `.env` beside it or of the only file of variables there is. */
function filledIn(file: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[]): ConfigFile {
  if (!/\$\{[A-Z][A-Z0-9_]*\}/.test(file.text)) return file
  const beside = dotEnvBeside(file.file, others)
  const all = others.filter((other) => /^\.env$|\.env$/.test(baseName(other.file)))
  const variables = (beside.length > 0 ? beside : all.length === 1 ? all : []).flatMap(variablesIn)
  return variables.length === 0 ? file : { file: file.file, text: file.text.split('\n').map((line, index) => withVariables(line, variables, { file: file.file, line: index + 1 }, notes)).join('\n') }
}

/** Files that are only included: `fastcgi_params`, a few `proxy_` lines, `mime.types`. */
function isSnippet(text: string): boolean {
  const lines = text.slice(0, 16_384).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  return lines.length > 0 && /^(?:fastcgi_|uwsgi_|scgi_|proxy_|grpc_|ssl_|charset_map\b|types\b|keepalive_timeout\b|send_timeout\b|client_)/.test(lines[0] ?? '') && lines.filter((line) => /[;{}](?:\s*#.*)?$/.test(line)).length >= lines.length * 0.9
}

function includesIn(directives: readonly NginxDirective[]): string[] {
  return directives.flatMap((directive) => (directive.block ? includesIn(directive.block) : directive.name === 'include' ? [directive.args[0] ?? ''] : []))
}

const deepestInclude = 8

/** Includes are looked up among the files at hand, by the end of their path; a pattern takes all that fit. */
function withIncludes(directives: readonly NginxDirective[], others: readonly ConfigFile[], following: { notes: DiagnosisNote[]; left: number }, depth: number): NginxDirective[] {
  const { notes } = following
  return directives.flatMap((directive) => {
    if (directive.block) return [{ ...directive, block: withIncludes(directive.block, others, following, depth) }]
    if (directive.name !== 'include') return [directive]
    const pattern = directive.args[0] ?? ''
    if (following.left <= 0 || depth > deepestInclude) {
      // Files that all include each other would be followed in every order there is.
      if (following.left-- === 0 || depth > deepestInclude) notes.push(noteOf(directive.file, directive.line, `include ${pattern}: not followed, ${depth > deepestInclude ? `it is nested deeper than ${deepestInclude} files` : `${mostIncludes} files were included already`}`))
      return []
    }
    const found = included(pattern, others).slice(0, following.left)
    // Looking in vain costs as much.
    following.left -= Math.max(1, found.length)
    if (found.length === 0) {
      if (!/(?:mime\.types|_params|fastcgi\.conf|modules-enabled)/.test(pattern)) notes.push(noteOf(directive.file, directive.line, `include ${pattern}: not among the given files; limits set there are missing`))
      return []
    }
    return found.flatMap((other) => withIncludes(parseNginx(other.file, other.text).directives, others.filter((rest) => rest !== other), following, depth + 1))
  })
}

/** The files an include names; of a pattern, those that have its folder in their path. */
function included(pattern: string, others: readonly ConfigFile[]): ConfigFile[] {
  const name = baseName(pattern)
  if (!name.includes('*')) return others.filter((other) => baseName(other.file) === name)
  const wild = wildName(name)
  const folder = pattern.split('/').at(-2)
  return others.filter((other) => wild.test(baseName(other.file)) && (folder === undefined || other.file.split(/[/\\]/).includes(folder)))
}

/** A file that is only included elsewhere may begin inside http or stream. */
function contextOf(directives: readonly NginxDirective[]): Where {
  return directives.some((directive) => directive.name === 'http' || directive.name === 'stream' || directive.name === 'events') ? 'main' : 'http'
}

interface Context { where: Where; values: ReadonlyMap<string, Written>; scope: string }
interface Written { directive: NginxDirective; scope: string; used: boolean; where: Where; attempts: number; serves: Set<string> }

function upstreamsIn(directives: readonly NginxDirective[]): Map<string, number> {
  const servers = new Map<string, number>()
  const visit = (list: readonly NginxDirective[]) => {
    for (const directive of list) {
      if (directive.name === 'upstream' && directive.block) servers.set(directive.args[0] ?? '', directive.block.filter((entry) => entry.name === 'server' && !entry.args.includes('backup') && !entry.args.includes('down')).length)
      else if (directive.block) visit(directive.block)
    }
  }
  visit(directives)
  return servers
}

/** Collects every written limit and marks the ones that some location really uses. */
class Reading {
  readonly #upstreams: ReadonlyMap<string, number>
  readonly #loose: boolean
  readonly #written: Written[] = []
  readonly #defaults = new Map<string, { kind: NginxLimitKind; attempts: number; scope: string; serves: Set<string> }>()

  constructor(upstreams: ReadonlyMap<string, number>, loose: boolean) {
    this.#upstreams = upstreams
    this.#loose = loose
  }

  walk(directives: readonly NginxDirective[], context: Context): void {
    const values = new Map(context.values)
    for (const directive of directives) {
      if (directive.block || !nginxLimits(directive.name, context.where)) continue
      const written: Written = { directive, scope: context.scope, used: context.where === 'upstream' || this.#loose, where: context.where, attempts: 1, serves: new Set() }
      this.#written.push(written)
      values.set(directive.name, written)
    }
    if (context.where === 'upstream') return
    const inner = { ...context, values }
    for (const directive of directives) if (!directive.block && /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/.test(directive.name)) this.#pass(directive, inner)
    for (const directive of directives) if (directive.block) this.walk(directive.block, { where: whereOf(directive.name, context.where), values, scope: scopeOf(directive, context.scope) })
    if (directives.some((directive) => directive.name === 'listen') || context.scope === 'main') this.#use(['client_header_timeout', 'client_body_timeout', 'send_timeout', 'keepalive_timeout', 'client_max_body_size', 'resolver_timeout', 'worker_shutdown_timeout', 'lingering_timeout', 'proxy_timeout', 'preread_timeout', 'ssl_handshake_timeout'], inner, 1, context.scope !== 'main' && context.where === 'http')
  }

  /** A location that forwards uses the limits of its module, its own or inherited ones. */
  #pass(directive: NginxDirective, context: Context): void {
    const module = directive.name.replace('_pass', '')
    const target = (directive.args[0] ?? '').replace(/^\w+:\/\//, '').split('/')[0] ?? ''
    const servers = this.#upstreams.get(target) ?? 1
    const next = context.values.get(`${module}_next_upstream`)?.directive.args ?? []
    const tries = Number(context.values.get(`${module}_next_upstream_tries`)?.directive.args[0] ?? 0)
    // `error timeout` is the default; a list without `timeout` does not pass on what timed out.
    const passesOn = context.where === 'stream' || next.length === 0 || (next.includes('timeout') && !next.includes('off'))
    const attempts = !passesOn ? 1 : tries > 0 ? Math.min(tries, servers) : Math.max(1, servers)
    if (context.where === 'stream') return this.#use(['proxy_connect_timeout', 'proxy_timeout'], context, attempts, true)
    this.#use([`${module}_connect_timeout`, `${module}_read_timeout`, `${module}_send_timeout`, `${module}_next_upstream_timeout`, 'client_header_timeout', 'client_body_timeout', 'send_timeout', 'keepalive_timeout', 'client_max_body_size', 'resolver_timeout'], context, attempts, true)
  }

  #use(names: readonly string[], context: Context, attempts: number, withDefaults: boolean): void {
    for (const name of names) {
      const written = context.values.get(name)
      if (written) {
        written.used = true
        written.serves.add(context.scope)
        if (/_(?:connect|read|send)_timeout$/.test(name) && !name.startsWith('client') && name !== 'send_timeout') written.attempts = Math.max(written.attempts, attempts)
      } else if (withDefaults) {
        const kind = nginxDefaults(name, context.where)
        const multiplied = kind !== null && /_(?:connect|read|send)_timeout$/.test(name)
        if (kind && !this.#defaults.has(name)) this.#defaults.set(name, { kind, attempts: multiplied ? attempts : 1, scope: context.scope, serves: new Set() })
        this.#defaults.get(name)?.serves.add(context.scope)
      }
    }
  }

  limits(file: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
    const written = this.#written.flatMap((entry) => toLimits(entry, notes))
    const defaults = [...this.#defaults].map(([name, { kind, attempts, scope, serves }]) => limitOf({
      layer: 'proxy', product, directive: name, valueMs: kind.defaultMs, asWritten: kind.defaultText, file, line: null, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts, scope, isDefault: true, attempts, serves: servedBy(serves),
    }))
    return [...written, ...defaults]
  }
}

function toLimits(written: Written, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const { directive } = written
  const kind = nginxLimits(directive.name, written.where)
  if (!kind || kind.counts === 'other') return []
  const text = directive.args.join(' ')
  const value = kind.argument === undefined ? directive.args[0] ?? '' : directive.args.find((arg) => arg.startsWith(`${kind.argument}=`))?.slice(kind.argument.length + 1) ?? null
  if (value === null) return []
  const ms = kind.isTime ? msOf(parseNginxTime(value)) : null
  const off = (kind.isTime && ms === 0 && kind.zeroIsOff) || value === 'off'
  if (kind.isTime && ms === null && !off) notes.push(noteOf(directive.file, directive.line, `${directive.name} ${text}: ${/\$\{|\{\{|<%/.test(text) ? 'filled in by a template, its value is not known here' : value.startsWith('$') ? 'nginx takes no variable here, and does not start with it' : 'not a time nginx takes, it does not start with it'}`))
  return [limitOf({
    layer: 'proxy', product, directive: kind.argument ?? directive.name, valueMs: off ? null : ms, asWritten: kind.argument ? value : text, file: directive.file, line: directive.line, enforced: written.used && !off && (!kind.isTime || ms !== null),
    meaning: written.used ? kind.meaning : `${kind.meaning} Overridden, or no location uses it.`, cause: kind.cause, alsoCauses: kind.alsoCauses, counts: kind.counts, scope: written.scope, attempts: written.attempts, serves: servedBy(written.serves),
  })]
}

/** Places shown of one value: a generated configuration has thousands. */
const mostServed = 200

function servedBy(scopes: ReadonlySet<string>): string[] {
  return [...scopes].slice(0, mostServed)
}

function whereOf(name: string, where: Where): Where {
  return name === 'upstream' ? 'upstream' : name === 'stream' ? 'stream' : name === 'http' ? 'http' : where
}

function scopeOf(directive: NginxDirective, outer: string): string {
  if (directive.name === 'server') {
    const listen = directive.block?.find((entry) => entry.name === 'listen')?.args[0]
    const name = directive.block?.find((entry) => entry.name === 'server_name')?.args[0]
    return `server ${name ?? listen ?? ''}`.trim()
  }
  if (directive.name === 'upstream') return `upstream ${directive.args[0] ?? ''}`
  return directive.name === 'location' ? `${outer === 'http' ? '' : `${outer}, `}location ${directive.args.join(' ')}` : directive.name
}
