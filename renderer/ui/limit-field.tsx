import { useEffect, useId, useRef, useState } from 'react'
import { formatValue, parseValue, type BaseUnit, type UnitKind } from '../../shared/limits/units.ts'
import { cx } from './cx.ts'

const unitsOf: Record<UnitKind, readonly string[]> = { time: ['ms', 's', 'min', 'h'], bytes: ['KB', 'MB', 'GB'], cpu: ['m', 'cores'], count: [] }
const kindOf: Record<BaseUnit, UnitKind> = { ms: 'time', bytes: 'bytes', millicores: 'cpu', count: 'count' }

interface LimitFieldProps {
  label: string
  value: number | null
  unit: BaseUnit
  onValue: (value: number | null) => void
  autoFocus?: boolean
}

/**
 * A limit's value: a number and its unit, or `2s` typed as one. Empty switches the limit off. What cannot be read stays
 * in the field, marked, and changes nothing: what is wrong and which value still holds stands below it while it is worked on or pointed at; Esc takes it back.
 */
export function LimitField({ label, value, unit, onValue, autoFocus }: LimitFieldProps) {
  const kind = kindOf[unit]
  const [shownNumber, shownUnit] = partsOf(value, unit)
  const [text, setText] = useState(shownNumber)
  const [pickedUnit, setPickedUnit] = useState(shownUnit)
  const [problem, setProblem] = useState<string | null>(null)
  const problemId = useId()
  const field = useRef({ text, pickedUnit })
  field.current = { text, pickedUnit }
  // Another value came from elsewhere (a reset, a lint's button). One's own typing is never rewritten: `1500 ms` stays so.
  useEffect(() => {
    const typed = parseValue(`${field.current.text}${field.current.pickedUnit}`, kind)
    if ((typed.ok ? typed.value : null) === value) return
    setText(shownNumber)
    setPickedUnit(shownUnit)
    setProblem(null)
  }, [kind, value, shownNumber, shownUnit])

  function take(number: string, unitText: string) {
    setText(number)
    setPickedUnit(unitText)
    if (number.trim() === '' || /^(off|none)$/i.test(number.trim())) { setProblem(null); onValue(null); return }
    const bare = /^[\d.,\s]+$/.test(number)
    const parsed = parseValue(bare ? `${number.replaceAll(',', '.')}${unitText}` : number, kind)
    if (!parsed.ok) { setProblem(`${parsed.problem}: ${parsed.hint}`); return }
    setProblem(null)
    onValue(parsed.value)
  }
  /** Arrow keys nudge: by one unit, with Shift by ten. */
  function nudge(by: number) {
    const number = Number(text)
    if (text.trim() === '' || Number.isNaN(number)) return
    const next = Math.max(0, Number((number + by).toPrecision(12)))
    if (next > 0) take(String(next), pickedUnit)
  }

  return (
    <span className="field-box">
      <span className={cx('field', problem !== null && 'field-bad', value === null && 'field-off')}>
        <input
          aria-label={label} aria-invalid={problem !== null} aria-describedby={problem === null ? undefined : problemId} inputMode="decimal" placeholder="none" value={text} className="num" autoComplete="off" spellCheck={false}
          // The field opens because the user asked for exactly this value.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={autoFocus}
          onChange={(event) => take(event.currentTarget.value, pickedUnit)}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && problem !== null) { event.stopPropagation(); setText(shownNumber); setPickedUnit(shownUnit); setProblem(null) }
            if (event.key === 'ArrowUp' || event.key === 'ArrowDown') { event.preventDefault(); nudge((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1)) }
          }}
        />
        {unitsOf[kind].length > 0 ? (
          <select aria-label={`Unit of ${label}`} value={pickedUnit} onChange={(event) => take(text, event.currentTarget.value)}>
            {unitsOf[kind].map((name) => <option key={name}>{name}</option>)}
          </select>
        ) : null}
      </span>
      {problem === null ? null : <span className="field-problem" role="alert" id={problemId}>{problem}. It is still {value === null ? 'off' : formatValue(value, unit)}.</span>}
    </span>
  )
}

/** `30000` ms -> `['30', 's']`; off -> empty with the kind's usual unit. */
function partsOf(value: number | null, unit: BaseUnit): [number: string, unit: string] {
  const kind = kindOf[unit]
  if (value === null) return ['', { time: 's', bytes: 'MB', cpu: 'm', count: '' }[kind]]
  const [number = '', name = ''] = formatValue(value, unit).split(/\s/)
  if (unit === 'count') return [number, '']
  if (unit === 'millicores') return [String(value), 'm']
  if (name === 'B' || name === 'TB') return [String(value / 1024), 'KB']
  return [number, name]
}
