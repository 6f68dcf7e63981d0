import { useEffect, useMemo, useState } from 'react'
import { lintPlan, type Lint } from '../../../shared/flow/lints/index.ts'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { baseUnitOf } from '../../../shared/limits/units.ts'
import { useEngine } from '../../state/engine.ts'
import { findKeptNeed, needOf, useKeptNeed } from '../../state/need.ts'
import { activeTab, editLimit, planLimits, usePlan } from '../../state/plan.ts'
import { resetAllLimits } from '../../state/plan-undo.ts'
import { usePointer } from '../../state/pointer.ts'
import { loadProfileFile, saveProfileFile } from '../../state/profile-files.ts'
import { useBeat } from '../../state/clock.ts'
import { useRun } from '../../state/run.ts'
import { setView } from '../../state/view.ts'
import { Icon } from '../../ui/icon.tsx'
import { LimitEditRow } from './limit-edit-row.tsx'
import { limitRows, offeredLimits } from './limit-rows.ts'
import { OrderLadder } from './order-ladder.tsx'
import { Sampling } from './sampling.tsx'
import './limits.css'

/** Every limit, large: the order of firing on a log axis, a table to edit, and what about it will surprise. */
export function Limits() {
  const limits = usePlan(planLimits)
  const proxies = usePlan((state) => state.proxies)
  const faults = usePlan((state) => state.faults)
  const profileName = usePlan((state) => state.profileName)
  const edits = usePlan((state) => state.edits)
  const machine = useEngine((state) => state.hello)
  const run = useRun((state) => state.run)
  const version = useBeat()
  const selected = usePointer((state) => state.selected?.limitId ?? null)
  const flow = useMemo(() => planFlow({ limits, proxies }), [limits, proxies])
  const lints = useMemo(() => lintPlan({ limits, proxies, faults }, machine ?? {}), [limits, proxies, faults, machine])
  const script = usePlan((state) => activeTab(state).text)
  const measured = useMemo(() => needOf(run), [run, version])
  const kept = useKeptNeed((state) => (state.text === script ? state.need : null))
  const need = measured ?? kept
  const ready = useEngine((state) => state.phase === 'ready')
  useEffect(() => { if (ready && !measured) void findKeptNeed() }, [ready, measured, script])
  const changes = Object.keys(edits).length
  const rows = limitRows(limits, flow)
  const warnings = lints.filter((lint) => lint.severity === 'warning').length
  return (
    <section className="plan-pane" aria-label="Limits">
      <div className="head">
        <h2>Limits</h2><span className="dim clip">{profileName}{changes > 0 ? `, ${changes} ${changes === 1 ? 'change' : 'changes'}` : ''}</span><span className="grow" />
        <button type="button" className="btn btn-sm btn-ghost" disabled={changes === 0} onClick={resetAllLimits}>Reset to profile</button>
        <button type="button" className="btn btn-sm btn-ghost" onClick={() => void loadProfileFile()}>Load</button>
        <button type="button" className="btn btn-sm btn-ghost" onClick={saveProfileFile}>Save as profile</button>
        <button type="button" className="btn btn-sm btn-ghost" aria-label="Close the limits" onClick={() => setView({ pane: 'script' })}><Icon name="close" small /></button>
      </div>
      <div className="scroll-y">
        <div className="limits-head row"><h3 className="strong">Order of firing</h3><span className="dim clip">log axis; a flag stands where the deadline falls after the request</span></div>
        <OrderLadder flow={flow} needMs={need} />
        <div className="limit-table" role="table" aria-label="All limits">
          <div className="limit-edit limit-edit-head" role="row">
            {['Order', 'Limit', 'Value', 'Origin', 'Enforced'].map((name) => <span key={name} role="columnheader">{name}</span>)}<span role="columnheader" className="limit-counts">Counts from</span><span role="columnheader"><span className="sr-only">Reset</span></span>
          </div>
          {rows.map((row) => <LimitEditRow key={row.limit.id} row={row} changed={edits[row.limit.id] !== undefined} selected={selected === row.limit.id} missing={machine?.missing.find((item) => item.limitId === row.limit.id)?.reason ?? null} />)}
        </div>
        <AddLimit unset={offeredLimits(rows.map((row) => row.limit), proxies.length)} proxies={proxies.length} />
        <Sampling />
        <div className="head head-sub"><h3 className="strong">Warnings</h3>{warnings > 0 ? <span className="badge badge-warn num">{warnings}</span> : null}<span className="dim">{lints.length - warnings > 0 ? `and ${lints.length - warnings} ${lints.length - warnings === 1 ? 'note' : 'notes'}, ` : ''}recomputed as you type</span></div>
        {lints.map((lint) => <LintRow key={lint.id} lint={lint} />)}
        {lints.length === 0 ? <p className="lint dim"><span /><span>Nothing about these limits will surprise.</span></p> : null}
      </div>
    </section>
  )
}

function LintRow({ lint }: { lint: Lint }) {
  const { fix } = lint
  return (
    <div className="lint">
      <span className={lint.severity === 'warning' ? 'is-warn' : 'dim'}><Icon name={lint.severity === 'warning' ? 'warning' : 'info'} /></span>
      <p><b>{lint.title}</b> {lint.text}</p>
      {fix ? <button type="button" className="btn btn-sm" onClick={() => editLimit(fix.limitId, { value: fix.value })}>{fix.label}</button> : <span />}
    </div>
  )
}

function AddLimit({ unset, proxies }: { unset: readonly string[]; proxies: number }) {
  const [open, setOpen] = useState(false)
  const usable = unset.filter((id) => proxies > 0 || !id.startsWith('proxy.'))
  if (unset.length === 0) return null
  return (
    <div className="limits-add">
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'chevronDown' : 'chevronRight'} small />{unset.length} more limits, none set</button>
      {open ? (
        <ul>
          {usable.map((id) => {
            const kind = limitKindOf(id)
            return (
              <li key={id}>
                <button type="button" className="limits-offer" onClick={() => editLimit(id, { value: kind ? startValue[baseUnitOf[kind.kind]] : 1000 })}><Icon name="plus" small /><span className="mono">{id}</span><span className="dim">{kind?.meaning}</span></button>
              </li>
            )
          })}
          {usable.length < unset.length ? <li className="dim limits-note">Proxy limits come with a proxy: choose one on the top bar.</li> : null}
        </ul>
      ) : null}
    </div>
  )
}

/** What a limit starts with when it is added: something that does not cut at once. */
const startValue = { ms: 30_000, bytes: 512 * 1024 ** 2, millicores: 1000, count: 64 } as const
