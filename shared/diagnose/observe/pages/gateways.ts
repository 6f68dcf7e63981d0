import { named, pictureOf, type Picture } from '../picture.ts'
import { brokenBehind, unreachable, type PageRule } from './answer.ts'

/** API gateways with fixed texts of their own: Kong, KrakenD, Tyk. */
export const apiGatewayPage: PageRule = ({ body, status }) => {
  if (/The upstream server is timing out/.test(body)) return pictureOf({ saw: 'Kong’s 504', candidates: ['proxy.read', 'proxy.connect', 'proxy.send'], lead: { cause: 'proxy.read', confidence: 0.75 }, product: 'Kong', directive: 'read_timeout' })
  if (/An invalid response was received from the upstream server/.test(body)) return pictureOf({ saw: 'Kong’s 502', candidates: ['proxy.refused', 'proxy.backend_down', ...brokenBehind, 'network.dns'], product: 'Kong' })
  if (/failure to get a peer from the ring-balancer/.test(body)) return named('proxy.backend_down', 0.9, 'Kong’s 503: no target of the upstream is healthy', { product: 'Kong' })
  if (status === 504 && /Upstream service reached hard timeout limit|There was a problem proxying the request/.test(body)) return named('proxy.read', 0.88, 'Tyk’s answer: its upstream took too long', { product: 'Tyk', directive: 'hard_timeouts' })
  return null
}

/** Traefik and other proxies in Go answer with the bare words. */
export const bareWordsPage: PageRule = ({ status, body, product }) => {
  if (/^no available server\s*$/.test(body)) return named('proxy.backend_down', 0.88, 'Traefik’s 503: no server of the service is available', { product: 'Traefik' })
  if (product !== 'Traefik' && (product !== null || !/^(?:Gateway Timeout|Bad Gateway|Service Unavailable|Client Closed Request)$/.test(body.trim()))) return null
  return bareWords(status)
}

function bareWords(status: number): Picture | null {
  const product = 'Traefik'
  if (status === 504) return pictureOf({ saw: 'a bare "Gateway Timeout", as Traefik writes it', candidates: ['proxy.read', 'proxy.connect'], lead: { cause: 'proxy.read', confidence: 0.75 }, product, directive: 'responseHeaderTimeout' })
  if (status === 502) return pictureOf({ saw: 'a bare "Bad Gateway", as Traefik writes it', candidates: [...unreachable, ...brokenBehind], product })
  if (status === 503) return named('proxy.backend_down', 0.75, 'a bare "Service Unavailable", as Traefik writes it', { product })
  return null
}
