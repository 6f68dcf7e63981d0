import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseApacheTime } from './durations.ts'
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
    const entries = entriesOf(file, others, notes, 0)
    return { limits: [...written(entries, notes), ...inherited(entries, file.file)], notes }
  },
}

function entriesOf(file: ConfigFile, others: readonly ConfigFile[], notes: DiagnosisNote[], depth: number): Entry[] {
  const entries: Entry[] = []
  const scopes: string[] = []
  let pending = ''
  let pendingLine = 0
  for (const [index, raw] of file.text.split('\n').slice(0, 200_000).entries()) {
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
      if (scopes.length < 100) scopes.push(/^If/i.test(open[1] ?? '') ? '' : `${open[1]} ${(open[2] ?? '').replace(/>$/, '')}`)
      continue
    }
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
    const entry: Entry = { name: words[0] ?? '', args: words.slice(1), line: pendingLine, file: file.file, scope: scopes.filter((scope) => scope !== '').join(', ') || 'server' }
    if (/^Include(?:Optional)?$/i.test(entry.name)) entries.push(...included(entry, others.filter((other) => other.file !== file.file), notes, depth))
    else entries.push(entry)
  }
  return entries
}

function included(entry: Entry, others: readonly ConfigFile[], notes: DiagnosisNote[], depth: number): Entry[] {
  const wanted = baseName(entry.args[0] ?? '')
  const found = depth > 5 ? [] : others.filter((other) => wanted.includes('*') ? baseName(other.file).endsWith(wanted.slice(wanted.lastIndexOf('*') + 1)) : baseName(other.file) === wanted)
  if (found.length === 0 && !/Optional/i.test(entry.name)) notes.push(noteOf(entry.file, entry.line, `Include ${entry.args[0]}: not among the given files; limits set there are missing`))
  return found.flatMap((other) => entriesOf(other, others.filter((rest) => rest !== other), notes, depth + 1))
}

