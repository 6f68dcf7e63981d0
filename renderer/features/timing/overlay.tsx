import type { Run } from '../../../shared/run/fold-run.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { usePointer } from '../../state/pointer.ts'
import type { Stacks } from '../../state/stacks.ts'
import type { Judged } from '../../state/verdict.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { exactMs, tickingMs } from '../../ui/numbers.ts'
import { stageIds } from '../../../shared/flow/layers.ts'
import { type Axis, isInTail, xOf } from '../../ui/time-axis/axis.ts'
import { type DeadlineMark } from './deadlines.ts'
import { mergePins } from './pins.ts'
import { ReadingCard, type ReadingSource } from './reading-card.tsx'
import type { ResourcePoint } from './resources.ts'

interface OverlayProps {
  axis: Axis
  height: number
  run: Run
  judged: Judged | null
  live: boolean
  nowMs: number
  deadlines: readonly DeadlineMark[]
  resources: readonly ResourcePoint[]
  stacks: Stacks
  drag: { fromX: number; toX: number } | null
  /** The lane of the stage pins is there. */
  pins: boolean
}

/** What moves over the lanes: flags of what fired, now, the hairline with its card, the selection, the stage pins. */
export function Overlay({ axis, height, run, judged, live, nowMs, deadlines, resources, stacks, drag, pins }: OverlayProps) {
  const shown = (ms: number) => { const x = xOf(axis, ms); return x >= -1 && x <= axis.width && (isInTail(axis, ms) || x <= axis.headWidth + 1) }
  const fired = deadlines.filter((mark) => mark.state === 'fired' && shown(mark.atMs))
  const failMs = judged?.outcome === 'failed' ? judged.verdict.atMs : null
  const cutMs = judged?.outcome === 'cut' && fired.length === 0 ? judged.verdict.atMs : null
  return (
    <div className="overlay" aria-hidden="true">
      {pins ? <Pins axis={axis} run={run} failed={judged?.outcome === 'failed'} /> : null}
      {fired.map((mark) => <div key={mark.limitId} className="fired" style={{ left: xOf(axis, mark.atMs) }}><span><Icon name="scissors" />{mark.value}</span></div>)}
      {cutMs !== null && shown(cutMs) ? <div className="fired fired-line" style={{ left: xOf(axis, cutMs), height }}><span><Icon name="scissors" />{formatMs(Math.round(cutMs))}</span></div> : null}
      {failMs !== null && shown(failMs) ? <div className="fired failed-line" style={{ left: xOf(axis, failMs), height: height - 22 }}><span><Icon name="warning" />{formatMs(Math.round(failMs))}</span></div> : null}
      {live && shown(nowMs) ? <div className="now" style={{ left: xOf(axis, nowMs) }}><span className="num">{tickingMs(nowMs)}</span></div> : null}
      {drag && Math.abs(drag.toX - drag.fromX) > 4 ? <div className="drag" style={{ left: Math.min(drag.fromX, drag.toX), width: Math.abs(drag.toX - drag.fromX) }} /> : null}
      <Selected axis={axis} />
      <Hairline source={{ axis, run, nowMs, deadlines, resources, stacks }} />
    </div>
  )
}

function Pins({ axis, run, failed }: { axis: Axis; run: Run; failed: boolean }) {
  const pins = stageIds.flatMap((id, index) => {
    const stage = run.stages[id]
    const x = stage ? xOf(axis, stage.atMs) : -1
    return stage && x >= -1 && x <= axis.headWidth && !isInTail(axis, stage.atMs) ? [{ number: index + 1, x, failed: id === 'script_finished' && stage.detail !== undefined && stage.detail !== 'completed' }] : []
  })
  const groups = mergePins(pins)
  return groups.map((group, index) => {
    const within = group.first < group.last ? withinOf(run, group.first, group.last) : ''
    const room = (groups[index + 1]?.x ?? axis.headWidth) - group.x - group.width - 8
    return (
      <div key={group.first} className="pin-place" style={{ left: group.x }}>
        <span className={cx('pin', group.failed && (failed ? 'pin-failed' : 'pin-cut'))} style={{ width: group.width, borderRadius: 8 }}>{group.label}</span>
        {within && room > 90 ? <span className="dim">{within}</span> : null}
      </div>
    )
  })
}

function withinOf(run: Run, first: number, last: number): string {
  const times = stageIds.slice(first - 1, last).flatMap((id) => run.stages[id]?.atMs ?? [])
  const span = first === 1 ? (times.at(-1) ?? 0) : (times.at(-1) ?? 0) - (times[0] ?? 0)
  return `${first === 1 ? 'all ' : ''}within ${exactMs(span)}`
}

/** What was selected: a line with its instant, until Esc. */
function Selected({ axis }: { axis: Axis }) {
  const atMs = usePointer((state) => state.selected?.atMs ?? null)
  if (atMs === null) return null
  const x = xOf(axis, atMs)
  return x < 0 || x > axis.width ? null : <div className="selected-line" style={{ left: x }}><span className="num">{exactMs(atMs)}</span></div>
}

function Hairline({ source }: { source: ReadingSource }) {
  const hoverMs = usePointer((state) => state.hoverMs)
  const fromChart = usePointer((state) => state.hoverFrom === 'chart')
  const { limitId } = usePointer((state) => state.hoverAbout)
  if (hoverMs === null) return null
  const { axis } = source
  const x = xOf(axis, hoverMs)
  if (x < 0 || x > axis.width) return null
  return (
    <>
      <div className="hairline" style={{ left: x }}><span className="num">{exactMs(hoverMs)}</span></div>
      {fromChart ? <ReadingCard x={x} atMs={hoverMs} limitId={limitId} source={source} /> : null}
    </>
  )
}
