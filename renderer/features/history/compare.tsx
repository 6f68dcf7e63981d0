import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { LogRow } from '../../../shared/bridge/contract.ts'
import type { KeptRun } from '../../../shared/run/history.ts'
import { keptLog, keptRun, swapCompared, useHistory } from '../../state/history.ts'
import { toCallError } from '../../state/engine.ts'
import { useView } from '../../state/view.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { exactMs } from '../../ui/numbers.ts'
import { CompareChart } from './compare-chart.tsx'
import { comparedLines } from './compare-logs.ts'
import { compareRuns } from './compare-runs.ts'
import './history.css'

/** Two runs with the beginnings of their logs. */
interface Pair { a: KeptRun; b: KeptRun; logs: { a: LogRow[]; b: LogRow[] } }

/** Two runs side by side: which difference decides it, then A above B on one axis, then everything in numbers. */
export function Compare() {
  const a = useHistory((state) => state.a)
  const b = useHistory((state) => state.b)
  const [pair, setPair] = useState<Pair | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    if (a === null || b === null) return undefined
    let current = true
    Promise.all([keptRun(a), keptRun(b), keptLog(a, comparedLines), keptLog(b, comparedLines)]).then(([left, right, logA, logB]) => {
      if (!current) return
      if (left && right) { setPair({ a: left, b: right, logs: { a: logA, b: logB } }); setProblem(null) } else setProblem('One of the two runs is no longer kept.')
    }, (error: unknown) => { if (current) setProblem(toCallError(error).message) })
    return () => { current = false }
  }, [a, b])
  const close = () => useHistory.setState({ comparing: false })
  const box = useRef<HTMLElement>(null)
  // Who was in the comparison is back where it was opened once it is closed.
  useLayoutEffect(() => {
    const element = box.current
    return () => { if (element?.contains(document.activeElement)) document.querySelector<HTMLElement>('.compare-open')?.focus() }
  }, [])
  return (
    <section className="compare" aria-label="Comparison" ref={box}>
      {problem ? <div className="notice notice-problem" role="alert"><Icon name="warning" /><p>{problem}</p><button type="button" className="btn btn-sm" onClick={close}>Close</button></div> : null}
      {pair ? <Compared pair={pair} onClose={close} /> : problem ? null : <p className="history-none dim">Reading both runs…</p>}
    </section>
  )
}

function Compared({ pair: { a, b, logs }, onClose }: { pair: Pair; onClose: () => void }) {
  const [only, setOnly] = useState(false)
  const comparison = useMemo(() => compareRuns(a, b, logs), [a, b, logs])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]')) return
      if (event.key === 'Escape') onClose()
      else if (!useView.getState().letterKeys) return
      else if (event.key === 'x' || event.key === 'X') swapCompared()
      else if (event.key === 'n' || event.key === 'N') nextDifference()
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [onClose])
  return (
    <>
      <div className="compare-head">
        <div className="verdict-meta">
          <span className="badge"><Icon name="compare" small />Compare</span>
          <span className="ab">A</span><span>run {a.number}, {endWords(a)}</span><span className="ab ab-b">B</span><span>run {b.number}, {endWords(b)}</span>
          <span className="grow" />
          <button type="button" className="btn btn-sm btn-ghost" onClick={onClose}><Icon name="close" small />Close <Keys keys="Esc" /></button>
        </div>
        <h1>{comparison.headline}</h1>
        <p className="ink-2">{comparison.sub}</p>
      </div>
      <CompareChart a={a} b={b} />
      <div className="head compare-tabs">
        <h2>Differences</h2><span className="dim num">{comparison.differences}</span><span className="dim">N goes to the next one</span><span className="grow" />
        <label className="switch"><input type="checkbox" role="switch" aria-checked={only} checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />Only differences</label>
      </div>
      {/* The table scrolls, so it takes the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll-y" tabIndex={0} role="region" aria-label="Differences">
        {comparison.sections.map((section) => {
          const rows = only ? section.rows.filter((row) => row.differs) : section.rows
          return rows.length === 0 ? null : (
            <table key={section.title} className={cx('compare-table', section.code && 'compare-code')}>
              <thead><tr><th scope="col">{section.title}</th><th scope="col">A, run {a.number}</th><th scope="col">B, run {b.number}</th><th scope="col">B minus A</th></tr></thead>
              <tbody>
                {rows.map((row, index) => (
                  <tr key={`${index}${row.name}`} className={cx(row.differs && 'compare-differs')} tabIndex={row.differs ? -1 : undefined}>
                    <th scope="row">{row.name}</th><td className="num" title={row.a}>{row.a}</td><td className="num" title={row.b}>{row.b}</td><td className="num compare-delta">{row.differs ? <span className="sr-only">differs: </span> : null}{row.delta}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        })}
      </div>
    </>
  )
}

function endWords(run: KeptRun): string {
  const { record } = run
  return record.outcome === 'completed' ? `completed in ${exactMs(record.elapsedMs)}` : `${record.outcome} at ${exactMs(record.verdict.atMs ?? record.elapsedMs)}`
}

/** Focuses the next row that differs, round and round. */
function nextDifference(): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.compare-differs')]
  const at = rows.findIndex((row) => row === document.activeElement)
  rows[(at + 1) % Math.max(1, rows.length)]?.focus()
}
