import { formatMs } from '../../../limits/units.ts'
import type { Picture } from '../../observe/picture.ts'
import { configEvidence, factEvidence, viewEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import { findCanceled, type Scene } from '../scene.ts'
import type { SceneRule } from './index.ts'

/**
 * The observer gave up, and the server noticed just that: it was still there and waiting, so nobody cut the request. A limit that
 * should have fired by then is not enforced in time (Node looks at `requestTimeout` every 30 s).
 */
export const observerGaveUp: SceneRule = {
  name: 'observer-gave-up',
  find: (scene) => {
    if (scene.view?.kind !== 'http' || scene.view.end !== 'timeout' || scene.view.complete === true || scene.picture?.candidates.includes('none') !== true) return []
    if (scene.facts.some((fact) => fact.signs.some((sign) => sign.role === 'acts'))) return []
    const left = findCanceled(scene)
    if (!left) return passedWithoutEffect(scene, scene.picture)
    return [findingOf({ cause: 'none', confidence: 0.75, atMs: scene.elapsedMs, evidence: [factEvidence(left, 'the server saw the observer leave: until then nothing had cut the request'), viewEvidence(scene.picture)], orElse: ['client.total'] })]
  },
}

/** No log says anything, and a configured limit on the request passed long before the observer gave up: nothing cuts here. */
function passedWithoutEffect(scene: Scene, picture: Picture): DiagnosisFinding[] {
  const elapsed = scene.elapsedMs ?? 0
  if (scene.facts.some((fact) => fact.signs.some((sign) => sign.role === 'acts' || sign.role === 'sees')) || scene.hops.length > 0) return []
  const limit = scene.limits.find((candidate) => candidate.counts === 'request' && candidate.enforced && !candidate.isDefault && candidate.valueMs !== null && candidate.valueMs * 2 < elapsed)
  if (!limit) return []
  return [findingOf({ cause: 'none', confidence: 0.55, atMs: scene.elapsedMs, evidence: [configEvidence(limit, `it was not enforced within ${formatMs(elapsed)}`), viewEvidence(picture)], orElse: picture.candidates.filter((cause) => cause !== 'none') })]
}
