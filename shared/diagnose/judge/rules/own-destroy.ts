import type { Rule } from '../../../verdict/finding.ts'
import { factEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import { cutFromOutside, type Scene } from '../scene.ts'

/**
 * A gateway that reports "the client left" about a client which did not leave has destroyed the connection itself: a socket
 * timeout of its own server (Node's `server.timeout`) looks exactly so from inside.
 */
export const ownDestroy: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'own-destroy',
  find: (scene) => {
    if (!cutFromOutside(scene) || scene.proxies.some((name) => name !== 'Node') || scene.picture?.candidates.includes('gateway.idle') !== true) return []
    const fact = scene.facts.find((candidate) => candidate.product === 'Node' && candidate.signs.some((sign) => sign.role === 'sees' && sign.cause === 'client.canceled'))
    return fact ? [findingOf({ cause: 'gateway.idle', confidence: 0.75, atMs: scene.elapsedMs, evidence: [factEvidence(fact, 'the gateway saw its socket close, and the client did not close it')], product: 'Node', directive: 'server.timeout', orElse: ['gateway.handler', 'gateway.stopped'] })] : []
  },
}
