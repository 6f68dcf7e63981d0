import { named, pictureOf, type Picture } from '../picture.ts'
import { headerOf } from '../view.ts'
import { brokenBehind, unreachable, type Answer, type PageRule } from './answer.ts'

/** Answers of further platforms and content networks; wording from their documentation, so never quite certain. */
export const cloudsPage: PageRule = (answer) => heroku(answer) ?? google(answer) ?? azure(answer) ?? vercel(answer) ?? cloudflare(answer) ?? fastly(answer)

const heroku: PageRule = ({ status, body }) => {
  if (status !== 503 || !/herokucdn\.com\/error-pages|application-error\.html|<title>Application Error<|^Application Error/.test(body)) return null
  return pictureOf({ saw: 'Heroku’s error page; the code is in the router’s log', candidates: ['platform.duration', ...brokenBehind, ...unreachable], product: 'Heroku', need: [{ what: 'the router’s code (H12, H13...)', how: 'heroku logs --ps router -n 200' }] })
}

const google: PageRule = ({ status, body, product, view }) => {
  const frontend = product === 'Google Frontend'
  if (frontend && status === 504) return pictureOf({ saw: 'the platform’s 504', candidates: ['platform.duration', 'proxy.read'], lead: { cause: 'platform.duration', confidence: 0.75 }, product: 'Cloud Run', directive: 'timeoutSeconds' })
  if (frontend && status === 408) return pictureOf({ saw: 'the platform’s 408, as Cloud Functions answers an invocation that took too long', candidates: ['platform.duration', 'proxy.client_body', 'proxy.client_header'], lead: { cause: 'platform.duration', confidence: 0.75 }, product: 'Cloud Functions', directive: 'timeout' })
  if (frontend && (status === 503 || status === 500)) return pictureOf({ saw: `the platform’s ${status}: the container ended, had no room, or was not there`, candidates: ['platform.memory', 'proxy.backend_down', 'proxy.queue', ...brokenBehind], product: 'Cloud Run' })
  if (!/^1\.[01] google$/i.test(view ? headerOf(view, 'via') ?? '' : '')) return null
  const lb = 'Google Cloud Load Balancing'
  if (status === 504) return pictureOf({ saw: 'the load balancer’s 504: `timeoutSec` of the backend service', candidates: ['proxy.read', 'proxy.connect', 'gateway.handler'], lead: { cause: 'proxy.read', confidence: 0.8 }, product: lb, directive: 'timeoutSec' })
  if (status === 502 && (body === '' || /temporary error and could not complete/.test(body))) return pictureOf({ saw: 'the load balancer’s 502; statusDetails in its log says which', candidates: ['proxy.read', ...unreachable, ...brokenBehind], product: lb })
  return null
}

const azure: PageRule = ({ status, body, product, view }) => {
  if (product === 'Azure Application Gateway' && status === 504) return named('proxy.read', 0.85, 'Application Gateway’s 504', { product, directive: 'requestTimeout' })
  if (product === 'Azure Application Gateway' && status === 502) return pictureOf({ saw: 'Application Gateway’s 502; its v1 says this of a timeout as well', candidates: ['proxy.read', ...unreachable, ...brokenBehind], product })
  if (/504\.0 GatewayTimeout|The web server failed to respond within the specified time/.test(body)) return named('platform.duration', 0.8, 'App Service’s answer: its 230 s front-end limit', { product: 'Azure App Service', limitMs: 230_000 })
  if (view !== null && headerOf(view, 'x-azure-ref') !== null && (status === 503 || status === 504 || status === 502)) return pictureOf({ saw: `Front Door’s ${status}: its origin did not answer in time, or broke off`, candidates: ['proxy.read', ...unreachable, ...brokenBehind], product: 'Azure Front Door', directive: 'originResponseTimeoutSeconds' })
  if (/502\.3 - Bad Gateway/.test(body)) return /12002|timed? ?out/i.test(body) ? named('proxy.read', 0.85, 'IIS’ 502.3 with the code of a timeout', { product: 'IIS', directive: 'proxy timeout' }) : pictureOf({ saw: 'IIS’ 502.3', candidates: ['proxy.read', ...unreachable, ...brokenBehind], product: 'IIS' })
  return null
}

