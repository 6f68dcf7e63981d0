/** How far from its limit a product's cut was measured to happen: a cut at `limit + lateMs` can still be that limit. */
export interface Punctuality { earlyMs: number; lateMs: number; why: string }

/** Sub-millisecond timers plus what a client, its TLS handshake and a busy machine add. */
const fine: Punctuality = { earlyMs: 6, lateMs: 60, why: 'its timer is exact to a few milliseconds' }

const coarse: Record<string, Punctuality> = {
  gunicorn: { earlyMs: 20, lateMs: 1150, why: 'the arbiter looks at its workers about once a second' },
  uWSGI: { earlyMs: 20, lateMs: 2200, why: 'the master looks at its workers about once a second' },
  Squid: { earlyMs: 150, lateMs: 1150, why: 'its events are checked about once a second' },
  lighttpd: { earlyMs: 20, lateMs: 2300, why: 'its limits are checked once a second and must be exceeded' },
  Node: { earlyMs: 6, lateMs: 1100, why: 'keep-alive gets a second on top, other limits are checked by an interval' },
  fastify: { earlyMs: 6, lateMs: 1100, why: 'it is Node’s server, whose limits are checked by an interval' },
  undici: { earlyMs: 6, lateMs: 1100, why: 'its timers tick twice a second' },
  stunnel: { earlyMs: 6, lateMs: 150, why: 'it counts whole seconds' },
}

/** How close to its limit this product cuts; sources: measurements of the servers, 12 probes each. */
export function punctualityOf(product: string): Punctuality {
  return coarse[product] ?? fine
}

/** Whether a cut after `elapsedMs` fits a limit of `limitMs` of this product; a percent of slack for clocks of long limits. */
export function fitsLimit(product: string, limitMs: number, elapsedMs: number): boolean {
  const { earlyMs, lateMs } = punctualityOf(product)
  return elapsedMs >= limitMs - earlyMs - limitMs * 0.002 && elapsedMs <= limitMs + lateMs + limitMs * 0.01
}

/** The product a `Server:` (or `Via:`) header names; null if it names none that is known. */
export function productOfHeader(header: string): string | null {
  const names: [RegExp, string][] = [
    [/microsoft-azure-application-gateway/i, 'Azure Application Gateway'], [/awselb/i, 'AWS ALB'], [/cloudfront/i, 'CloudFront'], [/cloudflare/i, 'Cloudflare'],
    [/openresty|nginx/i, 'nginx'], [/apache/i, 'Apache httpd'], [/caddy/i, 'Caddy'], [/varnish/i, 'Varnish'], [/lighttpd/i, 'lighttpd'], [/squid/i, 'Squid'],
    [/h2o/i, 'h2o'], [/envoy/i, 'Envoy'], [/gunicorn/i, 'gunicorn'], [/uvicorn/i, 'uvicorn'], [/basehttp/i, 'http.server'], [/google frontend/i, 'Google Frontend'],
    [/cowboy|heroku/i, 'Heroku'], [/kestrel|iis/i, 'IIS'], [/haproxy/i, 'HAProxy'], [/traefik/i, 'Traefik'], [/kong/i, 'Kong'],
  ]
  return names.find(([pattern]) => pattern.test(header))?.[1] ?? null
}
