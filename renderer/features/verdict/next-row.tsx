import { useState } from 'react'
import { jumpTo } from '../../state/actions.ts'
import { hoverAt, usePointer } from '../../state/pointer.ts'
import { Icon } from '../../ui/icon.tsx'
import { tickingMs } from '../../ui/numbers.ts'
import type { NextLimit } from './next-limits.ts'

/** While a run goes on: the limits to come, as chips that jump to their deadline; unfolded, what each of them would do. */
export function NextRow({ next }: { next: readonly NextLimit[] }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <div className="evidence">
        <span className="dim">What happens next</span>
        <div className="evidence-chips">{open ? null : next.map((limit) => <NextButton key={limit.limitId} limit={limit} className="chip" />)}</div>
        <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'chevronDown' : 'chevronRight'} small />What each would do</button>
      </div>
      {open ? <ul className="next-list" aria-label="What each limit would do">{next.map((limit) => <li key={limit.limitId}><NextButton limit={limit} className="details-item" effect /></li>)}</ul> : null}
    </>
  )
}

function NextButton({ limit, className, effect = false }: { limit: NextLimit; className: string; effect?: boolean }) {
  const ref = `limit:${limit.limitId}`
  const chosen = usePointer((state) => state.selected?.ref === ref)
  return (
    <button type="button" className={className} aria-pressed={chosen} onClick={() => jumpTo(ref)}
      onMouseEnter={() => hoverAt(limit.atMs, 'evidence', { limitId: limit.limitId })} onMouseLeave={() => hoverAt(null, null)}>
      <Icon name="flag" small /><span className="clip">{limit.limitId}{effect ? <span className="ink-2"> {effectOf(limit)}</span> : null}</span><span className="ref num">in {tickingMs(limit.inMs)}</span>
    </button>
  )
}

/** `fires: the client hangs up`; one that does not interrupt only passes. */
export function effectOf(limit: NextLimit): string {
  return `${limit.late ? 'passes' : 'fires'}: ${limit.effect}`
}
