import { named, pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const haproxyPage: PageRule = ({ status, body, view }) => {
  const product = 'HAProxy'
  if (/The server didn't respond in time\./.test(body)) return named('proxy.read', 0.93, 'HAProxy’s 504 page: its server did not answer in time', { product, directive: 'timeout server' })
  if (/returned an invalid or incomplete response\./.test(body)) return pictureOf({ saw: 'HAProxy’s 502 page: the server broke off, or a health check took it down', candidates: [...brokenBehind, 'proxy.backend_down', 'proxy.stopped'], product })
  if (/No server is available to handle this request\./.test(body)) return pictureOf({ saw: 'HAProxy’s 503 page: no connection to a server came about', candidates: ['proxy.connect', 'proxy.refused', 'proxy.backend_down', 'proxy.queue'], product })
  if (/Your browser didn't send a complete request in time\./.test(body)) {
    // Before a request is whole the page comes raw, afterwards through the header rewriter, which lower-cases names.
    const raw = view?.headers.some((header) => header.name === 'Content-length')
    if (raw) return named('proxy.client_header', 0.92, 'HAProxy’s 408 page, written before the request header was whole', { product, directive: 'timeout http-request' })
    if (view?.headers.some((header) => header.name === 'content-length')) return named('proxy.client_body', 0.85, 'HAProxy’s 408 page, written while the request body was awaited', { product, directive: 'timeout http-request' })
    return pictureOf({ saw: 'HAProxy’s 408 page', candidates: ['proxy.client_header', 'proxy.client_body'], product, directive: 'timeout http-request' })
  }
  if (/Request forbidden by administrative rules|You have sent too many requests|browser sent a request with too large/.test(body)) return named('proxy.rejected', 0.95, `HAProxy’s own ${status} page: one of its rules refused the request`, { product, directive: status === 403 ? 'http-request deny' : null })
  if (/Your browser sent an invalid request/.test(body)) return pictureOf({ saw: 'HAProxy’s 400 page: the request was invalid, or its client closed its side (option abortonclose)', candidates: ['proxy.rejected', 'client.canceled'], lead: { cause: 'proxy.rejected', confidence: 0.85 }, product })
  if (/An internal server error occurred\./.test(body) && status === 500) return pictureOf({ saw: 'HAProxy’s own 500 page: a tarpit, or an internal error', candidates: ['proxy.rejected', 'proxy.stopped'], lead: { cause: 'proxy.rejected', confidence: 0.6 }, product, directive: 'http-request tarpit' })
  return null
}
