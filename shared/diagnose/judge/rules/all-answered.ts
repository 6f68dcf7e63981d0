import type { Cause } from '../../../verdict/causes.ts'
import type { LogFact } from '../../logs/fact.ts'
import { factEvidence } from '../evidence.ts'
import { findingOf } from '../finding.ts'
import type { SceneRule } from './index.ts'

/** Most of these log a client that left as an ordinary answer. */
const blindForClients = new Set(['HAProxy', 'Apache httpd', 'lighttpd', 'Varnish', ''])

/**
 * Nobody's view is here, and of everything that was logged about the request nothing went wrong: it was answered. What no log can show
 * stays possible: a client that left unnoticed, an answer that a Go server wrote after its write deadline.
 */
export const allAnswered: SceneRule = {
  name: 'all-answered',
  find: (scene) => {
    if (scene.view !== null || scene.facts.some((fact) => fact.signs.some((sign) => sign.role !== 'fine')) || scene.hops.some((hop) => hop.left !== null || broken.has(hop.did ?? ''))) return []
    const answered = scene.facts.filter((fact) => (fact.signs.some((sign) => sign.role === 'fine') && (fact.request !== null || fact.stage !== null)) || finishedWell(fact))
    const failed = answered.find((fact) => (fact.request?.status ?? 0) >= 500)
    const [likeliest, ...others] = failed ? behindAnError(failed.request?.status ?? 500) : []
    if (failed && likeliest) return [findingOf({ cause: likeliest, confidence: 0.4, evidence: [factEvidence(failed, 'an error that somebody behind answered with')], orElse: others })]
    const best = answered.find((fact) => fact.request?.status != null) ?? answered[0]
    if (!best) return []
    return [findingOf({ cause: 'none', confidence: unseen(answered).includes('gateway.write') ? 0.6 : 0.75, atMs: scene.elapsedMs, evidence: [factEvidence(best, `it was answered${scene.failed === 0 && scene.requests > 1 ? `, as all ${scene.requests} requests of these logs were` : ''}`)], product: null, orElse: unseen(answered) })]
  },
}

const broken = new Set<string>(['closed', 'reset', 'cut short', 'reset short', 'aborted'])

/** What may stand behind an error that was only passed on. */
function behindAnError(status: number): Cause[] {
  switch (status) {
    case 502: return ['proxy.bad_gateway', 'proxy.refused', 'proxy.backend_down', 'proxy.connect', 'proxy.read', 'network.dns', 'gateway.worker', 'gateway.stopped', 'connector.python', 'connector.context', 'script.exited', 'script.crashed', 'script.bad_output', 'platform.duration', 'platform.memory']
    case 503: return ['gateway.handler', 'proxy.backend_down', 'proxy.queue', 'proxy.connect', 'proxy.refused', 'proxy.rejected', 'gateway.rejected', 'connector.queue', 'platform.duration']
    case 504: return ['proxy.read', 'proxy.connect', 'gateway.handler', 'connector.context', 'connector.python', 'platform.duration']
    default: return ['script.exception', 'script.exited', 'script.bad_output', 'script.import', 'script.syntax', 'connector.context', 'connector.python', 'gateway.handler', 'gateway.worker', 'proxy.read', 'proxy.bad_gateway']
  }
}

/** `Python script execution completed` with `has_error=false`. */
function finishedWell(fact: LogFact): boolean {
  return fact.stage === 'script_finished' && /completed/i.test(fact.text) && /has_error"?[=:] ?"?false/.test(fact.text)
}

function unseen(answered: readonly LogFact[]): Cause[] {
  const lostWrite = answered.some((fact) => fact.product === 'Go' && fact.stage === 'response_returned') ? ['gateway.write' as const] : []
  const lostClient = answered.every((fact) => blindForClients.has(fact.product)) ? ['client.canceled' as const] : []
  return [...lostWrite, ...lostClient]
}
