import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseSeconds, parseSquidTime } from './durations.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'

interface Kind { cause: Cause | null; counts: Counts; meaning: string; defaultMs: number; alsoCauses?: Cause[] }

const squidKinds: Record<string, Kind> = {
  connect_timeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to an origin server.', defaultMs: 60_000 },
  peer_connect_timeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to a cache peer.', defaultMs: 30_000 },
  read_timeout: { cause: 'proxy.read', counts: 'wait', meaning: 'Longest silence of a server.', defaultMs: 900_000 },
  write_timeout: { cause: 'proxy.send', alsoCauses: ['proxy.client_write'], counts: 'write', meaning: 'Longest wait for a socket to take data.', defaultMs: 900_000 },
  request_timeout: { cause: 'proxy.client_header', counts: 'request', meaning: 'The whole request header must have arrived.', defaultMs: 300_000 },
  request_start_timeout: { cause: 'proxy.client_header', alsoCauses: ['proxy.idle'], counts: 'request', meaning: 'For the first byte of a request on a new connection.', defaultMs: 300_000 },
  client_idle_pconn_timeout: { cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle client connection stays open.', defaultMs: 120_000 },
  client_lifetime: { cause: 'proxy.idle', counts: 'total', meaning: 'Longest life of a client connection.', defaultMs: 86_400_000 },
  forward_timeout: { cause: 'proxy.connect', counts: 'total', meaning: 'How long Squid looks for a way to the server.', defaultMs: 240_000 },
  dns_timeout: { cause: 'network.dns', counts: 'connect', meaning: 'For resolving a name.', defaultMs: 30_000 },
  shutdown_lifetime: { cause: 'proxy.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.', defaultMs: 30_000 },
}

const stunnelKinds: Record<string, Kind> = {
  TIMEOUTbusy: { cause: 'proxy.client_header', counts: 'request', meaning: 'For data that is expected, such as the TLS handshake.', defaultMs: 300_000 },
  TIMEOUTclose: { cause: null, counts: 'stop', meaning: 'For the other side’s close_notify.', defaultMs: 60_000 },
  TIMEOUTconnect: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to the server behind.', defaultMs: 10_000 },
  TIMEOUTidle: { cause: 'proxy.idle', counts: 'wait', meaning: 'Longest silence of both sides; a waiting client counts as silent.', defaultMs: 43_200_000 },
}

/** squid.conf: one directive per line. */
export const squidConfig: ConfigReader = {
  id: 'squid', kind: 'Squid configuration',
  recognises: ({ text }) => Math.min(1, new Set([...text.matchAll(/^[ \t]*(http_port|http_access|cache_peer|acl|cache_dir|cache_log|access_log|visible_hostname|refresh_pattern|coredump_dir|read_timeout|connect_timeout|request_timeout)\s+[^=;{\s]/gm)].slice(0, 40).map((match) => match[1] ?? '')).size * 0.26),
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits: DiagnosedLimit[] = []
    for (const [index, raw] of text.split('\n').entries()) {
      const match = /^\s*(\w+)\s+([^#]+?)\s*(?:#.*)?$/.exec(raw.slice(0, 4096))
      const kind = squidKinds[match?.[1] ?? '']
      if (!match || !kind) continue
      const ms = msOf(parseSquidTime(match[2] ?? ''))
      if (ms === null) notes.push(noteOf(file, index + 1, `${match[1]} ${match[2]}: not a time Squid takes`))
      limits.push(limitFor('Squid', match[1] ?? '', match[2] ?? '', ms, kind, file, index + 1))
    }
    return { limits: [...limits, ...defaults('Squid', squidKinds, limits, file)], notes }
  },
}

/** stunnel.conf: global and per-service options; whole seconds. */
export const stunnelConfig: ConfigReader = {
  id: 'stunnel', kind: 'stunnel configuration',
  recognises: ({ text }) => (/^[ \t]*\[[^\]]+\]\s*$/m.test(text) && /^[ \t]*accept\s*=/m.test(text) && /^[ \t]*connect\s*=/m.test(text)) || /^[ \t]*TIMEOUT(?:busy|close|connect|idle)\s*=/m.test(text) ? 0.95 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits: DiagnosedLimit[] = []
    let service: string | null = null
    for (const [index, raw] of text.split('\n').entries()) {
      const section = /^\s*\[([^\]]+)\]/.exec(raw)
      if (section) service = section[1] ?? null
      const match = /^\s*(TIMEOUT\w+)\s*=\s*([^;#\s]+)/i.exec(raw.slice(0, 4096))
      const name = Object.keys(stunnelKinds).find((known) => known.toLowerCase() === match?.[1]?.toLowerCase())
      if (!match || !name) continue
      const ms = msOf(parseSeconds(match[2] ?? ''))
      if (ms === null) notes.push(noteOf(file, index + 1, `${name} = ${match[2]}: not a number of seconds`))
      limits.push({ ...limitFor('stunnel', name, match[2] ?? '', ms, stunnelKinds[name] as Kind, file, index + 1), scope: service })
    }
    return { limits: [...limits, ...defaults('stunnel', stunnelKinds, limits, file)], notes }
  },
}

function limitFor(product: string, directive: string, text: string, ms: number | null, kind: Kind, file: string, line: number): DiagnosedLimit {
  return limitOf({ layer: 'proxy', product, directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: text, file, line, enforced: ms !== null && ms > 0, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts })
}

function defaults(product: string, kinds: Record<string, Kind>, written: readonly DiagnosedLimit[], file: string): DiagnosedLimit[] {
  return Object.entries(kinds).filter(([name, kind]) => kind.cause !== null && !written.some((limit) => limit.directive === name))
    .map(([name, kind]) => limitOf({ layer: 'proxy', product, directive: name, valueMs: kind.defaultMs, asWritten: `${kind.defaultMs / 1000} s`, file, line: null, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, isDefault: true }))
}
