import type { Rule } from '../../../verdict/finding.ts'
import type { LogFact } from '../../logs/fact.ts'
import { factEvidence, viewEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import { lostAnswer, type Scene } from '../scene.ts'

/**
 * The gateway says that it answered, and nobody got the answer: a write deadline (Go's WriteTimeout) had passed. The handler's
 * write "succeeds" into a buffer, nothing is logged, and the client or the proxy in front sees the connection end at that moment.
 */
export const lostWrite: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'lost-write',
  find: (scene) => {
    const front = scene.facts.find((fact) => fact.signs.some((sign) => sign.role === 'sees' && sign.cause === 'proxy.bad_gateway'))
    const lost = lostAnswer(scene) || (front !== undefined && scene.picture?.candidates.includes('gateway.write') !== false)
    if (!lost) return []
    return scene.facts.filter((fact) => (saysAnswered(fact) || finishedTooLate(fact, scene)) && sameMoment(fact, scene)).slice(0, 1).map((fact) => findingOf({
      cause: 'gateway.write', confidence: saysAnswered(fact) ? 0.93 : 0.88, atMs: scene.elapsedMs, product: fact.product || 'Go', directive: fact.product === 'Go' || fact.product === '' ? 'WriteTimeout' : null,
      evidence: [factEvidence(fact, 'the gateway believes that it answered'), ...(front ? [factEvidence(front, 'the hop in front got no answer')] : []), ...(scene.picture ? [viewEvidence(scene.picture)] : [])],
    }))
  },
}

function saysAnswered(fact: LogFact): boolean {
  if (fact.signs.some((sign) => sign.role !== 'fine')) return false
  if (fact.stage === 'response_returned') return fact.product !== 'Python'
  const status = fact.request?.status ?? null
  return fact.product === 'Go' && status !== null && status < 500
}

/** The script came to its end after the write deadline had passed, and whoever stood in front got nothing. */
function finishedTooLate(fact: LogFact, scene: Scene): boolean {
  return fact.stage === 'script_finished' && fact.signs.every((sign) => sign.role === 'fine') && fact.tookMs !== null && scene.limits.some((limit) => limit.cause === 'gateway.write' && limit.enforced && limit.valueMs !== null && limit.valueMs < (fact.tookMs ?? 0))
}

/** The write happened when the connection ended, not earlier. */
function sameMoment(fact: LogFact, scene: Scene): boolean {
  const took = fact.tookMs ?? fact.request?.durationMs ?? null
  if (took === null || scene.elapsedMs === null) return true
  return Math.abs(took - scene.elapsedMs) <= Math.max(150, scene.elapsedMs * 0.1)
}
