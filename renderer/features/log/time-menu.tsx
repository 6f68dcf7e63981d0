import { Popover } from '@mantine/core'
import { useState } from 'react'
import { parseValue } from '../../../shared/limits/units.ts'
import { selectTime } from '../../state/actions.ts'
import { showWholeLog } from '../../state/log.ts'
import { setView, useView } from '../../state/view.ts'
import { Icon } from '../../ui/icon.tsx'

/** How lines tell their time, and the way to an instant. */
export function TimeMenu() {
  const [open, setOpen] = useState(false)
  const time = useView((view) => view.logTime)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" offset={4} width={270} trapFocus returnFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }}>
      <Popover.Target><button type="button" className="btn btn-sm btn-ghost" title="Timestamps; go to a time" onClick={() => setOpen(!open)}><Icon name="clock" small /><span className="sr-only">Times of the log: </span>{time === 'relative' ? 'ms' : 'time'}</button></Popover.Target>
      <Popover.Dropdown aria-label="Times of the log">
        <div className="panel">
          <fieldset className="seg" aria-label="Timestamps">
            <button type="button" aria-pressed={time === 'relative'} onClick={() => setView({ logTime: 'relative' })}>Since the request</button>
            <button type="button" aria-pressed={time === 'absolute'} onClick={() => setView({ logTime: 'absolute' })}>Time of day</button>
          </fieldset>
          <GoTo onDone={() => setOpen(false)} />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Takes `1240`, `1240ms`, `2s`: the first line written then or later is selected, in the chart as well. */
function GoTo({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  function go() {
    // The request itself is at 0, which no limit may be.
    const parsed = /^\s*0+\s*(ms|s)?\s*$/.test(text) ? { ok: true as const, value: 0 } : parseValue(/^[\d.\s]+$/.test(text) ? `${text}ms` : text, 'time')
    if (!parsed.ok) { setProblem(`${parsed.problem}: ${parsed.hint}`); return }
    showWholeLog()
    selectTime(parsed.value, 'after')
    onDone()
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); go() }}>
      <label className="panel-field">Go to<span className="find"><input data-autofocus value={text} placeholder="1240ms, 2s" aria-label="Go to a time" aria-invalid={problem !== null} autoComplete="off" spellCheck={false} onChange={(event) => { setText(event.currentTarget.value); setProblem(null) }} /></span></label>
      {problem ? <p className="is-cut" role="alert">{problem}</p> : null}
    </form>
  )
}
