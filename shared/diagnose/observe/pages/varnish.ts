import { named, pictureOf, type Picture } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

/** Fastly, which is Varnish, names the reason in its page’s title (its documentation, "Common 503 errors"). */
const fastly: [RegExp, () => Picture][] = [
  [/503 first byte timeout/i, () => named('proxy.read', 0.92, 'Fastly’s 503: the origin sent nothing for `first_byte_timeout`', { product: 'Fastly', directive: 'first_byte_timeout' })],
  [/503 between bytes timeout/i, () => named('proxy.read', 0.92, 'Fastly’s 503: the origin paused longer than `between_bytes_timeout`', { product: 'Fastly', directive: 'between_bytes_timeout' })],
  [/503 connection timed out/i, () => named('proxy.connect', 0.92, 'Fastly’s 503: the origin did not accept within `connect_timeout`', { product: 'Fastly', directive: 'connect_timeout' })],
  [/503 connection refused/i, () => named('proxy.refused', 0.92, 'Fastly’s 503: the origin refused the connection', { product: 'Fastly' })],
  [/503 (?:no healthy backends|backend is unhealthy|all backends failed or unhealthy)/i, () => named('proxy.backend_down', 0.92, 'Fastly’s 503: the origin’s health checks failed', { product: 'Fastly' })],
  [/503 backend\.max_conn reached/i, () => named('proxy.queue', 0.92, 'Fastly’s 503: `max_conn` connections to the origin were in use', { product: 'Fastly', directive: 'max_conn' })],
  [/503 backend (?:read error|write error)|503 (?:http format error|illegal|response object too large)/i, () => pictureOf({ saw: 'Fastly’s 503: the origin broke off or sent rubbish', candidates: [...brokenBehind], product: 'Fastly' })],
]

export const varnishPage: PageRule = ({ status, reason, body, product }) => {
  const title = status === 503 ? /<title>([^<]{1,100})</.exec(body)?.[1] ?? '' : ''
  const named503 = fastly.find(([pattern]) => pattern.test(title))
  if (named503) return named503[1]()
  if (product !== 'Varnish' && !/^Backend fetch failed/.test(reason) && !/Guru Meditation|Varnish cache server/.test(body)) return null
  if (status === 503 || status === 502 || status === 504) return pictureOf({ saw: 'Varnish’s error page: a fetch from the backend failed', candidates: ['proxy.read', 'proxy.connect', 'proxy.refused', ...brokenBehind, 'proxy.backend_down', 'proxy.queue'], product: 'Varnish' })
  return null
}
