import { useState } from 'react'
import { usePlan } from '../../state/plan.ts'
import { useRun } from '../../state/run.ts'
import { Icon } from '../../ui/icon.tsx'
import { clientSurvivalOf, survivalOf } from './survival.ts'

/** After a run that completed: would it pass elsewhere? Calculated from the profiles' limits, and said to be. */
export function SurvivalRow() {
  const profiles = usePlan((state) => state.profiles)
  const run = useRun((state) => state.run)
  const [open, setOpen] = useState(false)
  const own = run.plan?.profile
  const elapsedMs = run.client?.atMs ?? run.nowMs
  const clients = clientSurvivalOf(elapsedMs)
  const all = [...clients, ...survivalOf(elapsedMs, profiles.filter((profile) => profile.name !== own))]
  if (all.length === 0) return null
  const shown = open ? all : all.slice(0, 3)
  return (
    <div className="evidence">
      <span className="dim">Would it survive</span>
      <div className="evidence-chips" style={open ? { height: 'auto' } : undefined}>
        {shown.map((one) => (
          <span key={one.profile} className="chip chip-still"><Icon name={one.passes ? 'ok' : 'scissors'} small /><span>{one.text}</span><span className="ref">calculated</span></span>
        ))}
      </div>
      {all.length > 3 ? <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'chevronDown' : 'chevronRight'} small />{open ? 'Fewer' : `All ${all.length - clients.length} presets`}</button> : null}
    </div>
  )
}
