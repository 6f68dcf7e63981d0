import { baseOf, limitKindOf } from '../limits/catalog.ts'
import { formatValue } from '../limits/units.ts'
import { layerIds, type LayerId } from '../flow/layers.ts'
import type { RunEvent } from '../run/event.ts'
import type { SavedRun } from '../run/record.ts'
import type { Exporter } from './exporter.ts'
import { lanesOf } from './trace-lanes.ts'

/**
 * Chrome's trace event format (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which Perfetto opens.
 * Times are microseconds; a process is the run, a thread is a layer.
 */
export interface TraceEvent {
  name: string
  ph: 'X' | 'i' | 'C' | 'M'
  ts: number
  pid: number
  tid: number
  cat?: string
  dur?: number
  s?: 't' | 'p' | 'g'
  args?: Record<string, unknown>
}

/** Adds what this file knows nothing of (stack samples) to a trace; `firstTid` and later numbers are free for its threads. */
export type TracePart = (run: SavedRun, free: { pid: number; firstTid: number }) => TraceEvent[]

export const traceExporter: Exporter = traceExporterWith([])

/** The exporter with further parts in it. */
export function traceExporterWith(parts: readonly TracePart[]): Exporter {
  return {
    id: 'trace',
    title: 'Trace (Chrome, Perfetto)',
    extension: 'trace.json',
    mediaType: 'application/json',
    toText(run, { version }) {
      const traceEvents = traceOf(run, parts)
      const { record } = run
      return `${JSON.stringify({ traceEvents, displayTimeUnit: 'ms', otherData: { creator: `Cutoff ${version}`, run: record.id, startedAt: record.startedAt, script: record.plan.script.name, cause: record.verdict.cause, headline: record.verdict.headline } })}\n`
    },
  }
}

const pid = 1
const us = (ms: number) => Math.round(ms * 1000)

function traceOf(run: SavedRun, parts: readonly TracePart[]): TraceEvent[] {
  const { record } = run
  const lanes = lanesOf(record.spans)
  // Threads are numbered in the order of the flow; a layer whose spans overlap (a proxy asking twice) has several.
  const threads = layerIds.flatMap((layer) => Array.from({ length: Math.max(1, lanes.count.get(layer) ?? 0) }, (_, lane) => ({ layer, lane })))
  const tidOf = (layer: LayerId, lane = 0) => 1 + threads.findIndex((thread) => thread.layer === layer && thread.lane === lane)
  const runEndMs = record.spans.reduce((end, span) => Math.max(end, span.endMs ?? 0), record.elapsedMs)
  const firstTid = threads.length + 1
  return [
    meta('process_name', 0, { name: `${record.plan.script.name}: ${record.verdict.headline}` }),
    ...threads.flatMap(({ layer, lane }, index) => [meta('thread_name', index + 1, { name: lane === 0 ? layer : `${layer} (${lane + 1})` }), meta('thread_sort_index', index + 1, { sort_index: index })]),
    ...record.spans.map((span): TraceEvent => ({
      name: span.name, cat: 'span', ph: 'X', ts: us(span.startMs), dur: us((span.endMs ?? runEndMs) - span.startMs), pid, tid: tidOf(span.layer, lanes.of.get(span) ?? 0), args: { id: span.id, status: span.status },
    })),
    ...record.stages.flatMap((stage, index): TraceEvent[] => stage.atMs === null ? [] : [{ name: `${index + 1} ${stage.id}`, cat: 'stage', ph: 'i', ts: us(stage.atMs), pid, tid: tidOf('client'), s: 'p', args: stage.detail ? { detail: stage.detail } : {} }]),
    ...record.limits.flatMap((limit): TraceEvent[] => limit.deadlineMs === null ? [] : [{
      name: `${limit.id} ${limit.value === null ? 'off' : formatValue(limit.value, limit.unit)}${limit.fired ? ' fired' : limit.enforced ? '' : ' not enforced'}`,
      cat: 'deadline', ph: 'i', ts: us(limit.deadlineMs), pid, tid: tidOf(limitKindOf(baseOf(limit.id))?.layer ?? 'client'), s: limit.fired ? 'g' : 't', args: { origin: limit.origin, fired: limit.fired, enforced: limit.enforced },
    }]),
    ...run.events.flatMap((event, index) => eventsOf(event, run.events, index, tidOf)),
    ...parts.flatMap((part, index) => part(run, { pid, firstTid: firstTid + index * 1000 })),
  ]
}

function eventsOf(event: RunEvent, all: readonly RunEvent[], index: number, tidOf: (layer: LayerId) => number): TraceEvent[] {
  const instant = (name: string, cat: string, layer: LayerId, args: Record<string, unknown>): TraceEvent => ({ name, cat, ph: 'i', ts: us(event.atMs), pid, tid: tidOf(layer), s: 't', args })
  switch (event.type) {
    case 'log': return [instant(event.message, `log.${event.level}`, layerOfSource(event.source), { ...event.fields, line: event.line })]
    case 'limit_fired': return [instant(`${event.limitId}: ${event.action}`, 'fired', limitKindOf(event.limitId)?.layer ?? 'client', { effect: event.effect, passedAtMs: event.passedAtMs })]
    case 'context_canceled': return [instant(event.error, 'cancel', event.layer, { cause: event.cause, limit: event.limitId })]
    case 'kill_intent': return [instant(`${event.signal} to the script`, 'kill', event.by, { reason: event.reason })]
    case 'connection_ended': return [instant(`connection ended by ${event.by}: ${event.how}`, 'connection', event.layer, { side: event.side, bytes: event.bytes, complete: event.complete, error: event.error })]
    case 'fault_injected': return [instant(`${event.fault}: ${event.action}`, 'fault', event.fault.startsWith('network.') ? 'network' : event.place.startsWith('proxy') ? 'proxy' : event.place === 'client' ? 'client' : 'gateway', { place: event.place })]
    case 'reading': return [
      counter('memory', event.atMs, { resident: event.rssBytes, 'address space': event.addressSpaceBytes }),
      counter('processes and threads', event.atMs, { processes: event.processes, threads: event.threads }),
      ...cpuOf(event, all, index),
    ]
    default: return []
  }
}

/** CPU of the process tree in percent of one core, since the reading before. */
function cpuOf(event: Extract<RunEvent, { type: 'reading' }>, all: readonly RunEvent[], index: number): TraceEvent[] {
  for (let at = index - 1; at >= 0; at--) {
    const before = all[at]!
    if (before.type !== 'reading') continue
    const elapsed = event.atMs - before.atMs
    return elapsed <= 0 ? [] : [counter('CPU % of one core', event.atMs, { cpu: Math.round((Math.max(0, event.cpuMs - before.cpuMs) / elapsed) * 1000) / 10 })]
  }
  return []
}

function counter(name: string, atMs: number, args: Record<string, number>): TraceEvent {
  return { name, cat: 'reading', ph: 'C', ts: us(atMs), pid, tid: 0, args }
}

function meta(name: string, tid: number, args: Record<string, unknown>): TraceEvent {
  return { name, ph: 'M', ts: 0, pid, tid, args }
}

function layerOfSource(source: Extract<RunEvent, { type: 'log' }>['source']): LayerId {
  if (source === 'stdout' || source === 'stderr') return 'script'
  return source === 'cutoff' ? 'client' : source
}
