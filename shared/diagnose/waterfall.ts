import { stageIds, type LayerId, type StageId } from '../flow/layers.ts'
import type { Span } from '../run/record.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { Scene } from './judge/scene.ts'
import { endOf } from './judge/skew.ts'
import type { LogFact } from './logs/fact.ts'

/** One request as the waterfall of a run: the stages its logs mark, and a span for every hop that wrote about it. Times are ms since it began. */
export function waterfallOf(scene: Scene): Pick<Diagnosis, 'stages' | 'spans'> {
  const spans = spansOf(scene)
  return { spans, stages: stageIds.map((id) => ({ id, atMs: stageAt(scene, id) })) }
}

function stageAt(scene: Scene, id: StageId): number | null {
  const marked = scene.facts.find((fact) => fact.stage === id)
  if (marked) return relative(marked, scene)
  if (id === 'request_received') return scene.facts.some((fact) => fact.request?.status != null) || scene.view !== null ? 0 : null
  if (id === 'response_returned') return scene.view?.kind === 'http' && scene.view.status !== null ? round(scene.view.lastByteMs ?? scene.elapsedMs) : null
  return null
}

function relative(fact: LogFact, scene: Scene): number | null {
  const at = endOf(fact)
  if (at !== null && scene.startMs !== null) return round(Math.max(0, at - scene.startMs))
  return fact.tookMs === null ? null : round(fact.tookMs)
}

function spansOf(scene: Scene): Span[] {
  const spans: Span[] = []
  if (scene.view && scene.elapsedMs !== null) spans.push({ id: 'observer', parentId: null, layer: scene.view.kind === 'process' ? 'script' : 'client', name: scene.view.kind === 'process' ? 'process' : 'client', startMs: 0, endMs: round(scene.elapsedMs), status: statusOf(scene.view.kind === 'http' ? scene.view.status : null) })
  for (const fact of scene.facts) {
    const duration = fact.request?.durationMs ?? (fact.stage === null ? null : fact.tookMs)
    if (duration === null || spans.length >= 50) continue
    // A clock of whole seconds may put the end too early: no hop began before its request.
    const end = Math.max(relative(fact, scene) ?? duration, duration)
    const span: Span = { id: `${fact.file}:${fact.line}`, parentId: spans[0]?.id ?? null, layer: layerOf(fact), name: fact.product || fact.file, startMs: round(Math.max(0, end - duration)) ?? 0, endMs: round(end), status: statusOf(fact.request?.status ?? null) }
    if (!spans.some((other) => other.name === span.name && Math.abs((other.endMs ?? 0) - (span.endMs ?? 0)) < 5)) spans.push(span)
  }
  return spans.toSorted((a, b) => a.startMs - b.startMs)
}

const gateways = new Set(['gunicorn', 'uWSGI', 'uvicorn', 'Go', 'Node', 'http.server', 'Python'])

function layerOf(fact: LogFact): LayerId {
  if (fact.stage === 'script_finished') return 'script'
  if (fact.product.startsWith('AWS Lambda')) return 'platform'
  return gateways.has(fact.product) ? 'gateway' : 'proxy'
}

function statusOf(status: number | null): Span['status'] {
  return status !== null && status < 400 ? 'ok' : 'error'
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000
}
