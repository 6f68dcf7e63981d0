import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { KeptRun } from '../../../shared/run/history.ts'
import { toneOf, type LayerTone } from '../../ui/layers.ts'

export interface CompareBar { run: 'a' | 'b'; startMs: number; endMs: number; label: string; cut: boolean }
export interface CompareLane { layer: LayerTone; bars: CompareBar[] }
export interface CompareDeadline { layer: LayerTone; atMs: number; value: string; label: string; fired: boolean }

/** The outermost spans of both runs by layer, and their deadlines; a deadline both have is one. Times from the request or from the script's start. */
export function compareLanes(a: KeptRun, b: KeptRun, align: 'request' | 'script'): { lanes: CompareLane[]; deadlines: CompareDeadline[]; endMs: number } {
  const order: readonly LayerTone[] = ['client', 'network', 'proxy', 'gateway', 'connector', 'python']
  const shifts = { a: shiftOf(a, align), b: shiftOf(b, align) }
  const bars = (['a', 'b'] as const).flatMap((run) => barsOf(run, run === 'a' ? a : b, shifts[run]))
  const lanes = order.map((layer) => ({ layer, bars: bars.filter((bar) => bar.layer === layer) })).filter((lane) => lane.bars.length > 0)
  const deadlines = mergeDeadlines([...deadlinesOf('A', a, shifts.a), ...deadlinesOf('B', b, shifts.b)])
  return { lanes, deadlines, endMs: bars.reduce((end, bar) => Math.max(end, bar.endMs), 1) }
}

function shiftOf(run: KeptRun, align: 'request' | 'script'): number {
  return align === 'script' ? (run.record.stages.find((stage) => stage.id === 'script_started')?.atMs ?? 0) : 0
}

function barsOf(run: 'a' | 'b', kept: KeptRun, shift: number): (CompareBar & { layer: LayerTone })[] {
  const { spans } = kept.record
  const toneById = new Map(spans.map((span) => [span.id, toneOf(span.layer)]))
  return spans.filter((span) => span.parentId === null || toneById.get(span.parentId) !== toneOf(span.layer)).map((span) => ({
    run, layer: toneOf(span.layer), startMs: span.startMs - shift, endMs: (span.endMs ?? kept.record.elapsedMs) - shift, label: span.name, cut: span.status === 'cut' || span.status === 'canceled',
  }))
}

function deadlinesOf(letter: 'A' | 'B', run: KeptRun, shift: number): CompareDeadline[] {
  const idle = new Set(planFlow(run.record.plan).deadlines.filter((deadline) => deadline.effect === 'no_effect').map((deadline) => deadline.limitId))
  return run.record.limits.flatMap((limit) => {
    const kind = limitKindOf(limit.id)
    if (!kind || limit.deadlineMs === null || limit.value === null || !limit.enforced || kind.kind !== 'time' || idle.has(limit.id)) return []
    return [{ layer: toneOf(kind.layer), atMs: limit.deadlineMs - shift, value: formatMs(limit.value), label: `${limit.id.slice(limit.id.indexOf('.') + 1).replaceAll('_', ' ')} ${formatMs(limit.value)}, ${letter}`, fired: limit.fired }]
  })
}

/** The same limit with the same value in both runs is drawn once. */
function mergeDeadlines(marks: readonly CompareDeadline[]): CompareDeadline[] {
  const merged: CompareDeadline[] = []
  for (const mark of marks) {
    const twin = merged.find((other) => !other.fired && !mark.fired && other.layer === mark.layer && other.label.endsWith(', A') && other.label.replace(/, A$/, '') === mark.label.replace(/, B$/, ''))
    if (twin) twin.label = twin.label.replace(/, A$/, '')
    else merged.push({ ...mark })
  }
  return merged
}
