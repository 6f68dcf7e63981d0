import { useState } from 'react'
import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { firingWords } from '../../../shared/diagnose/ladder.ts'
import { useDiagnose } from '../../state/diagnose.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { LimitField } from '../../ui/limit-field.tsx'
import { limitRows, meaningOfValue, stateOf, type LimitRow } from './limit-rows.ts'
import { Excerpt, Ref } from './ref.tsx'
import { countText } from './texts.ts'

/** Rows shown before the rest is asked for. */
const firstRows = 8

/** Every limit of the configurations: which fires first and second, where it stands, whether it is in force. */
export function Limits({ diagnosis }: { diagnosis: Diagnosis }) {
  const [all, setAll] = useState(false)
  const seenMs = Math.max(0, ...diagnosis.spans.map((span) => span.endMs ?? 0))
  const [chosenMs, setChosenMs] = useState<number | null>(null)
  const rows = limitRows(diagnosis)
  if (rows.length === 0) return null
  const durationMs = chosenMs ?? neededMs(seenMs, diagnosis.verdict.limitMs)
  const shown = all ? rows : rows.slice(0, Math.max(firstRows, rows.filter((row) => row.fired).length))
  return (
    <section className="section" aria-label="Limits">
      <div className="head"><h2>Limits</h2><span className="dim">in order of firing, for a request that waits for its answer</span></div>
      <div className="dg-asked">A request that takes <LimitField label="Duration of the request" value={Math.round(durationMs)} unit="ms" onValue={(value) => setChosenMs(value)} /><span>{firingWords(diagnosis.limits, durationMs)}</span><span className="dim">computed</span></div>
      <table className="dg-limits" aria-label="Limits in these files">
        <thead><tr><th><span className="sr-only">Order</span></th><th>Limit</th><th>Value</th><th>Where</th><th>State</th></tr></thead>
        <tbody>{shown.map((row) => <Row key={row.key} row={row} />)}</tbody>
      </table>
      {rows.length > shown.length || all ? <button type="button" className="fold dg-more" aria-expanded={all} onClick={() => setAll(!all)}><Icon name={all ? 'chevronDown' : 'chevronRight'} small />{all ? 'Less' : `${countText(rows.length - shown.length, 'more limit')}`}</button> : null}
    </section>
  )
}

/** A duration to begin with: what a hop really took, where that is more than the limit that ended the request; else one that meets it. */
function neededMs(seenMs: number, limitMs: number | null): number {
  return limitMs === null ? seenMs || 30_000 : seenMs > limitMs * 1.2 ? seenMs : Math.max(30_000, limitMs * 2)
}

function Row({ row }: { row: LimitRow }) {
  const { limit, rank, fired } = row
  const tone = toneOf(limit.layer)
  const ref = `config:${limit.file}${limit.line === null ? '' : `:${limit.line}`}`
  const means = meaningOfValue(limit)
  return (
    <>
      <tr className={cx(fired && 'dg-fired-row', !limit.enforced && 'dg-off')} title={limit.meaning}>
        <td className="limit-rank-cell"><span className={cx('limit-rank', rank === 1 && 'limit-rank-first', rank === null && 'limit-rank-none')}>{rank ?? '–'}</span></td>
        <td><span className="dg-limit-name"><LayerMark tone={tone} muted={!limit.enforced} /><span>{limit.product} <span className="mono">{limit.directive}</span>{limit.scope ? <span className="dim"> {limit.scope}</span> : null}</span></span></td>
        <td className="num"><b>{limit.asWritten || 'none'}</b>{means ? <span className="dim"> = {means}</span> : null}{limit.attempts > 1 ? <span className="dim"> × {limit.attempts}</span> : null}</td>
        <td>{limit.isDefault ? <span className="dim">default</span> : <Ref to={ref} at={`limit ${ref} ${limit.directive} ${limit.scope}`} />}</td>
        <td className={fired ? 'is-cut strong' : 'dim'}>{stateOf(row)}</td>
      </tr>
      <ExcerptRow at={`limit ${ref} ${limit.directive} ${limit.scope}`} />
    </>
  )
}

/** The lines around a limit, in a row of their own. */
function ExcerptRow({ at }: { at: string }) {
  const open = useDiagnose((state) => state.excerpt?.at === at)
  if (!open) return null
  return <tr className="dg-excerpt-row"><td colSpan={5}><Excerpt at={at} /></td></tr>
}
