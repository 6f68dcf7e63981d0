import { named, pictureOf } from '../picture.ts'
import { headerOf } from '../view.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const squidPage: PageRule = ({ status, view, product, body }) => {
  const reason = (view ? headerOf(view, 'x-squid-error') : null) ?? /ERR_[A-Z_]+/.exec(body)?.[0] ?? ''
  if (product !== 'Squid' && reason === '') return null
  const name = 'Squid'
  if (/ERR_READ_TIMEOUT/.test(reason)) return named('proxy.read', 0.93, 'Squid’s page names ERR_READ_TIMEOUT', { product: name, directive: 'read_timeout' })
  if (/ERR_CONNECT_FAIL 11[03]|ERR_LIFETIME_EXP/.test(reason)) return pictureOf({ saw: 'Squid could not connect in time', candidates: ['proxy.connect', 'proxy.refused'], lead: { cause: 'proxy.connect', confidence: 0.8 }, product: name, directive: 'connect_timeout' })
  if (/ERR_CONNECT_FAIL/.test(reason)) return pictureOf({ saw: 'Squid could not connect', candidates: ['proxy.refused', 'proxy.connect', 'proxy.backend_down'], lead: { cause: 'proxy.refused', confidence: 0.7 }, product: name })
  if (/ERR_ZERO_SIZE_OBJECT|ERR_INVALID_RESP/.test(reason)) return pictureOf({ saw: 'Squid’s peer closed without an answer', candidates: [...brokenBehind], product: name })
  if (/ERR_DNS_FAIL/.test(reason)) return named('network.dns', 0.93, 'Squid could not resolve a name', { product: name })
  if (/ERR_ACCESS_DENIED|ERR_TOO_BIG|ERR_INVALID_REQ|ERR_UNSUP_REQ/.test(reason)) return named('proxy.rejected', 0.95, `Squid’s page names ${reason}`, { product: name })
  if (/ERR_CANNOT_FORWARD|ERR_READ_ERROR/.test(reason)) return pictureOf({ saw: `Squid’s page names ${/ERR_\w+/.exec(reason)?.[0]}: it had nobody to ask, or lost it`, candidates: ['proxy.refused', 'proxy.backend_down', 'proxy.connect', 'proxy.bad_gateway', 'network.dns'], product: name })
  if (status === 408 || /ERR_REQUEST_(?:START_)?TIMEOUT/.test(reason)) return pictureOf({ saw: 'Squid’s 408', candidates: ['proxy.client_header', 'proxy.client_body'], lead: { cause: 'proxy.client_header', confidence: 0.8 }, product: name, directive: 'request_timeout' })
  if (status >= 502) return pictureOf({ saw: `Squid’s ${status}`, candidates: ['proxy.refused', 'proxy.backend_down', 'proxy.connect', ...brokenBehind, 'proxy.read'], product: name })
  return null
}
