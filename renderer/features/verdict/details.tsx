import { useEffect } from 'react'
import { layerOfCause } from '../../../shared/verdict/causes.ts'
import type { Verdict } from '../../../shared/verdict/verdict.ts'
import { jumpTo } from '../../state/actions.ts'
import { refLabel } from '../../state/places.ts'
import { hoverAt, usePointer } from '../../state/pointer.ts'
import { useRun } from '../../state/run.ts'
import { Icon } from '../../ui/icon.tsx'
import { Keys } from '../../ui/keys.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { percentOf } from '../../ui/numbers.ts'
import { CodeText } from './code-text.tsx'
import { evidenceIcons, hoverRef } from './evidence-row.tsx'

/** Evidence, what followed, and who was ruled out, each in full. */
export function Details({ verdict, onClose }: { verdict: Verdict; onClose: () => void }) {
  const run = useRun((state) => state.run)
  const selectedRef = usePointer((state) => state.selected?.ref ?? null)
  useEffect(() => {
    const close = (event: KeyboardEvent) => { if (event.key === 'Escape') { event.stopPropagation(); onClose() } }
    window.addEventListener('keydown', close, true)
    return () => window.removeEventListener('keydown', close, true)
  }, [onClose])
  return (
    <div className="details">
      <div>
        <h2>How we know</h2>
        <ul>
          {verdict.evidence.map((item) => (
            <li key={`${item.ref}${item.text}`}>
              <button type="button" className="details-item" title={item.text} aria-pressed={item.ref !== null && item.ref === selectedRef} disabled={item.ref === null} onClick={() => { if (item.ref) jumpTo(item.ref) }} onMouseEnter={() => hoverRef(run, item.ref)} onMouseLeave={() => hoverAt(null, null)}>
                <Icon name={evidenceIcons[item.kind]} small /><span className="clip">{item.text}</span><span className="ref">{item.ref ? refLabel(item.ref) : ''}</span>
              </button>
            </li>
          ))}
        </ul>
        {verdict.consequences.length > 0 ? (
          <>
            <h2 className="details-second">What followed</h2>
            <ol className="details-chain">{verdict.consequences.map((text) => <li key={text}><CodeText text={text} /></li>)}</ol>
          </>
        ) : null}
      </div>
      <div>
        <div className="row"><h2 className="grow">Ruled out</h2><button type="button" className="fold" aria-expanded onClick={onClose}><Icon name="chevronDown" small />Close <Keys keys="Esc" /></button></div>
        <ul>
          {verdict.alternatives.map((other) => {
            const layer = layerOfCause(other.cause)
            return (
              <li key={other.cause} className="details-other">
                <span className="row details-cause">{layer ? <LayerMark tone={toneOf(layer)} /> : <span />}<span className="mono">{other.cause}</span></span>
                <span className="num dim">{percentOf(other.confidence)}</span>
                <span className="ink-2" title={other.why_not}>{other.why_not}</span>
              </li>
            )
          })}
          {verdict.alternatives.length === 0 ? <li className="dim">Nothing else comes near.</li> : null}
        </ul>
      </div>
    </div>
  )
}
