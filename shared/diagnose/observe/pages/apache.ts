import { named, pictureOf } from '../picture.ts'
import { unreachable, brokenBehind, type PageRule } from './answer.ts'

export const apachePage: PageRule = ({ status, body, product }) => {
  if (product !== 'Apache httpd' && !/<address>Apache/.test(body)) return null
  if (!/<!DOCTYPE HTML PUBLIC "-\/\/(?:IETF|W3C)\/\/DTD HTML/.test(body)) return null
  const name = 'Apache httpd'
  if (status === 502) return pictureOf({ saw: 'Apache’s 502 page: a read limit and a broken upstream look the same', candidates: ['proxy.read', ...brokenBehind], product: name })
  if (status === 503) return pictureOf({ saw: 'Apache’s 503 page: no connection to the upstream came about', candidates: [...unreachable], product: name })
  if (status === 504) return pictureOf({ saw: 'Apache’s 504 page: a CGI program or an upstream did not answer in time', candidates: ['connector.python', 'proxy.read', 'gateway.handler'], lead: { cause: 'connector.python', confidence: 0.6 }, product: name })
  if (status === 408) return pictureOf({ saw: 'Apache’s 408 page: the request did not arrive in time', candidates: ['proxy.client_body', 'proxy.client_header'], lead: { cause: 'proxy.client_body', confidence: 0.75 }, product: name, directive: 'RequestReadTimeout' })
  if (status === 500 && /DNS lookup failure|Proxy Error/.test(body)) return pictureOf({ saw: 'Apache’s 500 "Proxy Error": it could not even begin to ask its upstream, usually for its name', candidates: ['network.dns', 'proxy.bad_gateway', 'proxy.rejected'], lead: { cause: 'network.dns', confidence: /DNS lookup/.test(body) ? 0.93 : 0.75 }, product: name })
  if (status === 500) return pictureOf({ saw: 'Apache’s 500 page: a program or a proxied server failed', candidates: ['script.exception', 'script.exited', 'script.bad_output', 'script.crashed', 'proxy.bad_gateway', 'proxy.read', 'connector.python'], product: name })
  if (status < 500) return named('proxy.rejected', 0.88, `Apache’s own ${status} page`, { product: name })
  return null
}
