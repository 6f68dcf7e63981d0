import type { Run } from '../../../shared/run/fold-run.ts'
import { useLogTimes } from '../../state/log-times.ts'
import { toneOf } from '../../ui/layers.ts'
import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Lane } from './lanes.ts'
import { rectPath } from './rect-path.ts'

/** One tick per log line (of a long log, per sampled line); ticks on the same pixel are drawn once, errors on top. */
export function LogTicks({ axis, lane, run }: { axis: Axis; lane: Lane | undefined; run: Run }) {
  const times = useLogTimes((state) => state.points)
  if (!lane) return null
  const ticks = new Map<number, { tone: string; bad: boolean }>()
  for (const log of [...times, ...run.logs.map((line) => ({ atMs: line.atMs, source: line.source, bad: line.level === 'error' }))]) {
    const x = Math.round(xOf(axis, log.atMs))
    if (x < 0 || x > axis.headWidth || log.atMs > axis.view.toMs) continue
    if (log.bad || !ticks.get(x)?.bad) ticks.set(x, { tone: toneOf(log.source), bad: log.bad })
  }
  const errorsLast = [...ticks].toSorted(([, one], [, other]) => Number(one.bad) - Number(other.bad))
  const groups = Map.groupBy(errorsLast, ([, { tone, bad }]) => (bad ? 'log-tick-bad' : `tone-${tone}`))
  return (
    <g className="log-ticks">
      {[...groups].map(([look, places]) => <path key={look} className={look} d={rectPath(places.map(([x, { bad }]) => ({ x: x - 1, y: lane.top + 3, width: bad ? 3 : 2, height: lane.height - 6 })))} />)}
    </g>
  )
}