interface Kind { cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }
const kinds: Record<string, Kind> = {
  timeout: { cause: 'proxy.client_write', alsoCauses: ['proxy.client_body'], counts: 'write', meaning: 'Longest silence of a client, and of CGI programs and upstreams where they have no limit of their own.' },
  proxytimeout: { cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', meaning: 'Longest silence of a proxied upstream.' },
  keepalivetimeout: { cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open.' },
  cgidscripttimeout: { cause: 'connector.python', counts: 'wait', meaning: 'Longest silence of a CGI program.' },
  gracefulshutdowntimeout: { cause: 'proxy.stopped', counts: 'stop', meaning: 'After a graceful stop, what still runs is ended when it passes.' },
  limitrequestbody: { cause: 'proxy.rejected', counts: 'size', meaning: 'Largest request body.' },
}

function written(entries: readonly Entry[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  return entries.flatMap((entry): DiagnosedLimit[] => {
    const name = entry.name.toLowerCase()
    const kind = kinds[name]
    if (kind) return [simple(entry, entry.name, entry.args[0] ?? '', kind, notes)]
    if (name === 'requestreadtimeout') return entry.args.map((arg) => readTimeout(entry, arg))
    if (name === 'proxypass' || name === 'proxypassmatch' || name === 'proxyset' || name === 'balancermember') return parameters(entry, notes)
    if (name === 'wsgidaemonprocess') return parameters(entry, notes)
    return []
  })
}

function simple(entry: Entry, directive: string, value: string, kind: Kind, notes: DiagnosisNote[]): DiagnosedLimit {
  const isTime = kind.counts !== 'size'
  const ms = isTime ? msOf(parseApacheTime(value)) : null
  if (isTime && ms === null) notes.push(noteOf(entry.file, entry.line, `${directive} ${value}: not a time Apache takes`))
  return limitOf({ layer: kind.cause?.startsWith('connector') ? 'connector' : 'proxy', product, directive, valueMs: ms === 0 ? null : ms, asWritten: value, file: entry.file, line: entry.line, enforced: !isTime || (ms !== null && ms > 0), meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, scope: entry.scope })
}

/** `header=20-40,MinRate=500`: the first number is what a silent client gets, the second the most a slow one does. */
function readTimeout(entry: Entry, arg: string): DiagnosedLimit {
  const match = /^(handshake|header|body)=(\d+)(?:-(\d+))?/i.exec(arg)
  const seconds = Number(match?.[2] ?? 0)
  const phase = (match?.[1] ?? '').toLowerCase()
  return limitOf({
    layer: 'proxy', product, directive: 'RequestReadTimeout', valueMs: seconds > 0 ? seconds * 1000 : null, asWritten: arg, file: entry.file, line: entry.line, enforced: seconds > 0, scope: entry.scope,
    cause: phase === 'body' ? 'proxy.client_body' : 'proxy.client_header', counts: 'request', meaning: match?.[3] ? `The ${phase} must have arrived; a client that keeps sending gets up to ${match[3]} s.` : `The ${phase} must have arrived.`,
  })
}

const parameterKinds: Record<string, Kind> = {
  timeout: { cause: 'proxy.read', alsoCauses: ['proxy.send'], counts: 'wait', meaning: 'Longest silence of this upstream; overrides ProxyTimeout.' },
  connectiontimeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to this upstream.' },
  retry: { cause: null, alsoCauses: ['proxy.backend_down'], counts: 'other', meaning: 'How long a failed upstream is not tried again.' },
  acquire: { cause: 'proxy.queue', counts: 'queue', meaning: 'How long a request waits for a free connection of the pool.' },
  'request-timeout': { cause: 'gateway.worker', counts: 'total', meaning: 'mod_wsgi ends the process when requests take longer.' },
  'inactivity-timeout': { cause: 'gateway.worker', counts: 'idle', meaning: 'mod_wsgi restarts a process without requests or reads and writes.' },
  'deadlock-timeout': { cause: 'gateway.worker', counts: 'wait', meaning: 'mod_wsgi ends a process that holds the interpreter lock.' },
  'socket-timeout': { cause: 'proxy.read', counts: 'wait', meaning: 'Longest silence between Apache and the WSGI daemon.' },
  'connect-timeout': { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to the WSGI daemon.' },
  'queue-timeout': { cause: 'proxy.queue', counts: 'queue', meaning: 'How long a request waits for the WSGI daemon.' },
}

function parameters(entry: Entry, notes: DiagnosisNote[]): DiagnosedLimit[] {
  return entry.args.flatMap((arg): DiagnosedLimit[] => {
    const match = /^([\w-]+)=(\S+)$/.exec(arg)
    const kind = parameterKinds[match?.[1]?.toLowerCase() ?? '']
    if (!match || !kind) return []
    const value = match[2] ?? ''
    // `acquire` counts milliseconds, everything else seconds.
    return [simple({ ...entry, scope: `${entry.name} ${entry.args[0] ?? ''}` }, `${entry.name} ${match[1]}`, /^acquire$/i.test(match[1] ?? '') && /^\d+$/.test(value) ? `${value}ms` : value, kind, notes)]
  })
}

/** Timeout stands in for ProxyTimeout and CGIDScriptTimeout; 60 s where nobody sets it (Debian ships 300). */
function inherited(entries: readonly Entry[], file: string): DiagnosedLimit[] {
  const has = (name: string) => entries.some((entry) => entry.name.toLowerCase() === name)
  const timeout = entries.findLast((entry) => entry.name.toLowerCase() === 'timeout')
  const ms = timeout ? msOf(parseApacheTime(timeout.args[0] ?? '')) : 60_000
  const base = { product, directive: 'Timeout', valueMs: ms, asWritten: timeout?.args[0] ?? '60', file: timeout?.file ?? file, line: timeout?.line ?? null, isDefault: !timeout, scope: 'server' }
  const proxied = entries.some((entry) => /^(?:ProxyPass|ProxyPassMatch|RewriteRule|BalancerMember|SetHandler)$/i.test(entry.name) && /https?:|fcgi:|ajp:|uwsgi:|balancer:|proxy:/.test(entry.args.join(' ')))
  const cgi = entries.some((entry) => /^(?:ScriptAlias|ScriptSock)$/i.test(entry.name) || /cgi-script|\+?ExecCGI/i.test(entry.args.join(' ')))
  const list: DiagnosedLimit[] = []
  if (proxied && !has('proxytimeout')) list.push(limitOf({ ...base, layer: 'proxy', cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', meaning: 'Stands in for ProxyTimeout: the longest silence of a proxied upstream.' }))
  if (cgi && !has('cgidscripttimeout')) list.push(limitOf({ ...base, layer: 'connector', cause: 'connector.python', counts: 'wait', meaning: 'Stands in for CGIDScriptTimeout: the longest silence of a CGI program.' }))
  if (!has('keepalivetimeout')) list.push(limitOf({ ...base, layer: 'proxy', directive: 'KeepAliveTimeout', valueMs: 5000, asWritten: '5', file, line: null, isDefault: true, cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open.' }))
  return list
}
