import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { caddyImports, caddyLines } from './caddy-imports.ts'
import { msOf, parseGoDuration, unitMs } from './durations.ts'
import type { SourceLine } from './includes.ts'
import { limitOf, noteOf, baseName, type ConfigReader } from './reader.ts'

export const caddyProduct = 'Caddy'
export interface CaddyKind { cause: Cause | null; counts: Counts; meaning: string }

/** Caddy's limits by their Caddyfile and JSON names; source: its documentation of reverse_proxy and servers. */
export const caddyKinds: Record<string, CaddyKind> = {
  dial_timeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to an upstream (3 s by default).' },
  response_header_timeout: { cause: 'proxy.read', counts: 'wait', meaning: 'For the upstream’s answer header; none by default.' },
  expect_continue_timeout: { cause: null, counts: 'wait', meaning: 'For a 100 Continue of the upstream.' },
  tls_timeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For the TLS handshake with an upstream.' },
  'reverse_proxy read_timeout': { cause: 'proxy.read', counts: 'wait', meaning: 'Longest silence of an upstream; none by default.' },
  'reverse_proxy write_timeout': { cause: 'proxy.send', counts: 'write', meaning: 'Longest wait for an upstream to take the request.' },
  lb_try_duration: { cause: 'proxy.refused', counts: 'total', meaning: 'How long another upstream is looked for before the request fails.' },
  fail_duration: { cause: null, counts: 'other', meaning: 'How long a failed upstream is remembered.' },
  health_timeout: { cause: null, counts: 'check', meaning: 'For a health check to be answered.' },
  read_body: { cause: 'proxy.client_body', counts: 'request', meaning: 'For the request body to be read.' },
  read_header: { cause: 'proxy.client_header', counts: 'request', meaning: 'For the request header to be read.' },
  write: { cause: 'gateway.write', counts: 'total', meaning: 'An answer written later is lost: Go’s WriteTimeout.' },
  idle: { cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open (5 min by default).' },
  stream_timeout: { cause: 'proxy.idle', counts: 'total', meaning: 'A streaming answer (WebSocket) is ended when it passes.' },
  shutdown_delay: { cause: null, counts: 'other', meaning: 'How long Caddy waits before it begins to stop.' },
  lb_try_interval: { cause: null, counts: 'other', meaning: 'Between two tries of an upstream.' },
  dial_fallback_delay: { cause: null, counts: 'other', meaning: 'Before the other IP version is tried.' },
  keepalive: { cause: null, counts: 'idle', meaning: 'How long an idle connection to an upstream is kept for reuse (2 min by default).' },
  stream_close_delay: { cause: null, counts: 'stop', meaning: 'How long streams are kept after the configuration changed.' },
  max_size: { cause: 'proxy.rejected', counts: 'size', meaning: 'Largest request body.' },
  grace_period: { cause: 'proxy.stopped', counts: 'stop', meaning: 'When Caddy stops or reloads, what still runs is ended when it passes.' },
}

/** `{$DIAL_TIMEOUT:5s}`: the value that holds where the environment has none; null for a placeholder without one. */
function withoutPlaceholder(text: string): string | null {
  const match = /^\{\$[\w.]{1,100}(?::([^}]*))?\}$/.exec(text)
  return match ? match[1] ?? null : /^\{[\w.$]{1,100}\}$/.test(text) ? null : text
}

/** A limit of Caddy; d (days) is Caddy's own addition to Go's durations. */
export function caddyLimit(directive: string, key: string, text: string, at: { file: string; line: number | null; scope: string }, notes: DiagnosisNote[]): DiagnosedLimit | null {
  const kind = caddyKinds[key]
  if (!kind) return null
  const value = withoutPlaceholder(text)
  const days = /^(\d+(?:\.\d+)?)d$/.exec(value ?? '')
  const ms = kind.counts === 'size' || value === null ? null : days ? Number(days[1]) * unitMs.d : msOf(parseGoDuration(value))
  if (value !== text) notes.push(noteOf(at.file, at.line, `${directive} ${text}: from the environment${value === null ? ', its value is not known here' : `; ${value} where that has none`}`))
  else if (ms === null && kind.counts !== 'size') notes.push(noteOf(at.file, at.line, `${directive} ${text}: not a duration Caddy takes${/^\d+$/.test(text) ? ': it wants a unit' : ''}`))
  return limitOf({ layer: 'proxy', product: caddyProduct, directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: text, file: at.file, line: at.line, enforced: kind.counts === 'size' || value === null || (ms !== null && ms > 0), meaning: kind.meaning, cause: kind.cause, counts: kind.counts, scope: at.scope })
}

