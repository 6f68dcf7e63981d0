import type { Run } from '../../../shared/run/fold-run.ts'
import { useLogTimes } from '../../state/log-times.ts'
import { toneOf } from '../../ui/layers.ts'
import { type Axis, xOf } from '../../ui/time-axis/axis.ts'
import type { Lane } from './lanes.ts'

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
  return (
    <g className="log-ticks">
      {[...ticks].map(([x, { tone, bad }]) => <rect key={x} className={bad ? 'log-tick-bad' : `tone-${tone}`} x={x - 1} y={lane.top + 3} width={bad ? 3 : 2} height={lane.height - 6} />)}
    </g>
  )
}
