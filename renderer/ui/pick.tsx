import { Combobox, useCombobox } from '@mantine/core'
import { useState } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'
import { TextChoice, type OtherChoice } from './text-choice.tsx'

export interface PickOption { value: string; label: string; hint?: string }

interface PickProps {
  name: string
  /** What the button shows. */
  shown: string
  /** The chosen option, marked in the list. */
  value: string | null
  options: readonly PickOption[]
  /** Something was chosen that is not the usual: the button gets a frame. */
  set?: boolean
  className?: string
  width?: number
  /** A field below the options for another value; `take` answers with what is wrong with it, or null. */
  other?: OtherChoice
  onPick: (value: string) => void
}

/**
 * A choice on the top bar: a button that opens a list. The list is made when the pointer or the focus comes to the button: were all lists
 * there from the start, the first paint would wait for each to be drawn, measured and placed.
 */
export function Pick({ name, shown, value, options, set = false, className, width = 260, other, onPick }: PickProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption(), onDropdownOpen: () => combobox.selectActiveOption() })
  const [near, setNear] = useState(false)
  return (
    <Combobox store={combobox} keepMounted={near} width={width} position="bottom-start" offset={4} withinPortal transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop', option: 'option' }}
      onOptionSubmit={(chosen) => { onPick(chosen); combobox.closeDropdown() }}>
      <Combobox.Target targetType="button">
        <button type="button" className={cx('pick', set && 'pick-set', className)} onPointerEnter={() => setNear(true)} onFocus={() => setNear(true)} onClick={() => combobox.toggleDropdown()}>
          <span>{name} </span><b>{shown}</b><Icon name="chevronDown" small />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={name} mah={360} style={{ overflowY: 'auto' }}>
          {options.map((option) => (
            <Combobox.Option key={option.value} value={option.value} active={option.value === value}>
              <b>{option.label}</b>
              {option.hint ? <small>{option.hint}</small> : null}
            </Combobox.Option>
          ))}
        </Combobox.Options>
        {other ? <TextChoice other={other} onDone={() => combobox.closeDropdown()} /> : null}
      </Combobox.Dropdown>
    </Combobox>
  )
}
