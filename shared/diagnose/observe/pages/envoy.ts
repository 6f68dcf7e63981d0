import { named, pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

const product = 'Envoy'

/** Envoy’s local replies (and Istio’s, Contour’s, App Mesh’s): fixed texts. */
export const envoyPage: PageRule = ({ status, body, product: server }) => {
  if (/^upstream request timeout/.test(body)) return named('proxy.read', 0.88, 'Envoy’s 504: the route’s timeout passed', { product, directive: 'route.timeout' })
  if (/^stream timeout/.test(body)) return pictureOf({ saw: 'Envoy’s answer: the stream was idle', candidates: ['proxy.idle', 'proxy.read', 'proxy.client_body'], lead: { cause: 'proxy.idle', confidence: 0.75 }, product, directive: 'stream_idle_timeout' })
  if (/upstream connect error or disconnect\/reset before headers/.test(body)) return disconnect(body)
  if (/^no healthy upstream/.test(body)) return named('proxy.backend_down', 0.93, 'Envoy’s answer: no healthy upstream', { product })
  if (/^local_rate_limited|^RBAC: access denied/.test(body)) return named('proxy.rejected', 0.93, `Envoy’s answer: "${body.slice(0, 40)}"`, { product })
  if (server === product && status === 504 && body === '') return pictureOf({ saw: 'a bare 504 of Envoy', candidates: ['proxy.read', 'proxy.connect', 'proxy.idle', 'gateway.handler'], lead: { cause: 'proxy.read', confidence: 0.6 }, product, directive: 'route.timeout' })
  return null
}

function disconnect(body: string) {
  if (/connection (?:timeout|timed out)/i.test(body)) return named('proxy.connect', 0.92, 'Envoy’s answer names a connection timeout', { product, directive: 'connect_timeout' })
  if (/connection refused|connection failure|delayed connect error/i.test(body)) return pictureOf({ saw: 'Envoy could not connect', candidates: ['proxy.refused', 'proxy.connect'], lead: { cause: 'proxy.refused', confidence: 0.85 }, product })
  if (/overflow/.test(body)) return named('proxy.queue', 0.88, 'Envoy’s answer: a circuit breaker was open', { product, directive: 'circuit_breakers' })
  return pictureOf({ saw: 'Envoy’s upstream closed or reset the connection', candidates: [...brokenBehind], product })
}
