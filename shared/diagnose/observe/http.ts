import type { Cause } from '../../verdict/causes.ts'
import type { Need } from '../diagnosis.ts'
import { pageOf } from './pages/index.ts'
import { cutShort, endBeforeRequest, endWithoutByte, named, pictureOf, resetBySomebody, silence, type Picture } from './picture.ts'
import { headerOf, type HttpView } from './view.ts'
import { counted } from '../../text/counted.ts'

/** What a raw HTTP client's view proves. */
export function httpPicture(view: HttpView): Picture {
  const atMs = view.closeMs ?? view.elapsedMs
  const picture = notConnected(view) ?? gaveUp(view) ?? answered(view) ?? ended(view)
  return { ...picture, atMs: picture.atMs ?? atMs }
}

function notConnected(view: HttpView): Picture | null {
  switch (view.end) {
    case 'refused': return named('network.refused', 0.95, 'the connection was refused: nobody listens there, or a firewall says so', { need: listenNeed })
    case 'unreachable': return named('network.refused', 0.93, 'the network said that the host cannot be reached')
    case 'connect-timeout': return pictureOf({ saw: 'the connection was never accepted: the SYN was dropped on the way, or the listen backlog is full', candidates: ['client.connect', 'network.blackhole'], lead: { cause: 'client.connect', confidence: 0.6 }, need: firewallNeed })
    default: return null
  }
}

/** The observer ended it himself. */
function gaveUp(view: HttpView): Picture | null {
  if (view.end === 'aborted') return pictureOf({ saw: 'the client hung up itself', candidates: ['client.canceled', 'client.total', 'client.first_byte'], lead: { cause: 'client.canceled', confidence: 0.75 } })
  if (view.end !== 'timeout' || view.complete === true || (view.status !== null && view.status >= 400)) return null
  const begun = view.status !== null
  return pictureOf({ saw: begun ? 'the answer began and never ended; the observer gave up' : 'nothing came until the observer gave up', candidates: begun ? [...silence, 'proxy.bad_gateway'] : [...silence], need: [...firewallNeed, hopNeed] })
}

function answered(view: HttpView): Picture | null {
  if (view.status === null) return null
  const page = pageOf(view)
  if (page && view.complete !== false) return page
  if (view.status === 101) return view.end === 'open' ? named('none', 0.85, 'the connection was upgraded and is open') : pictureOf({ saw: 'an upgraded connection ended', candidates: ['proxy.idle', 'proxy.read', 'gateway.idle', 'proxy.stopped', 'gateway.stopped', 'network.closed'] })
  if (view.complete === false) return broken(view)
  if (view.status >= 400) return page
  return whole(view)
}

function broken(view: HttpView): Picture {
  const how = view.end === 'rst' ? 'a reset' : 'the end of the connection'
  const saw = `${view.status} and ${counted(view.bodyBytes, 'byte')} of its body, then ${how}`
  return view.end === 'rst' ? pictureOf({ saw, candidates: [...resetBySomebody, 'proxy.bad_gateway'], need: [proxyLogNeed] }) : pictureOf({ saw, candidates: [...cutShort], need: [proxyLogNeed] })
}

/** A complete answer: nothing was cut. What closes the connection later is an idle limit, and harmless. */
function whole(view: HttpView): Picture {
  const saw = `a complete ${view.status}`
  const endedMs = view.lastByteMs ?? view.ttfbMs ?? 0
  const gapMs = view.closeMs === null ? 0 : view.closeMs - endedMs
  // Caddy, and any program that copies what it reads, ends a chunked answer properly when its upstream breaks off or stalls.
  const server = headerOf(view, 'server')
  const json = isWholeJson(view)
  if (view.byClose) return json === true ? pictureOf({ saw: `${saw}: its body ends with the connection, and is one JSON value`, candidates: ['none'], lead: { cause: 'none', confidence: 0.88 } })
    : pictureOf({ saw: `a ${view.status} whose body ends with the connection: nothing in it says whether it is whole`, candidates: ['none', ...cutShort, ...cgiEnds(server)], lead: json === false ? null : { cause: 'none', confidence: 0.7 }, need: [proxyLogNeed, gatewayLogNeed] })
  const chunked = /chunked/i.test(headerOf(view, 'transfer-encoding') ?? '')
  const maybeCut: Cause[] = chunked && json !== true && !honestAboutChunks.test(server ?? '') ? ['proxy.read', 'proxy.bad_gateway', ...cgiEnds(server)] : []
  if (chunked && json === false && maybeCut.length > 0) return pictureOf({ saw: `a ${view.status} that ended properly, but is not the JSON that it says it is`, candidates: [...maybeCut, 'none'], need: [proxyLogNeed] })
  if (view.end === 'fin' && gapMs > 100) return pictureOf({ saw: `${saw}; ${Math.round(gapMs)} ms later the idle connection was closed`, candidates: ['none', 'proxy.idle', 'gateway.idle', ...maybeCut], lead: { cause: 'none', confidence: 0.85 }, atMs: view.closeMs })
  return pictureOf({ saw, candidates: ['none', ...maybeCut], lead: { cause: 'none', confidence: maybeCut.length > 0 ? 0.8 : chunked && json !== true ? 0.88 : 0.95 } })
}

