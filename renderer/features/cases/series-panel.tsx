import { useEffect, useRef, useState } from 'react'
import { formatMs } from '../../../shared/limits/units.ts'
import { runSeries, stopCases, useCases, type Series, type SeriesRun } from '../../state/cases.ts'
import { useEngine } from '../../state/engine.ts'
import { openKeptRun } from '../../state/history.ts'
import { editLimit, planLimits, usePlan } from '../../state/plan.ts'
import { spreadOf } from '../../state/spread.ts'
import { Icon } from '../../ui/icon.tsx'
import { LimitField } from '../../ui/limit-field.tsx'
import { groupedOf } from '../../ui/numbers.ts'
import { counted } from '../../../shared/text/counted.ts'

/** The script many times, several at once: how its time spreads, with the wait in the queue apart from the execution. */
export function SeriesPanel() {
  const series = useCases((state) => state.series)
  const ready = useEngine((state) => state.phase === 'ready')
  const workers = usePlan((state) => planLimits(state).find((limit) => limit.id === 'connector.concurrency')?.value ?? null)
  const [repeats, setRepeats] = useState(10)
  const [atOnce, setAtOnce] = useState(1)
  const cases = useCases((state) => state.cases)
  const [chosen, setChosen] = useState('screen')
  // A case that was removed is no longer a choice.
  const input = chosen === 'all' && cases.length > 0 ? 'all' : cases.some((item) => item.id === chosen) ? chosen : 'screen'
  const ids = input === 'all' ? cases.map((item) => item.id) : input === 'screen' ? [] : [input]
  return (
    <section aria-label="Repeats">
      <div className="head head-sub"><h3 className="strong">Repeats</h3><span className="dim clip">how the time spreads</span></div>
      <div className="series-form">
        <label className="series-input">Input <select value={input} onChange={(event) => setChosen(event.currentTarget.value)}><option value="screen">on the screen</option>{cases.map((item) => <option key={item.id} value={item.id}>{item.name}</option>)}{cases.length > 1 ? <option value="all">all cases in turn</option> : null}</select></label>
        <label>Runs <input type="number" min={1} max={10_000} value={repeats} onChange={(event) => setRepeats(clamp(event.currentTarget.valueAsNumber, 10_000))} /></label>
        <label>at once <input type="number" min={1} max={256} value={atOnce} onChange={(event) => setAtOnce(clamp(event.currentTarget.valueAsNumber, 256))} /></label>
        {series?.live
          ? <button type="button" className="btn btn-sm" onClick={stopCases}><Icon name="stop" small />Stop</button>
          : <button type="button" className="btn btn-sm" disabled={!ready} onClick={() => void runSeries(repeats, atOnce, ids)}><Icon name="play" small />Run {counted(repeats, 'time', 'times', groupedOf(repeats))}</button>}
        <label className="series-workers">Workers <LimitField label="connector.concurrency" value={workers} unit="count" onValue={(value) => editLimit('connector.concurrency', { value })} /><span className="dim">{workers === null ? 'as many as are asked for: nobody waits' : 'the others wait in the queue'}</span></label>
      </div>
      {series ? <SeriesResult series={series} /> : null}
    </section>
  )
}

function clamp(value: number, most: number): number {
  return Number.isNaN(value) ? 1 : Math.min(most, Math.max(1, Math.round(value)))
}

function SeriesResult({ series }: { series: Series }) {
  const { runs } = series
  const box = useRef<HTMLDivElement>(null)
  // What was asked for comes into sight: the form above may fill the pane.
  useEffect(() => { if (series.live) box.current?.scrollIntoView({ block: 'nearest' }) }, [series.live, Math.min(runs.length, 5)])
  const rows = [
    { name: 'whole request', values: runs.map((run) => run.elapsedMs) },
    { name: 'wait in the queue', values: runs.map((run) => run.queueMs) },
    { name: 'execution', values: runs.flatMap((run) => run.scriptMs ?? []) },
  ]
  const most = Math.max(1, ...runs.map((run) => run.elapsedMs))
  const held = runs.filter((run) => run.passed !== null)
  const outcomes = Object.entries(Object.groupBy(runs, (run) => run.cause === 'none' ? 'completed' : run.cause)).map(([cause, list]) => `${list?.length ?? 0} ${cause}`)
  return (
    <div className="series" ref={box}>
      <div className="series-progress" role="progressbar" aria-label="Repeats" aria-valuenow={runs.length} aria-valuemin={0} aria-valuemax={series.wanted}><i style={{ width: `${(runs.length / series.wanted) * 100}%` }} /></div>
      <p className="dim num">{groupedOf(runs.length)} of {groupedOf(series.wanted)}{outcomes.length > 0 ? `: ${outcomes.join(', ')}` : ''}{held.length > 0 ? `; ${held.filter((run) => run.passed).length} of ${held.length} as expected` : ''}</p>
      {series.problem ? <p className="is-cut" role="alert">{series.problem}</p> : null}
      <table>
        <thead><tr><th scope="col">Time</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">max</th><th scope="col"><span className="sr-only">Each run</span></th></tr></thead>
        <tbody>
          {rows.map((row) => {
            const spread = spreadOf(row.values)
            return (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {[spread?.p50, spread?.p95, spread?.max].map((value, index) => <td key={index} className="num">{value === undefined ? '–' : formatMs(value >= 1000 ? Math.round(value) : Math.round(value * 10) / 10)}</td>)}
                <td className="series-strip"><svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">{row.values.slice(-500).map((value, index) => <rect key={index} x={Math.min(99, (value / most) * 99)} y={2} width={1} height={10} />)}</svg></td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <ul className="series-runs">
        {runs.toSorted((a, b) => b.elapsedMs - a.elapsedMs).slice(0, 5).map((run) => (
          <li key={run.runId}><button type="button" className="link" onClick={() => void openKeptRun(run.runId)}>{formatMs(Math.round(run.elapsedMs))}</button> {run.name ? <span>{run.name}</span> : null}<span className="dim clip" title={run.headline}>{wordsOf(run)}</span></li>
        ))}
      </ul>
    </div>
  )
}

/** What came of a run, in a line of a list: where its time went, or what ended it. */
function wordsOf({ cause, headline, queueMs, scriptMs }: SeriesRun): string {
  if (cause !== 'none' || scriptMs === null) return headline
  return `completed: ${formatMs(Math.round(queueMs * 10) / 10)} in the queue, ${formatMs(Math.round(scriptMs * 10) / 10)} executing`
}
