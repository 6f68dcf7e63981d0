import { useMemo } from 'react'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { formatValue } from '../../../shared/limits/units.ts'
import { useBeat, useClock } from '../../state/clock.ts'
import { nearestLogLine } from '../../state/places.ts'
import { planLimits, usePlan } from '../../state/plan.ts'
import { hoverAt, select, usePointer } from '../../state/pointer.ts'
import { isLive, useRun } from '../../state/run.ts'
import { setView } from '../../state/view.ts'
import { cx } from '../../ui/cx.ts'
import { ariaKeys, Keys } from '../../ui/keys.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { limitRows } from './limit-rows.ts'
import { limitStatus } from './limit-status.ts'
import './limits.css'

/** The limits beside the script, in order of firing: the number most often changed is one click away. */
export function LimitsSmall() {
  const limits = usePlan(planLimits)
  const proxies = usePlan((state) => state.proxies)
  const run = useRun((state) => state.run)
  useBeat()
  const live = useRun(isLive)
  const nowMs = useClock((clock) => clock.nowMs)
  const selected = usePointer((state) => state.selected?.limitId ?? null)
  const pointed = usePointer((state) => (state.hoverFrom === 'limits' ? null : state.hoverAbout.limitId))
  const rows = useMemo(() => limitRows(limits, planFlow({ limits, proxies })).filter((row) => row.order !== null || row.limit.value !== null || row.limit.id === 'client.total'), [limits, proxies])
  return (
    <section className="section limits-small" aria-label="Limits">
      <div className="head"><h2>Limits, in order of firing</h2><span className="grow" /><button type="button" className="btn btn-sm btn-ghost" aria-keyshortcuts={ariaKeys('Alt+2')} onClick={() => setView({ pane: 'limits' })}>Edit <Keys keys="Alt+2" /></button></div>
      <ul>
        {rows.map(({ limit, order }) => {
          const kind = limitKindOf(limit.id)
          const status = limitStatus(run, limit, nowMs, live)
          const state = run.limits.find((candidate) => candidate.id === limit.id)
          return (
            <li key={limit.id} className={cx('limit-row', status.fired && 'limit-fired', selected === limit.id && 'limit-selected', pointed === limit.id && 'limit-pointed')} onMouseEnter={() => hoverAt(state?.fired?.atMs ?? state?.deadlineMs ?? null, 'limits', { limitId: limit.id, line: state?.fired ? nearestLogLine(run, state.fired.atMs) : null })} onMouseLeave={() => hoverAt(null, null)}>
              <span className="limit-order num">{order ?? ''}</span>
              <button type="button" className="limit-id" title={kind?.meaning} onClick={() => { setView({ pane: 'limits' }); select({ limitId: limit.id }) }}>{kind ? <LayerMark tone={toneOf(kind.layer)} /> : null}<span className="clip">{limit.id}</span></button>
              <span className="limit-value num">{limit.value === null ? 'none' : formatValue(limit.value, limit.unit)}</span>
              <span className="limit-origin clip wide-only" title={limit.origin}>{limit.value === null ? 'not set' : limit.origin}</span>
              <span className="limit-status num">{limit.enforced || limit.value === null ? status.text : 'not enforced'}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
