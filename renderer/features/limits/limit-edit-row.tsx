import { useEffect, useRef } from 'react'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { editLimit, resetLimits } from '../../state/plan.ts'
import { changePlan } from '../../state/plan-undo.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { LimitField } from '../../ui/limit-field.tsx'
import type { LimitRow } from './limit-rows.ts'

interface LimitEditRowProps { row: LimitRow; changed: boolean; selected: boolean; missing: string | null }

/** One limit: its place in the order, value, origin, whether a timer is armed for it, what its clock counts from. */
export function LimitEditRow({ row: { limit, order }, changed, selected, missing }: LimitEditRowProps) {
  const kind = limitKindOf(limit.id)
  const line = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!selected) return
    line.current?.scrollIntoView({ block: 'nearest' })
    line.current?.querySelector('input')?.focus()
  }, [selected])
  const on = limit.enforced && limit.value !== null
  return (
    <div className={cx('limit-edit', selected && 'limit-edit-selected')} role="row" ref={line}>
      <span role="cell"><span className={cx('limit-rank num', order === 1 && 'limit-rank-first', order === null && 'limit-rank-none')}>{order ?? '–'}</span></span>
      <span role="cell" className="limit-edit-id" title={kind ? `${kind.meaning} When it fires: ${kind.effect}.` : undefined}>{kind ? <LayerMark tone={toneOf(kind.layer)} /> : null}<span className="clip">{limit.id}{kind?.countsFrom ? <span className="limit-counts-below">from {kind.countsFrom}</span> : null}</span></span>
      <span role="cell"><LimitField label={limit.id} value={limit.value} unit={limit.unit} onValue={(value) => editLimit(limit.id, { value })} /></span>
      <span role="cell" className="ink-2 clip" title={limit.origin}>{limit.value === null ? 'not set' : limit.origin}</span>
      <span role="cell">
        <label className="switch" title={missing ?? undefined}>
          <input type="checkbox" role="switch" aria-label={`${limit.id} enforced`} checked={on} disabled={limit.value === null} onChange={(event) => editLimit(limit.id, { enforced: event.currentTarget.checked })} />
          {limit.value === null ? 'off' : !limit.enforced ? 'not enforced' : missing ? 'cannot here' : 'enforced'}
        </label>
      </span>
      <span role="cell" className="ink-2 clip limit-counts" title={kind?.countsFrom ?? undefined}>{kind?.countsFrom ?? 'not a clock'}</span>
      <span role="cell">{changed ? <button type="button" className="btn btn-ghost limit-reset" aria-label={`Reset ${limit.id}`} title="Back to the profile’s value" onClick={() => changePlan(() => { resetLimits(limit.id); return `${limit.id} reset to the profile` })}><Icon name="refresh" small /></button> : null}</span>
    </div>
  )
}