/** The Caddyfile: blocks by indentation-free braces, one directive per line. */
export const caddyfileConfig: ConfigReader = {
  id: 'caddyfile', kind: 'Caddyfile',
  recognises: ({ file, text }) => {
    if (/;\s*$/m.test(text)) return 0
    const found = new Set([...text.matchAll(/^[ \t]*(reverse_proxy|file_server|php_fastcgi|handle|handle_path|route|encode|tls|respond|header|log|lb_policy|dial_timeout|response_header_timeout|lb_try_duration|transport\s+http|to)\b/gm)].slice(0, 40).map((match) => match[1] ?? '')).size
    const site = /^[ \t]*(?:https?:\/\/\S+|:\d+|[\w*.-]+\.\w+(?::\d+)?|localhost(?::\d+)?)(?:,?\s[^{\n]*)?\{\s*$/m.test(text)
    return Math.min(1, (/caddyfile/i.test(baseName(file)) ? 0.5 : 0) + (/^[ \t]*reverse_proxy\b/m.test(text) ? 0.4 : 0) + (site ? 0.2 : 0) + (found > 1 ? 0.1 * found : 0))
  },
  includes: caddyImports,
  read: (whole, others) => {
    const { file } = whole
    const notes: DiagnosisNote[] = []
    const limits: DiagnosedLimit[] = []
    const stack: string[] = []
    const proxies: { scope: string; line: number }[] = []
    const lines = caddyLines(whole, others, notes)
    for (const at of lines) {
      const line = at.text.replace(/(?:^|\s)#.*$/, '').trim().slice(0, 4096)
      if (line === '}') {
        stack.pop()
        continue
      }
      const opens = /(?:^|\s)\{$/.test(line)
      const head = opens ? line.slice(0, -1).trim() : line
      const [name = '', value = ''] = head.split(/\s+/)
      const scope = stack.filter((entry) => entry !== '').join(', ') || 'global'
      if (/^(?:reverse_proxy|php_fastcgi)$/.test(name)) proxies.push({ scope: scope === 'global' ? head : `${scope}, ${head}`, line: at.line })
      const key = keyOf(name, stack)
      const limit = key !== null && value !== '' ? caddyLimit(name, key, value, { file: at.file, line: at.line, scope }, notes) : null
      // What is imported stands where it is imported: a snippet that is left is imported nowhere.
      if (limit) limits.push(/^\(\S+\)$/.test(stack[0] ?? '') ? { ...limit, enforced: false, meaning: `${limit.meaning} The snippet is imported nowhere.` } : limit)
      if (opens && stack.length < 100) stack.push(head)
    }
    if (stack.length > 0) notes.push(noteOf(file, null, `${stack.length} block(s) are not closed`))
    return { limits: [...retried(limits, lines), ...withoutDial(proxies, limits).slice(0, 1).map((proxy) => ({ ...dialDefault(file), scope: proxy.scope }))], notes }
  },
}

/** What a directive is called in the table, by the blocks it stands in; null where it means something else. */
function keyOf(name: string, stack: readonly string[]): string | null {
  const inside = stack.at(-1) ?? ''
  if (['read_body', 'read_header', 'write', 'idle'].includes(name)) return inside.startsWith('timeouts') ? name : null
  if (name === 'read_timeout' || name === 'write_timeout') {
    if (inside.startsWith('request_body')) return name === 'read_timeout' ? 'read_body' : 'write'
    return stack.some((scope) => /^(?:reverse_proxy|php_fastcgi|transport)/.test(scope)) ? `reverse_proxy ${name}` : null
  }
  if (name === 'keepalive') return inside.startsWith('transport') ? name : null
  return name
}

/** Proxies without a dial_timeout. */
function withoutDial<T extends { scope: string }>(proxies: readonly T[], limits: readonly DiagnosedLimit[]): T[] {
  const dials = limits.filter((limit) => limit.directive === 'dial_timeout').map((limit) => limit.scope ?? '')
  // A limit stands in its proxy, and in every block around it.
  const around = new Set(dials.flatMap((scope) => scope.split(', ').map((_, index, parts) => parts.slice(0, index + 1).join(', '))))
  return proxies.filter((proxy) => !around.has(proxy.scope))
}

/** `lb_retries 3`: four upstreams are tried. */
function retried(limits: readonly DiagnosedLimit[], lines: readonly SourceLine[]): DiagnosedLimit[] {
  const retries = Number(lines.map((line) => /^[ \t]*lb_retries[ \t]+(\d{1,3})\b/.exec(line.text)?.[1]).find((found) => found !== undefined) ?? 0)
  return retries === 0 ? [...limits] : limits.map((limit) => ((limit.directive === 'dial_timeout' || limit.directive === 'response_header_timeout') && limit.scope?.includes('reverse_proxy') ? { ...limit, attempts: retries + 1 } : limit))
}

export function dialDefault(file: string): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product: caddyProduct, directive: 'dial_timeout', valueMs: 3000, asWritten: '3s', file, line: null, meaning: 'For connecting to an upstream.', cause: 'proxy.connect', counts: 'connect', isDefault: true })
}
