import { Popover } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

interface PickPanelProps { name: string; /** what the button shows */ shown: string; /** something is set that is not the usual: the button gets a frame */ set?: boolean; width: number; children: ReactNode }

/** A choice on the top bar that is more than one of a list: a button that opens a small form. Esc or a click elsewhere closes it. */
export function PickPanel({ name, shown, set = false, width, children }: PickPanelProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" offset={4} width={width} trapFocus returnFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }}>
      <Popover.Target>
        <button type="button" className={cx('pick pick-long', set && 'pick-set')} title={`${name}: ${shown}`} onClick={() => setOpen(!open)}>
          <span>{name} </span><b className={set ? undefined : 'pick-unset'}>{shown}</b><Icon name="chevronDown" small />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name}><div className="panel">{children}</div></Popover.Dropdown>
    </Popover>
  )
}
