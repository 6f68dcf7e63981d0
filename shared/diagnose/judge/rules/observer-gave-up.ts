import { factEvidence, viewEvidence } from '../evidence.ts'
import { findingOf } from '../finding.ts'
import { findCanceled } from '../scene.ts'
import type { SceneRule } from './index.ts'

/**
 * The observer gave up, and the server noticed just that: it was still there and waiting, so nobody cut the request. A limit that
 * should have fired by then is not enforced in time (Node looks at `requestTimeout` every 30 s).
 */
export const observerGaveUp: SceneRule = {
  name: 'observer-gave-up',
  find: (scene) => {
    if (scene.view?.kind !== 'http' || scene.view.end !== 'timeout' || scene.view.complete === true || scene.picture?.candidates.includes('none') !== true) return []
    const left = findCanceled(scene)
    if (!left) return []
    return [findingOf({ cause: 'none', confidence: 0.75, atMs: scene.elapsedMs, evidence: [factEvidence(left, 'the server saw the observer leave: until then nothing had cut the request'), viewEvidence(scene.picture)], orElse: ['client.total'] })]
  },
}
