import type { Cause } from '../../../verdict/causes.ts'
import type { Rule } from '../../../verdict/finding.ts'
import { formatMs } from '../../../limits/units.ts'
import type { DiagnosedLimit } from '../../diagnosis.ts'
import { fitsLimit, punctualityOf } from '../../products.ts'
import { configEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import type { Scene } from '../scene.ts'

/**
 * Where nothing names the cause, a configured limit whose deadline is the instant of the cut is the best explanation; never a
 * certain one, because elapsed time close to a limit proves nothing by itself.
 */
export const configAndTime: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'config-and-time',
  find: (scene) => {
    const fitting = scene.limits.filter((limit) => limit.enforced && limit.valueMs !== null && causeFor(limit, scene) !== null && fitsTime(limit, scene))
    const written = fitting.filter((limit) => !limit.isDefault)
    const pool = written.length > 0 ? written : fitting
    const causes = new Set(pool.map((limit) => causeFor(limit, scene)))
    return pool.slice(0, 8).map((limit) => findingOf({
      cause: causeFor(limit, scene) ?? 'unknown', confidence: (causes.size === 1 ? 0.85 : 0.6) - (limit.isDefault ? 0.15 : 0) - (causesFor(limit, scene).length > 1 || limit.cause === 'gateway.write' ? 0.13 : 0), atMs: scene.elapsedMs, product: limit.product, directive: limit.directive, limitMs: limit.valueMs,
      evidence: [configEvidence(limit, `the cut came at ${formatMs(timeFor(limit, scene) ?? 0)}; ${punctualityOf(limit.product).why}`)], orElse: pool.flatMap((other) => causesFor(other, scene)).filter((cause) => cause !== causeFor(limit, scene)),
    }))
  },
}

/** What this limit would be called here: its own cause, or another it ends as well, where the view allows it. */
function causeFor(limit: DiagnosedLimit, scene: Scene): Cause | null {
  return causesFor(limit, scene)[0] ?? null
}

function causesFor(limit: DiagnosedLimit, scene: Scene): Cause[] {
  // A keep-alive clock starts when an answer is complete: it did not cut one short.
  if (limit.counts === 'idle' && /keep.?alive|^IdleTimeout$/i.test(limit.directive) && scene.view?.kind === 'http' && scene.view.status !== null && scene.view.complete === false) return []
  const possible = scene.picture?.candidates ?? []
  return [limit.cause, ...limit.alsoCauses].filter((cause) => cause !== null).filter((cause) => possible.includes(cause))
}

function fitsTime(limit: DiagnosedLimit, scene: Scene): boolean {
  const time = timeFor(limit, scene)
  if (time === null || limit.valueMs === null) return false
  // A write deadline is heard of when the handler ends, whenever that is.
  if (limit.cause === 'gateway.write') return scene.view?.kind === 'http' && scene.view.status === null && time > limit.valueMs
  return fitsLimit(limit.product, limit.valueMs, time) || (limit.attempts > 1 && fitsLimit(limit.product, limit.valueMs * limit.attempts, time))
}

/** The time a limit's clock had counted when the connection ended. */
function timeFor(limit: DiagnosedLimit, scene: Scene): number | null {
  const view = scene.view
  if (view?.kind !== 'http') return scene.elapsedMs
  const end = view.closeMs ?? view.elapsedMs
  if (limit.counts !== 'idle' || end === null) return end
  // An answer that took longer than the limit shows that the limit is not about answers: the request itself was not cut.
  if (view.complete === true && limit.valueMs !== null && (view.lastByteMs ?? 0) > limit.valueMs) return null
  return view.lastByteMs === null ? end : end - view.lastByteMs
}
