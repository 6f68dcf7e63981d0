import type { Rule } from '../../../verdict/finding.ts'
import type { HopRequest } from '../../logs/next-hop.ts'
import type { Evidence } from '../../../verdict/verdict.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import type { Scene } from '../scene.ts'

/**
 * What the next hop saw settles who left first: a hop that closed by itself broke the answer; a hop that was left while it worked
 * was given up by whoever stands in front of it: a proxy where there is one, else the client.
 */
export const nextHop: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'next-hop',
  find: (scene) => {
    const hop = scene.hops.find((request) => request.left || request.did) ?? scene.hops[0]
    if (!hop || scene.view?.kind === 'process') return []
    return [...brokeOff(hop, scene), ...wasLeft(hop, scene), ...aborted(hop)]
  },
}

/** Proxies that write a line for every request they finish. */
const logsEverything = new Set(['nginx', 'HAProxy', 'Apache httpd', 'lighttpd', 'Squid', 'Caddy'])

const broke: Record<string, { reset: boolean; words: string }> = {
  closed: { reset: false, words: 'the next hop itself closed without an answer' }, reset: { reset: true, words: 'the next hop itself reset the connection' },
  'cut short': { reset: false, words: 'the next hop itself closed in the middle of its answer' }, 'reset short': { reset: true, words: 'the next hop itself reset the connection in the middle of its answer' },
}

function brokeOff(hop: HopRequest, scene: Scene): DiagnosisFinding[] {
  const how = broke[hop.did ?? '']
  if (!how) return []
  const cause = scene.proxies.length > 0 ? 'proxy.bad_gateway' : how.reset ? 'network.reset' : 'network.closed'
  if (!fits(cause, scene) && !scene.hops.some((request) => request.did === 'cut short')) return []
  return [findingOf({ cause, confidence: scene.proxies.length > 0 ? 0.93 : 0.88, atMs: scene.elapsedMs, evidence: [hopEvidence(hop, how.words)], product: scene.proxies[0] ?? null, orElse: scene.proxies.length > 0 ? [] : ['proxy.bad_gateway'] })]
}

function wasLeft(hop: HopRequest, scene: Scene): DiagnosisFinding[] {
  if (!hop.left) return []
  const words = `the next hop was left (${hop.left.how}) after ${hop.left.afterMs} ms while it was still working`
  if (answeredByProxy(scene)) return fits('proxy.read', scene) ? [findingOf({ cause: 'proxy.read', confidence: 0.82, atMs: scene.elapsedMs, evidence: [hopEvidence(hop, words)], product: scene.proxies[0] ?? scene.picture?.product ?? null, orElse: ['gateway.handler'] })] : []
  const own = scene.picture?.candidates.find((cause) => cause.startsWith('client.'))
  if (scene.view?.kind === 'client-lib' && scene.proxies.length === 0 && own) return [findingOf({ cause: own, confidence: 0.85, atMs: hop.left.afterMs, evidence: [hopEvidence(hop, `${words}: the client left first`)], product: scene.picture?.product ?? null, directive: 'timeout', orElse: scene.picture?.candidates.filter((cause) => cause.startsWith('client.') && cause !== own) ?? [] })]
  // Both sides saw an end at once: whoever stands between them cut. One that logs every request and has no line for this one ended itself.
  const silent = scene.proxies.find((name) => logsEverything.has(name) && !scene.facts.some((fact) => fact.product === name && fact.request?.status != null))
  if (silent && fits('proxy.stopped', scene)) return [findingOf({ cause: 'proxy.stopped', confidence: 0.65, weak: true, atMs: scene.elapsedMs, evidence: [hopEvidence(hop, `${words}; the client saw the end as well, and ${silent} logged no line for the request`)], product: silent, orElse: ['proxy.idle', 'proxy.read', 'proxy.client_write'] })]
  if (scene.proxies.length > 0 && fits('proxy.idle', scene)) return [findingOf({ cause: 'proxy.idle', confidence: 0.6, weak: true, atMs: scene.elapsedMs, evidence: [hopEvidence(hop, `${words}; the client saw the end as well, so it was cut in between`)], product: scene.proxies[0] ?? null, orElse: ['proxy.stopped', 'proxy.read', 'proxy.client_write'] })]
  return []
}

function aborted(hop: HopRequest): DiagnosisFinding[] {
  return hop.did === 'aborted' ? [findingOf({ cause: 'network.reset', confidence: 0.92, evidence: [hopEvidence(hop, 'the next hop’s own machine aborted the socket')] })] : []
}

/** The client was given an error answer, so somebody between it and the next hop wrote one. */
function answeredByProxy(scene: Scene): boolean {
  const view = scene.view
  return view !== null && view.kind !== 'process' && view.status !== null && view.status >= 500
}

function fits(cause: DiagnosisFinding['cause'], scene: Scene): boolean {
  return scene.picture === null || scene.picture.candidates.includes(cause)
}

function hopEvidence(hop: HopRequest, text: string): Evidence {
  return { kind: 'log', text: `${hop.request ?? 'the request'}: ${text}`, ref: null }
}
