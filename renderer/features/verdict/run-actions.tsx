import { Menu } from '@mantine/core'
import { useState } from 'react'
import { exportFormats, saveRunAs } from '../../state/export.ts'
import { compareWith } from '../../state/history.ts'
import { takePlanOfRun } from '../../state/plan-of-run.ts'
import { Icon } from '../../ui/icon.tsx'

/** What can be done with the run on the screen: compared, exported, its plan taken into the editor. */
export function RunActions({ runId, disabled }: { runId: string; disabled: boolean }) {
  const [secrets, setSecrets] = useState(false)
  return (
    <>
      <button type="button" className="btn btn-sm btn-ghost" disabled={disabled} onClick={() => compareWith(runId)}><Icon name="compare" small />Compare</button>
      {/* Asked for once, not for good. */}
      <Menu onClose={() => setSecrets(false)} position="bottom-end" offset={4} transitionProps={{ duration: 0 }} width={250} classNames={{ dropdown: 'pop', item: 'option menu-item', itemIndicator: 'menu-sign', itemSection: 'menu-sign' }}>
        <Menu.Target><button type="button" className="btn btn-sm btn-ghost" disabled={disabled}><Icon name="upload" small />Export</button></Menu.Target>
        <Menu.Dropdown>
          {exportFormats.map((format) => <Menu.Item key={format.id} onClick={() => void saveRunAs(runId, format.id, secrets)}><b>{format.label}</b><small>{format.hint}</small></Menu.Item>)}
          <Menu.CheckboxItem closeMenuOnClick={false} checked={secrets} onChange={setSecrets}><b>{secrets ? '☑' : '☐'} With secrets</b><small>Authorization, cookies and keys are left out otherwise</small></Menu.CheckboxItem>
          <Menu.Item onClick={() => void takePlanOfRun()}><b>Use its plan</b><small>script, input and limits of this run into the editor</small></Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
