import { memo } from 'react'
import { formatMs } from '../../../shared/limits/units.ts'
import type { Run } from '../../../shared/run/fold-run.ts'
import { exactMs } from '../../ui/numbers.ts'
import type { DeadlineMark } from './deadlines.ts'

/** Rows read out at most; beyond that the log is the better place. */
const most = 100

/** The chart as a table, for those who do not see it. Not kept up to date while a run goes on: the live region tells that. */
export const ChartTable = memo(function ChartTable({ run, deadlines, live }: { run: Run; version: number; deadlines: readonly DeadlineMark[]; live: boolean }) {
  if (live) return null
  return (
    <div className="sr-only">
      <table>
        <caption>Spans and deadlines of this run</caption>
        <thead><tr><th scope="col">Layer</th><th scope="col">What</th><th scope="col">From</th><th scope="col">For</th><th scope="col">Ended</th></tr></thead>
        <tbody>
          {run.spans.slice(0, most).map((span) => (
            <tr key={span.id}><td>{span.layer}</td><td>{span.name}</td><td>{exactMs(span.startMs)}</td><td>{span.endMs === null ? 'open' : formatMs(span.endMs - span.startMs)}</td><td>{span.status}</td></tr>
          ))}
          {deadlines.map((mark) => (
            <tr key={mark.limitId}><td>{mark.tone}</td><td>limit {mark.limitId}, {mark.value}</td><td>{exactMs(mark.atMs)}</td><td>deadline</td><td>{mark.state === 'idle' ? mark.note : mark.state}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}, (before, after) => before.live === after.live && (after.live || (before.version === after.version && before.run === after.run)))
