import { useState } from 'react'
import { layerOfCause } from '../../../shared/verdict/causes.ts'
import type { DiagnosisVerdict, Need } from '../../../shared/diagnose/diagnosis.ts'
import { copyText } from '../../state/actions.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { percentOf } from '../../ui/numbers.ts'

/** What cannot be excluded, and why the others are behind. Nothing where one cause is left. */
export function Candidates({ verdict }: { verdict: DiagnosisVerdict }) {
  if (verdict.candidates.length < 2) return null
  // What is said of every one of them distinguishes none.
  const reasons = new Set(verdict.alternatives.map((other) => other.why_not))
  return (
    <div className="dg-open">
      <h2>What it can be <span className="dim">{verdict.candidates.length} causes that these files cannot exclude</span></h2>
      <ul aria-label="Candidates" className="dg-candidates">
        {verdict.candidates.map((cause) => {
          const layer = layerOfCause(cause)
          const other = verdict.alternatives.find((candidate) => candidate.cause === cause)
          return (
            <li key={cause}>
              {layer ? <LayerMark tone={toneOf(layer)} /> : <span />}<span className="mono">{cause}</span>
              <span className="num dim">{cause === verdict.cause ? percentOf(verdict.confidence) : other ? percentOf(other.confidence) : ''}</span>
              {other?.why_not && reasons.size > 1 ? <span className="ink-2 dg-why">{other.why_not}</span> : null}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Who comes next and why it was not them, where the verdict is not open. */
export function RuledOut({ verdict }: { verdict: DiagnosisVerdict }) {
  const [open, setOpen] = useState(false)
  const others = verdict.alternatives.filter((other) => verdict.candidates.length < 2 || !verdict.candidates.includes(other.cause))
  const [first] = others
  if (!first) return null
  return (
    <div>
      <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'chevronDown' : 'chevronRight'} small />Ruled out: {first.cause}{others.length > 1 ? ` +${others.length - 1}` : ''}</button>
      {open ? (
        <ul className="dg-ruled" aria-label="Ruled out">
          {others.map((other) => <li key={other.cause}><span className="mono">{other.cause}</span><span className="num dim">{percentOf(other.confidence)}</span><span className="ink-2 dg-why">{other.why_not}</span></li>)}
        </ul>
      ) : null}
    </div>
  )
}

/** The file or the command that would settle it, ready to paste. */
export function Needs({ needs }: { needs: readonly Need[] }) {
  if (needs.length === 0) return null
  return (
    <div>
      <h2>What would settle it</h2>
      <ul aria-label="What would settle it" className="dg-needs">
        {needs.map((need) => (
          <li key={need.what}>
            <p>{need.what}</p>
            <div className="dg-command"><code>{need.how}</code><button type="button" className="btn btn-ghost btn-sm" aria-label={`Copy: ${need.what}`} onClick={() => void copyText(need.how, 'Command')}><Icon name="copy" small /></button></div>
          </li>
        ))}
      </ul>
    </div>
  )
}
