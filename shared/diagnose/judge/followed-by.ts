import type { DiagnosisFinding } from './finding.ts'
import type { Scene } from './scene.ts'

/** What the other entries of the same request add: the wake of the cut, one sentence each. */
export function followedBy(scene: Scene, chosen: DiagnosisFinding): string[] {
  const own = new Set(chosen.evidence.map((item) => item.ref))
  const sentences = scene.facts.flatMap((fact) => fact.signs.filter((sign) => !own.has(`log:${fact.file}:${fact.line}`) && sign.role !== 'hint').map((sign) => `${fact.product || fact.file}: ${sign.means} (${fact.file}:${fact.line})`))
  return [...new Set(sentences)].slice(0, 8)
}
