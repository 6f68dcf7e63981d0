import type { Rule } from '../../../verdict/finding.ts'
import { viewEvidence } from '../evidence.ts'
import { findingOf, type DiagnosisFinding } from '../finding.ts'
import type { Scene } from '../scene.ts'

/** What the observer's own view points to. A view that shares its picture with other causes yields to any log that acted. */
export const theView: Rule<Scene> & { find(scene: Scene): DiagnosisFinding[] } = {
  name: 'the-view',
  find: (scene) => {
    const picture = scene.picture
    if (!picture?.lead) return []
    const { cause, confidence } = picture.lead
    return [findingOf({
      cause, confidence, atMs: scene.elapsedMs ?? picture.atMs, evidence: [viewEvidence(picture)], product: picture.product, directive: picture.directive, limitMs: picture.limitMs,
      orElse: picture.candidates.filter((other) => other !== cause), weak: picture.candidates.length > 1, need: picture.need,
    })]
  },
}
