import type { DiagnosedLimit } from './diagnosis.ts'
import type { Gathered } from './judge/gather.ts'
import type { Scene } from './judge/scene.ts'
import type { LogFact } from './logs/fact.ts'
import { isHopLine, parseHopView, type HopRequest } from './logs/next-hop.ts'
import type { Picture } from './observe/picture.ts'
import type { View } from './observe/view.ts'

/** Software that forwards requests to a next HTTP hop. */
const forwarders = new Set(['nginx', 'HAProxy', 'Apache httpd', 'Caddy', 'Varnish', 'lighttpd', 'Squid', 'stunnel', 'h2o', 'Envoy', 'Traefik', 'AWS ALB', 'AWS API Gateway', 'Heroku', 'CloudFront', 'Cloudflare', 'http-proxy', 'http-proxy-middleware', 'Azure Application Gateway', 'Google Cloud Load Balancing'])

/** One request with everything that is known about it. */
export function buildScene(known: { gathered: Gathered; view: View | null; picture: Picture | null; limits: DiagnosedLimit[] }): Scene {
  const { gathered, view, limits } = known
  const facts = namedFacts(gathered.facts, limits)
  const picture = known.picture ? withoutExcluded(known.picture, facts) : null
  return {
    view, picture, facts, limits, hops: hopsOf(facts, view),
    elapsedMs: view?.kind === 'process' ? view.exitMs ?? view.elapsedMs : view?.elapsedMs ?? gathered.elapsedMs,
    startMs: gathered.startMs, requests: gathered.requests, failed: gathered.failed, rivals: gathered.rivals, proxies: proxiesOf(facts, limits, picture),
  }
}

/** What a counter shows not to have happened is no candidate any more. */
function withoutExcluded(picture: Picture, facts: readonly LogFact[]): Picture {
  const excluded = new Set(facts.flatMap((fact) => fact.signs.flatMap((sign) => sign.excludes ?? [])))
  const candidates = picture.candidates.filter((cause) => !excluded.has(cause))
  return candidates.length === 0 ? picture : { ...picture, candidates, lead: picture.lead && excluded.has(picture.lead.cause) ? null : picture.lead }
}

/** Access lines in the common format belong to the one web server whose other files are here. */
function namedFacts(facts: readonly LogFact[], limits: readonly DiagnosedLimit[]): LogFact[] {
  const servers = new Set([...facts.map((fact) => fact.product), ...limits.map((limit) => limit.product)].filter((product) => ['nginx', 'Apache httpd', 'lighttpd', 'Varnish', 'h2o', 'gunicorn'].includes(product)))
  const only = servers.size === 1 ? [...servers][0] : undefined
  return only ? facts.map((fact) => fact.product === '' && fact.request !== null ? { ...fact, product: only } : fact) : [...facts]
}

function hopsOf(facts: readonly LogFact[], view: View | null): HopRequest[] {
  const byFile = new Map<string, string[]>()
  for (const fact of facts) if (fact.product === 'next hop' || /ConnectionAbortedError/.test(fact.text)) byFile.set(fact.file, [...(byFile.get(fact.file) ?? []), fact.text])
  const logged = [...byFile.values()].flatMap((lines) => lines.some(isHopLine) ? parseHopView(lines) : [])
  return logged.length > 0 ? logged : parseHopView(view?.hopLines ?? [])
}

function proxiesOf(facts: readonly LogFact[], limits: readonly DiagnosedLimit[], picture: Picture | null): string[] {
  const names = [...facts.map((fact) => fact.product), ...limits.filter((limit) => limit.layer === 'proxy').map((limit) => limit.product), picture?.product ?? ''].filter((name) => forwarders.has(name))
  // Whoever reports on its own next hop is a proxy for that hop, whatever it is called.
  const speaking = facts.filter((fact) => fact.product !== '' && fact.signs.some((sign) => sign.role !== 'fine' && sign.cause.startsWith('proxy.'))).map((fact) => fact.product)
  return [...new Set([...names, ...speaking])]
}
