import { Combobox, useCombobox } from '@mantine/core'
import { useState } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

export interface PickOption { value: string; label: string; hint?: string }

export interface OtherChoice { label: string; placeholder: string; take: (text: string) => string | null }

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

/** A choice on the top bar: a button that opens a list. */
export function Pick({ name, shown, value, options, set = false, className, width = 260, other, onPick }: PickProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption(), onDropdownOpen: () => combobox.selectActiveOption() })
  return (
    <Combobox store={combobox} width={width} position="bottom-start" offset={4} withinPortal transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop', option: 'option' }}
      onOptionSubmit={(chosen) => { onPick(chosen); combobox.closeDropdown() }}>
      <Combobox.Target targetType="button">
        <button type="button" className={cx('pick', set && 'pick-set', className)} onClick={() => combobox.toggleDropdown()}>
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

/** Enter takes what was typed; a mistake is told under it. */
function TextChoice({ other: { label, placeholder, take }, onDone }: { other: OtherChoice; onDone: () => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <div className="text-choice">
      <label className="find"><span className="sr-only">{label}</span>
        <input value={text} placeholder={placeholder} aria-invalid={problem !== null} spellCheck={false} autoComplete="off" onChange={(event) => { setText(event.currentTarget.value); setProblem(null) }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') { onDone(); return }
            event.stopPropagation()
            if (event.key !== 'Enter' || text.trim() === '') return
            const wrong = take(text.trim())
            setProblem(wrong)
            if (wrong === null) { setText(''); onDone() }
          }} />
      </label>
      {problem ? <p className="is-cut" role="alert">{problem}</p> : null}
    </div>
  )
}
