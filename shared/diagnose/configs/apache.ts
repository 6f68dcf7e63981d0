import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { balancerTimeout, directiveKinds, parameterKinds, type ApacheKind } from './apache-limits.ts'
import { msOf, parseApacheTime, parseAtoiSeconds } from './durations.ts'
import { mostIncludes } from './includes.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'

const product = 'Apache httpd'
interface Entry { name: string; args: string[]; line: number; file: string; scope: string }

const ownWords = /^[ \t]*(?:LoadModule|ProxyPass|ProxyPassMatch|ProxyTimeout|RequestReadTimeout|CGIDScriptTimeout|DocumentRoot|ServerRoot|KeepAliveTimeout|CustomLog|ErrorLog|LogFormat|<VirtualHost|<Directory|<Location|<Proxy|<IfModule|ServerName|Listen|ScriptAlias|WSGIDaemonProcess|Timeout)\b/gm

/** Apache httpd: server, virtual hosts, Location and Proxy sections, ProxyPass parameters. */
export const apacheConfig: ConfigReader = {
  id: 'apache', kind: 'Apache httpd configuration',
  recognises: ({ file, text }) => {
    const found = new Set([...text.matchAll(ownWords)].slice(0, 60).map((match) => match[0].trim())).size
    return Math.min(1, found * 0.22 + (found > 0 && /httpd|apache/i.test(baseName(file)) ? 0.3 : 0))
  },
  read: (file, others) => {
    const notes: DiagnosisNote[] = []
    const entries = withDefines(entriesOf(file, others, { notes, left: mostIncludes }, 0))
    return { limits: [...written(entries, notes), ...inherited(entries, file.file)], notes }
  },
  includes: (file, others) => [...new Set([...file.text.slice(0, 1_000_000).matchAll(/^[ \t]*Include(?:Optional)?[ \t]+"?([^"\n]{1,500}?)"?[ \t]*$/gim)].map((match) => match[1] ?? ''))].slice(0, mostIncludes).flatMap((pattern) => others.filter((other) => other.file !== file.file && fitsInclude(other.file, pattern))).map((other) => other.file),
}

/** `Define NAME value` fills in `${NAME}` in what follows. */
function withDefines(entries: readonly Entry[]): Entry[] {
  const defined = new Map<string, string>()
  return entries.map((entry) => {
    if (/^Define$/i.test(entry.name) && defined.size < 1000) defined.set(entry.args[0] ?? '', entry.args[1] ?? '')
    return defined.size === 0 ? entry : { ...entry, args: entry.args.map((arg) => (arg.includes('${') ? arg.replaceAll(/\$\{(\w{1,100})\}/g, (whole, name: string) => defined.get(name) ?? whole) : arg)) }
  })
}

const deepestInclude = 5
interface Following { notes: DiagnosisNote[]; left: number }

function entriesOf(file: ConfigFile, others: readonly ConfigFile[], following: Following, depth: number): Entry[] {
  const entries: Entry[] = []
  const scopes: string[] = []
  const hosts = new Map<string, number>()
  let pending = ''
  let pendingLine = 0
  for (const [index, raw] of file.text.split('\n').entries()) {
    if (pending === '') pendingLine = index + 1
    // A backslash at the end continues the line.
    if (/\\\r?$/.test(raw) && pending.length < 65_536) {
      pending += `${raw.replace(/\\\r?$/, '')} `
      continue
    }
    const line = (pending + raw).trim().slice(0, 65_536)
    pending = ''
    if (line === '' || line.startsWith('#')) continue
    const close = /^<\/(\w+)>/.exec(line)
    if (close) {
      scopes.pop()
      continue
    }
    const open = /^<(\w+)\s*(.*?)>?\s*$/.exec(line)
    if (open && line.startsWith('<')) {
      if (scopes.length < 100) scopes.push(/^If/i.test(open[1] ?? '') ? '' : scopeName(open[1] ?? '', (open[2] ?? '').replace(/>$/, ''), hosts))
      continue
    }
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
    const entry: Entry = { name: words[0] ?? '', args: words.slice(1), line: pendingLine, file: file.file, scope: scopes.filter((scope) => scope !== '').join(', ') || 'server' }
    if (/^Include(?:Optional)?$/i.test(entry.name)) entries.push(...included(entry, others.filter((other) => other.file !== file.file), following, depth))
    else entries.push(entry)
  }
  return entries
}

/** Several virtual hosts may share an address: they are numbered. */
function scopeName(kind: string, of: string, hosts: Map<string, number>): string {
  if (!/^VirtualHost$/i.test(kind)) return `${kind} ${of}`
  const count = (hosts.get(of) ?? 0) + 1
  hosts.set(of, count)
  return `VirtualHost ${of}${count > 1 ? ` (${count})` : ''}`
}

function included(entry: Entry, others: readonly ConfigFile[], following: Following, depth: number): Entry[] {
  const { notes } = following
  if (following.left <= 0 || depth > deepestInclude) {
    // Files that all include each other would be followed in every order there is.
    if (following.left-- === 0 || depth > deepestInclude) notes.push(noteOf(entry.file, entry.line, `Include ${entry.args[0]}: not followed, ${depth > deepestInclude ? `it is nested deeper than ${deepestInclude} files` : `${mostIncludes} files were included already`}`))
    return []
  }
  const found = others.filter((other) => fitsInclude(other.file, entry.args[0] ?? '')).slice(0, following.left)
  // Looking in vain costs as much.
  following.left -= Math.max(1, found.length)
  if (found.length === 0 && !/Optional/i.test(entry.name)) notes.push(noteOf(entry.file, entry.line, `Include ${entry.args[0]}: not among the given files; limits set there are missing`))
  return found.flatMap((other) => entriesOf(other, others.filter((rest) => rest !== other), following, depth + 1))
}

function fitsInclude(file: string, pattern: string): boolean {
  const wanted = baseName(pattern)
  const folder = pattern.split('/').at(-2)
  if (!wanted.includes('*')) return baseName(file) === wanted
  return baseName(file).endsWith(wanted.slice(wanted.lastIndexOf('*') + 1)) && baseName(file).startsWith(wanted.slice(0, wanted.indexOf('*'))) && (folder === undefined || file.split(/[/\\]/).includes(folder))
}

function written(entries: readonly Entry[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  const phases = lastPhases(entries)
  return entries.flatMap((entry): DiagnosedLimit[] => {
    const name = entry.name.toLowerCase()
    const kind = directiveKinds[name]
    if (kind) return [simple(entry, entry.name, entry.args[0] ?? '', kind, notes)]
    if (name === 'requestreadtimeout') return entry.args.map((arg) => readTimeout(entry, arg, phases.get(phaseKey(entry, arg)) === entry))
    if (name === 'proxypass' || name === 'proxypassmatch' || name === 'proxyset' || name === 'balancermember') return parameters(entry, notes)
    if (name === 'wsgidaemonprocess') return parameters(entry, notes)
    return []
  })
}

function simple(entry: Entry, directive: string, value: string, kind: ApacheKind, notes: DiagnosisNote[]): DiagnosedLimit {
  const isTime = kind.counts !== 'size'
  const bare = /^\d+$/.test(value)
  // `acquire` counts milliseconds, everything else seconds.
  const ms = !isTime ? null : kind.secondsOnly ? msOf(parseAtoiSeconds(value)) : msOf(parseApacheTime(/acquire$/i.test(directive) && bare ? `${value}ms` : value))
  const isVariable = /\$\{/.test(value)
  if (isTime && ms === null) notes.push(noteOf(entry.file, entry.line, `${directive} ${value}: ${isVariable ? 'defined elsewhere, its value is not known here' : 'not a time Apache takes'}`))
  const unread = kind.secondsOnly && ms !== null && !bare && ms !== msOf(parseApacheTime(value)) ? ` Apache reads a number of seconds here and does not look at "${value.replace(/^\d+/, '')}".` : ''
  return limitOf({ layer: kind.cause?.startsWith('connector') ? 'connector' : kind.cause?.startsWith('gateway') ? 'gateway' : 'proxy', product, directive, valueMs: ms === 0 ? null : ms, asWritten: value, file: entry.file, line: entry.line, enforced: !isTime || isVariable || (ms !== null && ms > 0), meaning: `${kind.meaning}${unread}`, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, scope: entry.scope })
}

/** Of several RequestReadTimeout for one phase of one host the last holds. */
function lastPhases(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.filter((entry) => entry.name.toLowerCase() === 'requestreadtimeout').flatMap((entry) => entry.args.map((arg) => [phaseKey(entry, arg), entry] as const)))
}

function phaseKey(entry: Entry, arg: string): string {
  return `${hostOf(entry)} ${arg.split('=')[0]?.toLowerCase() ?? ''}`
}

/** `header=20-40,MinRate=500`: the first number is what a silent client gets, the second the most a slow one does. */
function readTimeout(entry: Entry, arg: string, isLast: boolean): DiagnosedLimit {
  const match = /^(handshake|header|body)=(\d+)(?:-(\d+))?/i.exec(arg)
  const seconds = Number(match?.[2] ?? 0)
  const phase = (match?.[1] ?? '').toLowerCase()
  return limitOf({
    layer: 'proxy', product, directive: 'RequestReadTimeout', valueMs: seconds > 0 ? seconds * 1000 : null, asWritten: arg, file: entry.file, line: entry.line, enforced: seconds > 0 && isLast, scope: entry.scope,
    cause: phase === 'body' ? 'proxy.client_body' : 'proxy.client_header', counts: 'request', meaning: match?.[3] ? `The ${phase} must have arrived; a client that keeps sending gets up to ${match[3]} s.` : `The ${phase} must have arrived.`,
  })
}

function parameters(entry: Entry, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const name = entry.name.toLowerCase()
  const balancer = name === 'proxyset' ? /balancer:\/\//.test(`${entry.scope} ${entry.args[0] ?? ''}`) : name.startsWith('proxypass') && entry.args.slice(0, 2).some((arg) => arg.startsWith('balancer://'))
  const first = entry.args[0] ?? ''
  const scope = `${entry.scope === 'server' ? '' : `${entry.scope}, `}${entry.name}${/^[\w-]+=/.test(first) ? '' : ` ${first}`}`
  const worker = [...entry.args, entry.scope].map((text) => /\b\w+:\/\/[^\s",]+/.exec(text)?.[0]).find((url) => url !== undefined)
  return entry.args.flatMap((arg): DiagnosedLimit[] => {
    const match = /^([\w-]+)=(\S+)$/.exec(arg)
    const key = match?.[1]?.toLowerCase() ?? ''
    const kind = balancer && key === 'timeout' ? balancerTimeout : parameterKinds[key]
    return match && kind ? [simple({ ...entry, scope }, `${entry.name} ${match[1]}`, match[2] ?? '', kind, notes)].map((limit) => (worker ? { ...limit, serves: [worker] } : limit)) : []
  })
}

/** Timeout stands in for ProxyTimeout and CGIDScriptTimeout, the virtual host's before the server's; 60 s where nobody sets it (Debian ships 300). */
function inherited(entries: readonly Entry[], file: string): DiagnosedLimit[] {
  const list: DiagnosedLimit[] = []
  const hosts = byHost(entries)
  for (const [host, { entries: own }] of hosts) {
    const proxied = own.some((entry) => /^(?:ProxyPass|ProxyPassMatch|RewriteRule|BalancerMember|SetHandler)$/i.test(entry.name) && /https?:|fcgi:|ajp:|uwsgi:|balancer:|proxy:/.test(entry.args.join(' ')))
    const cgi = own.some((entry) => /^(?:ScriptAlias|ScriptAliasMatch|ScriptSock)$/i.test(entry.name) || /cgi-script|\+?ExecCGI/i.test(entry.args.join(' ')))
    const timeout = settingFor(hosts, host, 'timeout')
    const base = { product, directive: 'Timeout', valueMs: timeout ? msOf(parseAtoiSeconds(timeout.args[0] ?? '')) : 60_000, asWritten: timeout?.args[0] ?? '60', file: timeout?.file ?? file, line: timeout?.line ?? null, isDefault: !timeout, scope: host }
    if (proxied && !settingFor(hosts, host, 'proxytimeout')) list.push(limitOf({ ...base, layer: 'proxy', cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', meaning: 'Stands in for ProxyTimeout: the longest silence of a proxied upstream.' }))
    if (cgi && !settingFor(hosts, host, 'cgidscripttimeout')) list.push(limitOf({ ...base, layer: 'connector', cause: 'connector.python', counts: 'wait', meaning: 'Stands in for CGIDScriptTimeout: the longest silence of a CGI program.' }))
  }
  const phases = lastPhases(entries)
  if (entries.some((entry) => /^LoadModule$/i.test(entry.name) && entry.args[0] === 'reqtimeout_module')) for (const arg of ['header=20-40,MinRate=500', 'body=20,MinRate=500']) {
    const entry = { name: 'RequestReadTimeout', args: [arg], line: 1, file, scope: 'server' }
    if (!phases.has(phaseKey(entry, arg))) list.push({ ...readTimeout(entry, arg, true), line: null, isDefault: true })
  }
  if (!entries.some((entry) => entry.name.toLowerCase() === 'keepalivetimeout')) list.push(limitOf({ layer: 'proxy', product, directive: 'KeepAliveTimeout', valueMs: 5000, asWritten: '5', file, line: null, isDefault: true, scope: 'server', cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open.' }))
  return list
}

function hostOf(entry: Entry): string {
  return /^VirtualHost [^,]*/.exec(entry.scope)?.[0] ?? 'server'
}

/** Everything a virtual host says, and the last entry of each of its settings. */
interface Host { entries: Entry[]; last: Map<string, Entry> }

function byHost(entries: readonly Entry[]): Map<string, Host> {
  const hosts = new Map<string, Host>()
  for (const entry of entries) {
    const name = hostOf(entry)
    const host = hosts.get(name) ?? { entries: [], last: new Map<string, Entry>() }
    hosts.set(name, host)
    host.entries.push(entry)
    host.last.set(entry.name.toLowerCase(), entry)
  }
  return hosts
}

/** A setting as it holds in a virtual host: its own, else the server's. */
function settingFor(hosts: ReadonlyMap<string, Host>, host: string, name: string): Entry | null {
  return hosts.get(host)?.last.get(name) ?? hosts.get('server')?.last.get(name) ?? null
}
