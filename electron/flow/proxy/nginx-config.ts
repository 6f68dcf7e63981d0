/** What a configuration is made of. Times in ms. */
export interface NginxSettings {
  folder: string
  /** User and group of the worker; null = the one who starts it, the only choice for anybody but root. */
  user: string | null
  port: number
  upstream: { host: string; port: number; nameServerPort?: number }
  fault?: 'reject' | 'backend_down'
  /** Connections to upstream are kept for the next request (nginx's own default is a new one each time). */
  keepUpstream?: boolean
  log: { port: number; tag: string }
  times: Record<NginxTime, number>
}

/** Limits of `proxy.*` and the directives that hold them. `queue` has none: nginx never queues. */
export const nginxDirectives = {
  connect: 'proxy_connect_timeout', read: 'proxy_read_timeout', send: 'proxy_send_timeout',
  client_header: 'client_header_timeout', client_body: 'client_body_timeout', client_write: 'send_timeout', idle: 'keepalive_timeout',
} as const
export type NginxTime = keyof typeof nginxDirectives

/** Path that is answered by nginx itself: its log line tells that everything before it has been logged. */
export const nginxMarkerPath = '/.cutoff-marker'

/**
 * A whole nginx.conf: one worker, one server on the inherited socket, everything it writes in one folder. The access format is
 * nginx's usual one with the upstream times; both logs go to one syslog socket, so their order is kept. (A master without workers,
 * `master_process off`, would be simpler: nginx 1.22 crashes when it inherits a socket then.)
 */
export function nginxConfigOf({ folder, user, port, upstream, log, times, fault, keepUpstream }: NginxSettings): string {
  const syslog = `syslog:server=127.0.0.1:${log.port},nohostname,tag=${log.tag}`
  const directives = Object.entries(nginxDirectives).map(([name, directive]) => `    ${directive} ${Math.max(1, Math.round(times[name as NginxTime]))}ms;`)
  const named = keepUpstream && upstream.nameServerPort === undefined
  // A name can only be looked up at run time through a variable.
  const target = fault === 'reject' ? ['      return 403;'] : fault === 'backend_down' || named ? ['      proxy_pass http://backend;'] : upstream.nameServerPort === undefined
    ? [`      proxy_pass http://${upstream.host}:${upstream.port};`]
    : [`      resolver 127.0.0.1:${upstream.nameServerPort} ipv6=off valid=1s;`, '      resolver_timeout 5s;', `      set $upstream_name "${upstream.host}";`, `      proxy_pass http://$upstream_name:${upstream.port};`]
  return `daemon off;
worker_processes 1;
${user === null ? '' : `user ${user};
`}pid ${folder}/nginx.pid;
error_log ${syslog} info;
events { worker_connections 64; }
http {
  log_format cutoff '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" us="$upstream_status" ua="$upstream_addr" msec=$msec conn=$connection';
  access_log ${syslog} cutoff;
  client_body_temp_path ${folder}/client_body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type text/plain;
${fault === 'backend_down' ? `  upstream backend { server ${upstream.host}:${upstream.port} down; }\n` : named ? `  upstream backend { server ${upstream.host}:${upstream.port}; keepalive 4; }\n` : ''}  server {
    listen 127.0.0.1:${port};
    client_max_body_size 0;
${directives.join('\n')}
    location = ${nginxMarkerPath} { return 204; }
    location / {
${target.join('\n')}
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
    }
  }
}
`
}
