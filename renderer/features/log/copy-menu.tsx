import { Menu } from '@mantine/core'
import { useState } from 'react'
import { copyLog, saveLog } from '../../state/log-file.ts'
import { setView, useView } from '../../state/view.ts'
import { Icon } from '../../ui/icon.tsx'

/** The lines that are shown, onto the clipboard or into a file. */
export function CopyMenu() {
  const columns = useView((view) => view.logColumns)
  const [secrets, setSecrets] = useState(false)
  return (
    // Asked for once, not for good.
    <Menu onClose={() => setSecrets(false)} position="bottom-end" offset={4} width={230} transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop', item: 'option menu-item', itemIndicator: 'menu-sign', itemSection: 'menu-sign' }}>
      <Menu.Target><button type="button" className="btn btn-sm btn-ghost" aria-label="Copy or save the log" title="Copy or save"><Icon name="copy" small /></button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void copyLog(secrets)}>Copy the log</Menu.Item>
        <Menu.Item onClick={() => void saveLog(secrets)}>Save the log</Menu.Item>
        <Menu.CheckboxItem closeMenuOnClick={false} checked={columns} onChange={(logColumns) => setView({ logColumns })}><b>{columns ? '☑' : '☐'} With times and sources</b><small>the bare lines otherwise</small></Menu.CheckboxItem>
        <Menu.CheckboxItem closeMenuOnClick={false} checked={secrets} onChange={setSecrets}><b>{secrets ? '☑' : '☐'} With secrets</b><small>passwords, keys and cookies are left out otherwise</small></Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  )
}
