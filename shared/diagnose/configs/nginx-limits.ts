import type { Cause } from '../../verdict/causes.ts'
import type { Counts } from '../diagnosis.ts'

/** What a directive limits; source: nginx.org documentation of the core, proxy and stream modules. */
export interface NginxLimitKind {
  isTime: boolean
  cause: Cause | null
  alsoCauses: Cause[]
  counts: Counts
  meaning: string
  defaultMs: number | null
  defaultText: string
  /** 0 switches it off. */
  zeroIsOff: boolean
  /** The time is not the first word but a named argument: `server 10.0.0.1 fail_timeout=30s`. */
  argument?: string
}

export type Where = 'main' | 'http' | 'stream' | 'upstream'

function kind(cause: Cause | null, counts: Counts, meaning: string, defaultText: string, defaultMs: number | null, more: Partial<NginxLimitKind> = {}): NginxLimitKind {
  return { isTime: true, cause, alsoCauses: [], counts, meaning, defaultMs, defaultText, zeroIsOff: false, ...more }
}

const http: Record<string, NginxLimitKind> = {
  client_header_timeout: kind('proxy.client_header', 'request', 'The whole request header must have arrived.', '60s', 60_000),
  client_body_timeout: kind('proxy.client_body', 'request', 'Between two reads of the request body, not for all of it.', '60s', 60_000),
  send_timeout: kind('proxy.client_write', 'write', 'Between two writes to the client, not for the whole answer.', '60s', 60_000),
  keepalive_timeout: kind('proxy.idle', 'idle', 'How long an idle kept-alive client connection stays open.', '75s', 75_000, { zeroIsOff: true }),
  resolver_timeout: kind('network.dns', 'connect', 'For resolving an upstream’s name.', '30s', 30_000),
  lingering_timeout: kind(null, 'stop', 'How long nginx waits for more of a request it has already refused.', '5s', 5000),
  client_max_body_size: kind('proxy.rejected', 'size', 'Largest request body; 413 above.', '1m', null, { isTime: false }),
  worker_shutdown_timeout: kind('proxy.stopped', 'stop', 'After a reload, old workers end their requests when it passes.', '', null),
  keepalive_time: kind(null, 'idle', 'Longest life of a kept-alive connection.', '1h', 3_600_000),
  http2_idle_timeout: kind('proxy.idle', 'idle', 'How long an idle HTTP/2 connection stays open.', '3m', 180_000),
}

const stream: Record<string, NginxLimitKind> = {
  proxy_timeout: kind('proxy.idle', 'wait', 'Between two reads or writes on either side of the connection; a waiting client counts as silent.', '10m', 600_000),
  proxy_connect_timeout: kind('proxy.connect', 'connect', 'For connecting to the upstream.', '60s', 60_000),
  preread_timeout: kind('proxy.client_header', 'request', 'For the first bytes of the client.', '30s', 30_000),
  ssl_handshake_timeout: kind('proxy.client_header', 'request', 'For the TLS handshake with the client.', '60s', 60_000),
  resolver_timeout: http['resolver_timeout'] as NginxLimitKind,
}

const upstream: Record<string, NginxLimitKind> = {
  keepalive_timeout: kind(null, 'idle', 'How long an idle connection to an upstream server is kept for reuse.', '60s', 60_000),
  keepalive_time: kind(null, 'idle', 'Longest life of a kept connection to an upstream server.', '1h', 3_600_000),
  server: kind(null, 'check', 'How long a server that failed max_fails times is left out.', '10s', 10_000, { argument: 'fail_timeout', alsoCauses: ['proxy.backend_down'] }),
  queue: kind('proxy.queue', 'queue', 'How long a request waits for a free server.', '60s', 60_000, { argument: 'timeout' }),
}

const modules = ['proxy', 'fastcgi', 'uwsgi', 'scgi', 'grpc', 'memcached']
for (const module of modules) {
  http[`${module}_connect_timeout`] = kind('proxy.connect', 'connect', 'For connecting to one upstream server.', '60s', 60_000)
  http[`${module}_read_timeout`] = kind('proxy.read', 'wait', 'Between two reads from the upstream, not for the whole answer.', '60s', 60_000)
  http[`${module}_send_timeout`] = kind('proxy.send', 'write', 'Between two writes of the request to the upstream.', '60s', 60_000)
  http[`${module}_next_upstream_timeout`] = kind(null, 'total', 'For passing a request on to the next upstream; 0 is no limit.', '0', null, { zeroIsOff: true })
  http[`${module}_next_upstream`] = kind(null, 'other', '', '', null, { isTime: false })
  http[`${module}_next_upstream_tries`] = kind(null, 'other', '', '', null, { isTime: false })
}

/** What a directive limits in this context; null for one that limits nothing. */
export function nginxLimits(name: string, where: Where): NginxLimitKind | null {
  if (where === 'upstream') return upstream[name] ?? null
  if (where === 'stream') return stream[name] ?? null
  return http[name] ?? null
}

/** The same where nobody wrote it; null where the default is no limit. */
export function nginxDefaults(name: string, where: Where): NginxLimitKind | null {
  const found = nginxLimits(name, where)
  return found && found.defaultText !== '' && (found.defaultMs !== null || found.counts === 'size') ? found : null
}