const vercel: PageRule = ({ body, status }) => {
  if (/FUNCTION_INVOCATION_TIMEOUT|An error occurred with (?:your deployment|this application)[\s\S]{0,80}TIMEOUT/.test(body)) return named('platform.duration', 0.88, 'Vercel’s answer: the function ran longer than `maxDuration`', { product: 'Vercel', directive: 'maxDuration' })
  if (/FUNCTION_PAYLOAD_TOO_LARGE|FUNCTION_RESPONSE_PAYLOAD_TOO_LARGE/.test(body)) return named('platform.payload', 0.88, 'Vercel’s answer: the payload is too large', { product: 'Vercel' })
  if (/TimeoutError: Task timed out after|"errorType": ?"TimeoutError"/.test(body) && status >= 500) return named('platform.duration', 0.85, 'the answer says that the function’s time was used up', { product: null })
  return null
}

const cloudflareErrors: Record<number, () => Picture> = {
  520: () => pictureOf({ saw: '520: the origin sent nothing or something invalid', candidates: [...brokenBehind] }),
  521: () => named('proxy.refused', 0.88, '521: the origin refused the connection'),
  522: () => named('proxy.connect', 0.88, '522: the origin did not accept', { directive: 'connection timeout' }),
  523: () => pictureOf({ saw: '523: the origin is unreachable', candidates: ['proxy.refused', 'network.dns'] }),
  524: () => named('proxy.read', 0.88, '524: the origin was connected and sent nothing for 100 s', { directive: 'proxy read timeout', limitMs: 100_000 }),
  525: () => named('network.protocol', 0.85, '525: TLS with the origin failed'), 526: () => named('network.protocol', 0.85, '526: the origin’s certificate is not valid'),
  530: () => pictureOf({ saw: '530: the origin’s name does not resolve, or it is unreachable', candidates: ['network.dns', 'proxy.refused'] }),
  1102: () => named('platform.duration', 0.85, '1102: the Worker used up its CPU time', { directive: 'cpu_ms' }), 1101: () => pictureOf({ saw: '1101: the Worker threw an exception', candidates: ['script.exception'], lead: { cause: 'script.exception', confidence: 0.8 } }),
}

/** Its own statuses are nobody else’s; behind 503 and 500 the code stands in the text. */
function cloudflare({ status, body, product, view }: Answer): Picture | null {
  const code = Number(/\berror code: (\d{3,4})\b/i.exec(body)?.[1] ?? Number.NaN)
  const known = cloudflareErrors[code] ?? cloudflareErrors[status]
  if (!known) return product === 'Cloudflare' && status === 503 && view !== null ? pictureOf({ saw: 'Cloudflare’s 503: a Worker’s limit, a rule, or the origin itself', candidates: ['platform.duration', 'proxy.rejected', 'proxy.backend_down', 'gateway.rejected'], product }) : null
  return { ...known(), product: 'Cloudflare' }
}

/** Fastly is a Varnish whose reason phrase names the failure. */
function fastly({ status, reason }: Answer): Picture | null {
  if (status !== 503) return null
  const product = 'Fastly'
  if (/^first byte timeout/i.test(reason)) return named('proxy.read', 0.88, `Fastly’s 503 "${reason}"`, { product, directive: 'first_byte_timeout' })
  if (/^backend read (?:timeout|error)|^between bytes timeout/i.test(reason)) return pictureOf({ saw: `Fastly’s 503 "${reason}"`, candidates: ['proxy.read', 'proxy.bad_gateway'], lead: { cause: 'proxy.read', confidence: 0.7 }, product, directive: 'between_bytes_timeout' })
  if (/^connection timed out|^connect(?:ion)? timeout/i.test(reason)) return named('proxy.connect', 0.88, `Fastly’s 503 "${reason}"`, { product, directive: 'connect_timeout' })
  if (/max_conn reached/i.test(reason)) return named('proxy.queue', 0.88, `Fastly’s 503 "${reason}"`, { product, directive: 'max_connections' })
  if (/^(?:no healthy backends?|backend is unhealthy|all backends failed)/i.test(reason)) return named('proxy.backend_down', 0.88, `Fastly’s 503 "${reason}"`, { product })
  return null
}