/** Servers that break a chunked answer off where its source does; others may end it properly all the same. */
const honestAboutChunks = /^(?:nginx|openresty|envoy|istio-envoy|haproxy)/i

/** A CGI program that is ended in the middle leaves an answer that looks whole. */
function cgiEnds(server: string | null): Cause[] {
  return /^(?:apache|lighttpd)/i.test(server ?? '') ? ['connector.python'] : []
}

/** Whether a body that says it is JSON is one; null where it is no JSON, or not all of it is here. */
function isWholeJson(view: HttpView): boolean | null {
  if (view.body === '' || view.body.length < view.bodyBytes || !(/json/i.test(headerOf(view, 'content-type') ?? '') || /^\s*[{[]/.test(view.body))) return null
  try {
    JSON.parse(view.body)
    return true
  } catch {
    return false
  }
}

/** Sooner than this nobody had to wait for anything, ms. */
const soon = 100

/** The connection ended and nothing had come. */
function ended(view: HttpView): Picture {
  if (view.end === 'rst') return pictureOf({ saw: 'a reset, and no byte of an answer', candidates: [...resetBySomebody, 'proxy.refused', 'proxy.connect', ...(view.requestSent === true ? [] : ['proxy.client_header' as const, 'gateway.read_header' as const])], need: [...firewallNeed, serverSocketNeed] })
  if (view.sendFailed) return pictureOf({ saw: 'the connection ended while the request was being sent', candidates: [...endWithoutByte, 'gateway.read', 'proxy.client_body'], need: [proxyLogNeed, gatewayLogNeed] })
  if (view.end === 'open' || view.end === null) return pictureOf({ saw: 'no answer was seen', candidates: [...silence], need: [proxyLogNeed] })
  const unfinished = view.requestSent === true ? [] : endBeforeRequest
  // Whoever is told to close without a word (nginx 444, HAProxy reject) does it at once.
  const refusal: Cause[] = (view.closeMs ?? view.elapsedMs ?? 0) <= soon ? ['proxy.rejected'] : []
  return pictureOf({ saw: 'the connection ended without a byte of an answer', candidates: [...endWithoutByte, ...unfinished, ...refusal], need: [gatewayLogNeed, proxyLogNeed] })
}

const proxyLogNeed: Need = { what: 'the log of the proxy in front', how: 'cutoff diagnose /var/log/nginx/error.log /var/log/haproxy.log --saw observation.json' }
const gatewayLogNeed: Need = { what: 'the log of the gateway around that moment', how: 'journalctl -u <gateway> --since "5 min ago" | cutoff diagnose - --saw observation.json' }
const hopNeed: Need = { what: 'what the next hop saw: whether the request arrived and who left', how: 'tcpdump -ni any "tcp port <port> and tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0"' }
const serverSocketNeed: Need = { what: 'whether the server’s socket is still established', how: 'ss -tanoie | cutoff diagnose - --saw observation.json' }
const listenNeed: Need[] = [{ what: 'whether anything listens on that port', how: 'ss -ltn' }]
const firewallNeed: Need[] = [{ what: 'counters of the firewalls on the way', how: 'nft list ruleset | cutoff diagnose - --saw observation.json' }, { what: 'the server’s listen queue', how: 'ss -ltn; nstat -az | grep -E "ListenOverflows|ListenDrops"' }]
