import { named, pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const nginxPage: PageRule = ({ status, body, server, product, view }) => {
  const own = /<center>(?:nginx|openresty)/.test(body) || (product === 'nginx' && /<center><h1>/.test(body))
  if (!own) return null
  if (status === 504) return pictureOf({ saw: 'nginx’s 504 page: it waited for its upstream in vain (or the nginx behind it did)', candidates: ['proxy.read', 'proxy.connect', ...(view === null || view.bodySent !== null || view.method === 'POST' || view.method === 'PUT' ? ['proxy.send' as const] : [])], lead: { cause: 'proxy.read', confidence: 0.7 }, product: 'nginx', directive: 'proxy_read_timeout' })
  if (status === 502) return pictureOf({ saw: 'nginx’s 502 page: its upstream was not there, or closed, or sent rubbish', candidates: ['proxy.refused', ...brokenBehind, 'proxy.backend_down', 'network.dns'], product: 'nginx' })
  if (status === 413) return named('proxy.rejected', 0.95, 'nginx’s 413 page: the request is larger than it accepts', { product: 'nginx', directive: 'client_max_body_size' })
  if (status === 503) return pictureOf({ saw: 'nginx’s 503 page: a limit of requests or connections, or a `return`', candidates: ['proxy.rejected', 'proxy.backend_down'], lead: { cause: 'proxy.rejected', confidence: 0.75 }, product: 'nginx', directive: 'limit_req' })
  if (status === 408) return pictureOf({ saw: 'nginx’s 408 page', candidates: ['proxy.client_body', 'proxy.client_header'], lead: { cause: 'proxy.client_body', confidence: 0.7 }, product: 'nginx', directive: 'client_body_timeout' })
  if (status === 500) return pictureOf({ saw: 'nginx’s own 500 page', candidates: ['proxy.rejected', 'proxy.bad_gateway', 'proxy.refused', 'proxy.read', 'os.open_files', 'os.disk_full'], product: 'nginx' })
  if (status >= 400 && status < 500) return named('proxy.rejected', 0.88, `nginx’s own ${status} page${server ? ` (${server})` : ''}`, { product: 'nginx' })
  return null
}
