import { formatMs } from '../../../limits/units.ts'
import { fitsLimit, punctualityOf } from '../../products.ts'
import { configEvidence, factEvidence } from '../evidence.ts'
import { findingOf } from '../finding.ts'
import { findCanceled } from '../scene.ts'
import type { SceneRule } from './index.ts'

/**
 * A server saw its client leave, and among the files is a client whose limit ends at just that time: it did not leave by itself. Never
 * certain, because nothing shows that it was this client.
 */
export const clientLimit: SceneRule = {
  name: 'client-limit',
  find: (scene) => {
    const left = findCanceled(scene)
    const elapsed = scene.elapsedMs
    // An observer of the client's own side knows better than any log of a server.
    if (!left || elapsed === null || scene.view !== null) return []
    const fitting = scene.limits.filter((limit) => limit.enforced && limit.layer === 'client' && limit.cause !== null && limit.valueMs !== null && limit.valueMs >= leastMs && fitsLimit(limit.product, limit.valueMs * Math.max(1, limit.attempts), elapsed))
    const written = fitting.filter((limit) => !limit.isDefault)
    const pool = written.length > 0 ? written : fitting
    const causes = [...new Set(pool.flatMap((limit) => limit.cause ?? []))]
    return pool.slice(0, 4).map((limit) => findingOf({
      cause: limit.cause ?? 'client.total', confidence: (causes.length === 1 ? 0.82 : 0.6) - (limit.isDefault ? 0.15 : 0), atMs: elapsed, product: limit.product, directive: limit.directive, limitMs: limit.valueMs,
      evidence: [factEvidence(left, 'the client left first'), configEvidence(limit, `it left after ${formatMs(elapsed)}; ${punctualityOf(limit.product).why}`)], orElse: ['client.canceled', ...causes.filter((cause) => cause !== limit.cause)],
    }))
  },
}

/** Shorter times fit too many things. */
const leastMs = 300
