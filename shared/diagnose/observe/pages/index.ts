import { productOfHeader } from '../../products.ts'
import { pictureOf, type Picture } from '../picture.ts'
import { headerOf, type HttpView } from '../view.ts'
import { brokenBehind, unreachable, type Answer, type PageRule } from './answer.ts'
import { apachePage } from './apache.ts'
import { applicationPage } from './application.ts'
import { awsPage } from './aws.ts'
import { caddyPage } from './caddy.ts'
import { cloudsPage } from './clouds.ts'
import { plainToTlsPage } from './common.ts'
import { envoyPage } from './envoy.ts'
import { apiGatewayPage, bareWordsPage } from './gateways.ts'
import { h2oPage } from './h2o.ts'
import { haproxyPage } from './haproxy.ts'
import { lighttpdPage } from './lighttpd.ts'
import { nginxPage } from './nginx.ts'
import { squidPage } from './squid.ts'
import { varnishPage } from './varnish.ts'

/** Fixed texts first: a body outlives the `Server:` header, which every proxy in front may rewrite. */
const rules: readonly PageRule[] = [
  plainToTlsPage, haproxyPage, nginxPage, awsPage, envoyPage, cloudsPage, apiGatewayPage, applicationPage, apachePage, caddyPage, varnishPage, lighttpdPage, squidPage, h2oPage, bareWordsPage,
]

/** The picture of an error answer a client saw; null where the answer is no error. */
export function pageOf(view: HttpView): Picture | null {
  if (view.status === null || view.status < 400) return null
  const server = headerOf(view, 'server') ?? ''
  return answerPicture({ status: view.status, reason: view.reason, body: view.body, server, product: productOfHeader(server), view })
}

/** The same for a client that kept only status and body. */
export function answerPicture(answer: Answer): Picture {
  for (const rule of rules) {
    const picture = rule(answer)
    if (picture) return picture
  }
  return unsigned(answer)
}

/** Servers that answer for themselves rather than for a next hop. */
const gateways = new Set(['gunicorn', 'uvicorn', 'http.server', 'IIS'])

/** An error nobody signed: the status alone. */
function unsigned({ status, product, body, view }: Answer): Picture {
  const saw = `status ${status}${product ? ` from ${product}` : ''}`
  if (status === 499) return pictureOf({ saw: '499: a proxy tells that its client had left; whoever reads this is another one', candidates: ['client.canceled', 'client.total', 'proxy.read'], lead: { cause: 'client.canceled', confidence: 0.8 }, product })
  if (status === 504) return pictureOf({ saw, candidates: ['proxy.read', 'proxy.connect', 'gateway.handler', 'connector.context', 'connector.python', 'platform.duration'], product })
  if (status === 502) return pictureOf({ saw, candidates: ['proxy.read', ...unreachable, ...brokenBehind, 'network.dns'], product })
  if (status === 503) return pictureOf({ saw, candidates: [...unreachable, 'proxy.queue', 'proxy.rejected', 'gateway.rejected', 'gateway.handler', 'connector.queue', ...brokenBehind, 'proxy.read'], product })
  if (status === 408) return pictureOf({ saw, candidates: ['proxy.client_header', 'proxy.client_body', 'gateway.read', 'gateway.read_header'], product })
  // What a gateway hides behind a bare 500 may be anything that can go wrong with a script, or with its own call to somebody else.
  if (status >= 500) return pictureOf({ saw, candidates: ['script.exception', 'script.exited', 'script.bad_output', 'script.import', 'script.syntax', 'script.crashed', 'script.output_limit', 'python.not_found', 'connector.context', 'connector.python', 'gateway.handler', 'gateway.worker', 'proxy.read', 'proxy.bad_gateway', 'gateway.stopped'], product })
  // Go answers 400 where it gave up in the middle of a header line.
  if (status === 400 && body === '400 Bad Request' && (view?.ttfbMs ?? 0) > 100) return pictureOf({ saw: `${saw} after a wait`, candidates: ['gateway.read_header', 'proxy.client_header', 'gateway.rejected', 'proxy.rejected'], product })
  const proxy = product !== null && !gateways.has(product)
  return pictureOf({ saw, candidates: proxy ? ['proxy.rejected', 'gateway.rejected'] : ['gateway.rejected', 'proxy.rejected'], lead: { cause: proxy ? 'proxy.rejected' : 'gateway.rejected', confidence: 0.7 }, product })
}
