/** What a configuration is made of. Times in ms; null = no limit. */
export interface HaproxySettings {
  upstream: { host: string; port: number; nameServerPort?: number }
  fault?: 'reject' | 'backend_down'
  /** Only one request at a time goes to upstream; the others wait in the queue. */
  oneAtATime?: boolean
  /** Connections to upstream are kept for the next request. */
  keepUpstream?: boolean
  log: { port: number; tag: string }
  times: Record<'connect' | 'read' | 'client_header' | 'client' | 'client_body' | 'idle' | 'queue', number | null>
}

const asGoodAsOffMs = 24 * 3_600_000

/** Path that is answered by HAProxy itself: its log line tells that everything before it has been logged. */
export const haproxyMarkerPath = '/.cutoff-marker'

/**
 * A whole haproxy.cfg for one backend, with HAProxy's usual HTTP log. Three settings differ from its defaults, each because the
 * default hides what this tool is asked to show:
 * - `retries 0`: by default a connect limit is multiplied by four.
 * - `option abortonclose`: by default HAProxy 2.x does not pass on that the client has left.
 * - `wait-for-body` holds the body limit: `timeout client` does not fire on a stalled upload, `timeout server` does and blames the server.
 */
export function haproxyConfigOf({ upstream, log, times, fault, oneAtATime, keepUpstream }: HaproxySettings): string {
  const ms = (value: number) => `${Math.max(1, Math.round(value))}ms`
  const timeout = (name: string, value: number | null) => `  timeout ${name} ${ms(value ?? asGoodAsOffMs)}`
  const lines = [
    'global',
    `  log 127.0.0.1:${log.port} len 8192 local0 info`,
    `  log-tag ${log.tag}`,
    '  maxconn 64',
    '  nbthread 1',
    // A body is only waited for as far as it fits this buffer.
    ...(times.client_body === null ? [] : ['  tune.bufsize 1048576']),
    'defaults',
    '  mode http',
    '  log global',
    '  option httplog',
    '  option abortonclose',
    ...(keepUpstream ? ['  http-reuse always'] : ['  option http-server-close', '  http-reuse never']),
    '  retries 0',
    // What is not set borrows from another: queue from connect, http-keep-alive from http-request, both from client.
    timeout('connect', times.connect), timeout('server', times.read), timeout('client', times.client),
    timeout('http-request', times.client_header), timeout('http-keep-alive', times.idle), timeout('queue', times.queue),
    ...(upstream.nameServerPort === undefined ? [] : ['resolvers loopback', `  nameserver ours 127.0.0.1:${upstream.nameServerPort}`, '  resolve_retries 1', '  timeout resolve 200ms', '  timeout retry 200ms']),
    'frontend fe',
    '  bind fd@3',
    `  http-request return status 204 if { path ${haproxyMarkerPath} }`,
    ...(fault === 'reject' ? ['  http-request deny deny_status 403'] : []),
    ...(times.client_body === null ? [] : [`  http-request wait-for-body time ${ms(times.client_body)} if METH_POST`]),
    '  default_backend be',
    'backend be',
    `  server s1 ${upstream.host}:${upstream.port}${upstream.nameServerPort === undefined ? (fault === 'backend_down' ? ' disabled' : '') : ' resolvers loopback init-addr none'}${oneAtATime ? ' maxconn 1' : ''}`,
  ]
  return `${lines.join('\n')}\n`
}
