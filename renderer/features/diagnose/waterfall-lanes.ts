import type { DiagnosedLimit, Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import type { StageId } from '../../../shared/flow/layers.ts'
import { timeText } from '../../../shared/diagnose/time-text.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { outcomeOfCause } from '../../../shared/verdict/causes.ts'
import { toneOf, type LayerTone } from '../../ui/layers.ts'

/** A deadline in the lane of who owns it. */
export interface LaneDeadline { atMs: number; label: string; fired: boolean; limitIndex: number }
/** One row of the drawing: a hop with its bar, or a hop that is only known by its limits. */
export interface Lane { key: string; tone: LayerTone; name: string; bar: { startMs: number; endMs: number; failed: boolean; text: string } | null; deadlines: LaneDeadline[] }
export interface Waterfall { lanes: Lane[]; endMs: number; deadlinesMs: number[]; cutMs: number | null; stages: { id: StageId; atMs: number }[] }

const mostLanes = 24
/** Deadlines per lane: those that come first are the ones that matter. */
const mostDeadlines = 3

/** Rows, deadlines and stages of the one request, outermost hop first where they began together. Pure; ms since the request began. */
export function waterfallOf(diagnosis: Diagnosis): Waterfall {
  const { verdict, spans, limits, order } = diagnosis
  const lanes: Lane[] = spans.slice(0, mostLanes).map((span) => {
    const endMs = span.endMs ?? span.startMs
    return { key: span.id, tone: toneOf(span.layer), name: span.name, bar: { startMs: span.startMs, endMs, failed: span.status === 'error', text: formatMs(Number((endMs - span.startMs).toPrecision(4))) }, deadlines: [] }
  })
  const rungs = order.flatMap((index) => (limits[index] ? [{ index, limit: limits[index] }] : []))
  for (const { index, limit } of rungs) {
    const lane = lanes.find((candidate) => candidate.name === limit.product) ?? (lanes.length < mostLanes ? newLane(lanes, limit) : undefined)
    if (!lane || lane.deadlines.length >= mostDeadlines || limit.valueMs === null) continue
    const label = `${limit.directive} ${timeText(limit.valueMs)}`
    const fired = isFired(limit, diagnosis)
    if (lane.deadlines.some((other) => other.atMs === limit.valueMs && !fired)) continue
    lane.deadlines.push({ atMs: limit.valueMs, label, fired, limitIndex: index })
  }
  const cut = verdict.cause !== 'unknown' && outcomeOfCause(verdict.cause) === 'cut'
  const cutMs = cut ? verdict.limitMs ?? verdict.atMs : null
  const endMs = Math.max(1, ...lanes.map((lane) => lane.bar?.endMs ?? 0), verdict.atMs ?? 0, cutMs ?? 0)
  return { lanes, endMs, deadlinesMs: lanes.flatMap((lane) => lane.deadlines.map((deadline) => deadline.atMs)), cutMs, stages: diagnosis.stages.flatMap((stage) => (stage.atMs === null ? [] : [{ id: stage.id, atMs: stage.atMs }])) }
}

/** A limit of a hop that wrote nothing has a lane of its own. */
function newLane(lanes: Lane[], limit: DiagnosedLimit): Lane {
  const lane: Lane = { key: `limits ${limit.product}`, tone: toneOf(limit.layer), name: limit.product, bar: null, deadlines: [] }
  lanes.push(lane)
  return lane
}

/** Is this the limit of the verdict? By its directive and value, and where several have both, by the place its evidence names. */
export function isFired(limit: DiagnosedLimit, { verdict, limits }: Pick<Diagnosis, 'verdict' | 'limits'>): boolean {
  const fits = (other: DiagnosedLimit) => other.enforced && other.product === verdict.product && other.directive === verdict.directive && other.valueMs === verdict.limitMs
  if (verdict.directive === null || verdict.limitMs === null || !fits(limit)) return false
  const named = (other: DiagnosedLimit) => verdict.evidence.some((item) => item.ref === `config:${other.file}${other.line === null ? '' : `:${other.line}`}`)
  return named(limit) || !limits.some((other) => fits(other) && named(other))
}
