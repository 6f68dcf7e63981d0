import { named, pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const caddyPage: PageRule = ({ status, body, product, view }) => {
  if (product !== 'Caddy' || body !== '') return null
  if (status === 502) return pictureOf({ saw: 'Caddy’s 502: nearly anything about the upstream', candidates: ['proxy.refused', 'proxy.connect', ...brokenBehind, 'proxy.backend_down', 'network.dns'], product })
  if (status === 504) return pictureOf({ saw: 'Caddy’s 504: a limit on the upstream passed', candidates: ['proxy.read', 'proxy.connect', ...(view?.bodySent != null ? ['proxy.send' as const] : [])], lead: { cause: 'proxy.read', confidence: 0.8 }, product, directive: 'response_header_timeout' })
  if (status === 503) return pictureOf({ saw: 'Caddy’s 503: no upstream was available', candidates: ['proxy.backend_down', 'proxy.refused'], lead: { cause: 'proxy.backend_down', confidence: 0.75 }, product })
  if (status === 413) return named('proxy.rejected', 0.9, 'Caddy’s 413: the request is larger than it accepts', { product, directive: 'max_size' })
  return null
}
