import { named, pictureOf, silentGateway } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const lighttpdPage: PageRule = ({ status, product }) => {
  if (product !== 'lighttpd') return null
  if (status === 504) return pictureOf({ saw: 'lighttpd’s 504 page: a CGI program or a backend did not answer in time', candidates: ['proxy.read', 'connector.python', 'gateway.handler'], product })
  if (status === 503) return pictureOf({ saw: 'lighttpd’s 503 page: no connection to a backend came about', candidates: ['proxy.refused', 'proxy.connect', 'proxy.backend_down'], product })
  if (status === 502) return pictureOf({ saw: 'lighttpd’s 502 page', candidates: [...brokenBehind, 'proxy.read'], product })
  if (status === 500) return pictureOf({ saw: 'lighttpd’s 500 page: the backend or CGI program broke off', candidates: ['proxy.bad_gateway', ...silentGateway, 'script.exited', 'script.exception', 'script.bad_output', 'script.crashed', 'proxy.read'], product })
  if (status === 404) return pictureOf({ saw: 'lighttpd’s 404, which it also gives when a backend stalls in the middle', candidates: ['proxy.read', 'proxy.bad_gateway', 'none'], product })
  if (status === 413 || status === 403 || status === 400 || status === 411) return named('proxy.rejected', 0.88, `lighttpd’s own ${status} page`, { product })
  if (status === 408) return pictureOf({ saw: 'lighttpd’s 408', candidates: ['proxy.client_body', 'proxy.client_header'], product, directive: 'server.max-read-idle' })
  return null
}
