import { useBeat, useClock } from '../../state/clock.ts'
import { hoverAt, select } from '../../state/pointer.ts'
import { nearestLogLine } from '../../state/places.ts'
import { useRun } from '../../state/run.ts'
import { useVerdict } from '../../state/verdict.ts'
import { stageCells } from './stage-cells.ts'

/** The five stages in exact numbers: the chart cannot show 1.2, 1.9 and 4.6 ms apart, the strip can. */
export function StageStrip() {
  const run = useRun((state) => state.run)
  useBeat()
  const judged = useVerdict()
  const nowMs = useClock((clock) => clock.nowMs)
  return (
    <ol className="stages" aria-label="Stages">
      {stageCells(run, judged?.outcome ?? null, nowMs).map((cell) => {
        const { atMs } = cell
        return (
          <li key={cell.id} className={`stage stage-${cell.state}`} onMouseEnter={() => hoverAt(atMs, 'stages', { line: atMs === null ? null : nearestLogLine(run, atMs) })} onMouseLeave={() => hoverAt(null, null)}>
            <span className="pin" aria-hidden="true">{cell.number}</span>
            {atMs === null ? <span className="stage-id">{cell.id}</span> : <button type="button" className="stage-id" onClick={() => select({ atMs, line: nearestLogLine(run, atMs) })}>{cell.id}</button>}
            <span className="stage-time num">{cell.time}{cell.small ? <small>{cell.small}</small> : null}</span>
          </li>
        )
      })}
    </ol>
  )
}
