import type { Span } from '../../../shared/run/record.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { importsOf } from '../../../shared/stacks/imports.ts'
import { toneOf, type LayerTone } from '../../ui/layers.ts'

/** A piece of time in a lane. Times are ms on the run's clock; px come later. */
export interface Bar {
  id: string
  startMs: number
  /** For an open span: now. */
  endMs: number
  tone: LayerTone
  label: string
  detail: string
  /** How it ended; decides its right edge. */
  end: 'ok' | 'cut' | 'failed' | 'open'
  /** `wait`: hatched (a queue). `idle`: paler (waiting, not computing). `back`: what lies behind its own parts. */
  look: 'solid' | 'wait' | 'idle' | 'back'
}

export type LaneKind = 'axis' | 'stages' | 'spans' | 'absent' | 'stack' | 'cpu' | 'memory' | 'log'
export interface Lane {
  id: string
  kind: LaneKind
  label: string
  small: string
  tone: LayerTone | null
  /** Indented under the lane before it. */
  sub: boolean
  /** px from the top of the chart. */
  top: number
  height: number
  bars: Bar[]
}

export interface LaneInput {
  run: Run
  nowMs: number
  /** Height of a normal lane, px. */
  laneHeight: number
  /** Too little room: absent layers and the stage pins leave first. */
  tight: boolean
  hasStacks: boolean
}

type LaneDraft = Omit<Lane, 'top' | 'height'> & { height?: number }

/** The lanes from top to bottom, outermost layer first, each with its bars. Pure. */
export function lanesOf({ run, nowMs, laneHeight, tight, hasStacks }: LaneInput): Lane[] {
  const drafts: LaneDraft[] = [draft('axis', 'axis', 'elapsed', { height: 22 })]
  if (!tight) drafts.push(draft('stages', 'stages', 'stages', { height: 19 }))
  const depths = depthsOf(run.spans)
  const present = (tone: LayerTone) => run.spans.some((span) => toneOf(span.layer) === tone)
  drafts.push(...spanLanes(run, 'client', nowMs, depths))
  const absent = (['network', 'proxy'] as const).filter((tone) => !present(tone))
  if (absent.length > 0 && !tight) drafts.push(draft('absent', 'absent', absent.join(', '), { height: 19 }))
  for (const tone of ['network', 'proxy', 'gateway', 'connector', 'python'] as const) {
    if (present(tone) || tone === 'gateway' || tone === 'connector' || tone === 'python') drafts.push(...spanLanes(run, tone, nowMs, depths))
  }
  const imports = importBars(run)
  if (imports.length > 0 && !tight) drafts.push(draft('imports', 'spans', 'imports', { tone: 'python', sub: true, bars: imports }))
  if (hasStacks) drafts.push(draft('stack', 'stack', 'stack', { sub: true, height: laneHeight - 3 }))
  if (run.readings.length > 0) {
    drafts.push(draft('cpu', 'cpu', 'CPU', { tone: 'os', small: 'of 1 core', height: laneHeight + (tight ? 5 : 8) }))
    drafts.push(draft('memory', 'memory', 'memory', { tone: 'os', height: laneHeight + (tight ? 5 : 8) }))
  }
  drafts.push(draft('log', 'log', 'log', { height: 19 }))
  let top = 0
  return drafts.map((lane) => {
    const height = lane.height ?? (lane.sub ? laneHeight - 3 : laneHeight)
    const placed = { ...lane, top, height }
    top += height
    return placed
  })
}

function draft(id: string, kind: LaneKind, label: string, rest: Partial<LaneDraft> = {}): LaneDraft {
  return { id, kind, label, small: '', tone: null, sub: false, bars: [], ...rest }
}

/** How many spans of the same lane group stand above a span. */
function depthsOf(spans: readonly Span[]): Map<Span, number> {
  const byId = new Map(spans.map((span) => [span.id, span]))
  const depths = new Map<Span, number>()
  for (const span of spans) {
    let depth = 0
    let parent = span.parentId === null ? undefined : byId.get(span.parentId)
    while (parent && toneOf(parent.layer) === toneOf(span.layer) && depth < 8) {
      depth++
      parent = parent.parentId === null ? undefined : byId.get(parent.parentId)
    }
    depths.set(span, depth)
  }
  return depths
}

/** Lanes of one layer: proxies get one per hop; python shows its sub-stages below itself, the others their steps in place. */
function spanLanes(run: Run, tone: LayerTone, nowMs: number, depths: Map<Span, number>): LaneDraft[] {
  const spans = run.spans.filter((span) => toneOf(span.layer) === tone)
  if (tone === 'python') {
    const outer = spans.filter((span) => depths.get(span) === 0)
    const inner = spans.filter((span) => (depths.get(span) ?? 0) > 0)
    return [
      draft('python', 'spans', 'python', { tone, bars: outer.map((span) => ({ ...barOf(span, nowMs), ...processWords(run, span, nowMs) })) }),
      ...(inner.length > 0 ? [draft('sub-stages', 'spans', 'sub-stages', { tone, sub: true, bars: inner.map((span) => barOf(span, nowMs)) })] : []),
    ]
  }
  const rows = tone === 'proxy' || tone === 'network' ? Map.groupBy(spans, (span) => span.id.split('/')[0] ?? span.id) : new Map([[tone as string, spans]])
  return [...rows].map(([id, row], index) => draft(`${tone}${index === 0 ? '' : index + 1}`, 'spans', rows.size > 1 ? id : tone, { tone, bars: barsOfRow(row, nowMs, depths) }))
}

/** A span whose steps fill it is drawn pale behind them; one with a short step (a queue) stays itself, the step on top. */
function barsOfRow(spans: readonly Span[], nowMs: number, depths: Map<Span, number>): Bar[] {
  return spans
    .toSorted((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0))
    .map((span) => {
      const bar = barOf(span, nowMs)
      const steps = spans.filter((other) => other.parentId === span.id)
      const filled = steps.reduce((sum, step) => sum + (step.endMs ?? nowMs) - step.startMs, 0) / Math.max(bar.endMs - bar.startMs, 1e-6)
      return { ...bar, look: span.name === 'queue' ? 'wait' as const : steps.length > 0 && filled > 0.5 ? 'back' as const : 'solid' as const }
    })
}

function barOf(span: Span, nowMs: number): Bar {
  const endMs = span.endMs ?? nowMs
  return {
    id: span.id, startMs: span.startMs, endMs: Math.max(endMs, span.startMs), tone: toneOf(span.layer), label: span.name === 'transform' ? 'transform()' : span.name, detail: '',
    end: span.status === 'open' ? 'open' : span.status === 'error' ? 'failed' : span.status === 'ok' ? 'ok' : 'cut', look: 'solid',
  }
}

/** Imports of at least a millisecond, the outermost ones: what they imported in turn is theirs. */
function importBars(run: Run): Bar[] {
  return importsOf(run.events).map((node) => ({
    id: `import ${node.module} ${node.startMs}`, startMs: node.startMs, endMs: node.startMs + node.totalMs, tone: 'python', label: node.module, detail: node.children.length > 0 ? `with ${node.children.map((child) => child.module).slice(0, 3).join(', ')}` : '', end: 'ok', look: 'solid',
  }))
}

function processWords(run: Run, span: Span, nowMs: number): Partial<Bar> {
  const exit = run.exit?.exit
  const how = exit ? (exit.signal ? `signal ${exit.signal}` : `exit ${exit.exitCode}`) : ''
  const open = span.endMs === null && nowMs > 0
  return { label: run.process ? `process ${run.process.pid}` : span.name, detail: open ? '' : how }
}
