import { named, pictureOf } from '../picture.ts'
import { headerOf } from '../view.ts'
import { brokenBehind, unreachable, type PageRule } from './answer.ts'

/** Answers of platforms and content networks; wording from their documentation, so never quite certain. */
export const platformPage: PageRule = ({ status, body, server, product, view }) => {
  if (product === 'AWS ALB') {
    if (status === 504) return pictureOf({ saw: 'the load balancer’s 504', candidates: ['proxy.read', 'proxy.connect'], lead: { cause: 'proxy.read', confidence: 0.75 }, product, directive: 'idle_timeout.timeout_seconds' })
    if (status === 502) return pictureOf({ saw: 'the load balancer’s 502: the target closed or sent rubbish', candidates: [...brokenBehind], product })
    if (status === 503) return named('proxy.backend_down', 0.88, 'the load balancer’s 503: no healthy target', { product })
  }
  if (product === 'Cloudflare' || headerHas('cf-ray')) return cloudflare(status)
  if (product === 'CloudFront') return status === 504 ? pictureOf({ saw: 'CloudFront’s 504', candidates: ['proxy.read', 'proxy.connect'], lead: { cause: 'proxy.read', confidence: 0.75 }, product, directive: 'OriginReadTimeout' }) : status === 502 ? pictureOf({ saw: 'CloudFront’s 502', candidates: [...unreachable, ...brokenBehind, 'network.dns', 'network.protocol'], product }) : null
  if (/Endpoint request timed out/.test(body)) return named('platform.duration', 0.88, 'API Gateway’s answer: its integration timeout passed', { product: 'AWS API Gateway', directive: 'TimeoutInMillis' })
  if (/"message": ?"Internal server error"/.test(body) && headerHas('x-amzn-errortype')) return pictureOf({ saw: 'API Gateway’s 502: the function failed, timed out or answered in a wrong form', candidates: ['platform.duration', 'script.exception', 'script.bad_output', 'platform.memory', 'script.crashed'], product: 'AWS Lambda' })
  if (/application-error\.html|Application Error/.test(body) && status === 503) return pictureOf({ saw: 'Heroku’s error page; the code is in the router’s log', candidates: ['platform.duration', ...brokenBehind, ...unreachable], product: 'Heroku', need: [{ what: 'the router’s code (H12, H13...)', how: 'heroku logs --ps router -n 200' }] })
  if (/upstream request timeout/.test(body)) return product === 'Google Frontend' || /google/i.test(server) ? pictureOf({ saw: 'the platform’s 504', candidates: ['platform.duration', 'proxy.read'], lead: { cause: 'platform.duration', confidence: 0.75 }, product: 'Cloud Run', directive: 'timeoutSeconds' }) : named('proxy.read', 0.9, 'Envoy’s 504: the route’s timeout passed', { product: 'Envoy', directive: 'route.timeout' })
  if (/upstream connect error or disconnect\/reset before headers/.test(body)) return envoyDisconnect(body)
  if (/no healthy upstream/.test(body)) return named('proxy.backend_down', 0.93, 'Envoy’s answer: no healthy upstream', { product: 'Envoy' })
  if (product === 'Azure Application Gateway' && status === 504) return named('proxy.read', 0.85, 'Application Gateway’s 504', { product, directive: 'requestTimeout' })
  if (/504\.0 GatewayTimeout/.test(body)) return named('platform.duration', 0.8, 'App Service’s 504: its 230 s front-end limit', { product: 'Azure App Service', limitMs: 230_000 })
  if (product === 'Traefik' || /^(?:Gateway Timeout|Bad Gateway|Service Unavailable|Client Closed Request)$/.test(body.trim())) return plainGo(status)
  return null

  function headerHas(name: string): boolean {
    return view !== null && headerOf(view, name) !== null
  }
}

function cloudflare(status: number) {
  const product = 'Cloudflare'
  if (status === 524) return named('proxy.read', 0.88, '524: the origin was connected and sent nothing for 100 s', { product, directive: 'proxy read timeout', limitMs: 100_000 })
  if (status === 522) return named('proxy.connect', 0.88, '522: the origin did not accept', { product, directive: 'connection timeout' })
  if (status === 521) return named('proxy.refused', 0.88, '521: the origin refused the connection', { product })
  if (status === 523 || status === 530) return pictureOf({ saw: `${status}: the origin is unreachable or its name does not resolve`, candidates: ['network.dns', 'proxy.refused'], product })
  if (status === 525 || status === 526) return named('network.protocol', 0.85, `${status}: TLS with the origin failed`, { product })
  if (status === 520) return pictureOf({ saw: '520: the origin sent nothing or something invalid', candidates: [...brokenBehind], product })
  return null
}

function envoyDisconnect(body: string) {
  const product = 'Envoy'
  if (/connection (?:timeout|timed out)/i.test(body)) return named('proxy.connect', 0.92, 'Envoy’s answer names a connection timeout', { product, directive: 'connect_timeout' })
  if (/connection refused|connection failure|delayed connect error/i.test(body)) return pictureOf({ saw: 'Envoy could not connect', candidates: ['proxy.refused', 'proxy.connect'], lead: { cause: 'proxy.refused', confidence: 0.85 }, product })
  if (/overflow/.test(body)) return named('proxy.queue', 0.9, 'Envoy’s answer: a circuit breaker was open', { product, directive: 'circuit_breakers' })
  return pictureOf({ saw: 'Envoy’s upstream closed or reset the connection', candidates: [...brokenBehind], product })
}

/** Traefik and other Go proxies answer with the bare words. */
function plainGo(status: number) {
  const product = 'Traefik'
  if (status === 504) return pictureOf({ saw: 'a bare "Gateway Timeout", as Traefik writes it', candidates: ['proxy.read', 'proxy.connect'], lead: { cause: 'proxy.read', confidence: 0.75 }, product, directive: 'responseHeaderTimeout' })
  if (status === 502) return pictureOf({ saw: 'a bare "Bad Gateway", as Traefik writes it', candidates: [...unreachable, ...brokenBehind], product })
  if (status === 503) return named('proxy.backend_down', 0.75, 'a bare "Service Unavailable", as Traefik writes it', { product })
  return null
}
