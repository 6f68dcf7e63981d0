import { Tabs } from '@mantine/core'
import { lintPlan } from '../shared/flow/lints/index.ts'
import { useMemo } from 'react'
import { useEngine } from './state/engine.ts'
import { planLimits, usePlan } from './state/plan.ts'
import type { PaneId } from './state/view.ts'
import { Icon } from './ui/icon.tsx'
import type { IconName } from './ui/icon-paths.tsx'
import { ariaKeys } from './ui/keys.tsx'

const items: readonly { id: PaneId; name: string; icon: IconName }[] = [
  { id: 'script', name: 'Script', icon: 'code' }, { id: 'limits', name: 'Limits', icon: 'limits' }, { id: 'cases', name: 'Cases', icon: 'cases' }, { id: 'system', name: 'System', icon: 'system' }, { id: 'history', name: 'History', icon: 'clock' }, { id: 'diagnose', name: 'Diagnose', icon: 'diagnose' },
]

/** What the left pane shows; Limits carries the number of warnings about the plan. */
export function Rail() {
  const limits = usePlan(planLimits)
  const proxies = usePlan((state) => state.proxies)
  const faults = usePlan((state) => state.faults)
  const machine = useEngine((state) => state.hello)
  const warnings = useMemo(() => lintPlan({ limits, proxies, faults }, machine ?? {}).filter((lint) => lint.severity === 'warning').length, [limits, proxies, faults, machine])
  return (
    <nav className="rail" aria-label="Panes">
      <Tabs.List className="rail-list" aria-label="Panes">
      {items.map(({ id, name, icon }, index) => (
        <Tabs.Tab key={id} value={id} className="rail-tab" classNames={{ tabLabel: 'rail-label' }} aria-keyshortcuts={ariaKeys(`Alt+${index + 1}`)}>
          <Icon name={icon} /><span>{name}</span>
          {id === 'limits' && warnings > 0 ? <span className="rail-count num"><span aria-hidden="true">{warnings}</span><span className="sr-only">, {warnings} warnings</span></span> : null}
        </Tabs.Tab>
      ))}
      </Tabs.List>
    </nav>
  )
}
