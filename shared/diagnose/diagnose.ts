import { buildScene } from './build-scene.ts'
import type { DiagnosedLimit, DiagnosedSource, Diagnosis, DiagnosisNote } from './diagnosis.ts'
import { gatherRequest, type Gathered } from './judge/gather.ts'
import { judgeScene } from './judge/index.ts'
import { skewsOf } from './judge/skew.ts'
import { ladderOf } from './ladder.ts'
import { lintLimits } from './lints/index.ts'
import type { LogFact } from './logs/fact.ts'
import { openLog } from './logs/read-log.ts'
import { pictureOfView } from './observe/index.ts'
import type { View } from './observe/view.ts'
import { waterfallOf } from './waterfall.ts'

/** What was read of files and observers, in plain values. */
export interface DiagnosisInput {
  facts: readonly LogFact[]
  limits: DiagnosedLimit[]
  views: readonly View[]
  notes: DiagnosisNote[]
  sources: DiagnosedSource[]
  /** Ask about the request nearest to this time, ms since 1970. */
  aroundMs: number | null
  /** Ask about the request with this id or path. */
  request: string | null
}

/** The whole diagnosis of what was read: verdict, limits and their order, lints, notes, stages. Pure. */
export function diagnoseInput(input: DiagnosisInput): Diagnosis {
  const view = tellingView(input.views)
  const picture = view ? pictureOfView(view) : null
  const facts = input.facts.length > 0 ? input.facts : carriedFacts(view)
  const gathered = gatherRequest(facts, { view, picture, aroundMs: input.aroundMs, request: input.request })
  const scene = buildScene({ gathered, view, picture, limits: input.limits })
  const skews = skewsOf(facts)
  return {
    schema: 'cutoff.diagnosis/1', verdict: judgeScene(scene), limits: input.limits, order: ladderOf(input.limits).map((rung) => rung.index), lints: lintLimits(input.limits), notes: [...input.notes, ...gatherNotes(input, gathered)], ...waterfallOf(scene),
    sources: input.sources.map((source) => ({ ...source, skewMs: skews.get(source.file) ?? null })),
  }
}

/** A question that nothing in the files answers is said so. */
function gatherNotes(input: DiagnosisInput, gathered: Gathered): DiagnosisNote[] {
  if (gathered.missing) return [{ file: '', line: null, text: `no entry of the logs names the request "${input.request}"` }]
  return input.aroundMs !== null && input.facts.length === 0 && input.sources.some((source) => source.kind.endsWith('log')) ? [{ file: '', line: null, text: `no entry of the logs is within ten minutes of ${new Date(input.aroundMs).toISOString()}; a log without a zone counts as UTC` }] : []
}

/** Of several observers the one that saw something go wrong. */
function tellingView(views: readonly View[]): View | null {
  const troubled = views.find((view) => {
    const picture = pictureOfView(view)
    return picture.lead?.cause !== 'none'
  })
  return troubled ?? views[0] ?? null
}

/** Log lines that an observation carries with it: `[error.log] text`. */
function carriedFacts(view: View | null): LogFact[] {
  const files = new Map<string, string[]>()
  for (const line of view?.logLines ?? []) {
    const match = /^\[([^\]]{1,200})\] (.*)$/s.exec(line)
    const name = match?.[1] ?? 'log'
    files.set(name, [...(files.get(name) ?? []), match?.[2] ?? line])
  }
  return [...files].flatMap(([name, lines]) => {
    const log = openLog(name, 1970)
    return [...lines.flatMap((line, index) => log.take(line, index + 1)), ...log.close()]
  })
}
