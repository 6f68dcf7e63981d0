import { useState } from 'react'
import type { Verdict } from '../../../shared/verdict/verdict.ts'
import { applyAndRun, goToLine } from '../../state/actions.ts'
import { useRun } from '../../state/run.ts'
import { stacksOf } from '../../state/stacks.ts'
import type { Outcome } from '../../state/verdict.ts'
import { Icon } from '../../ui/icon.tsx'
import { applicableFix } from './applicable-fix.ts'
import { CodeText } from './code-text.tsx'
import { worthKnowing } from './worth-knowing.ts'

/** What to change, with one button that applies it and runs again; after a run that completed, what is worth knowing. */
export function FixCard({ verdict, outcome }: { verdict: Verdict; outcome: Outcome }) {
  const [open, setOpen] = useState(false)
  const run = useRun((state) => state.run)
  const live = useRun((state) => state.phase === 'running')
  const errorLine = run.scriptError?.error.line ?? null
  if (outcome === 'completed') {
    const text = worthKnowing(run, stacksOf(run))
    return text ? <aside className="fix" aria-label="Worth knowing"><h2>Worth knowing</h2><p><CodeText text={text} /></p></aside> : null
  }
  const changes = verdict.fix.flatMap((fix) => applicableFix(fix) ?? [])
  const words = verdict.fix.filter((fix) => applicableFix(fix) === null)
  const alternative = words.find((text) => text.startsWith('or '))
  const [first, ...more] = words.filter((text) => text !== alternative)
  const folded = [...(alternative ? [alternative] : []), ...more]
  // How long the script needs is not known: the way to see it is one press away.
  const trial = first?.includes('run once without this limit') ? verdict.limitId : null
  if (verdict.fix.length === 0 && errorLine === null) return null
  return (
    <aside className="fix" aria-label="What to change">
      <h2>What to change</h2>
      {first ? <p><CodeText text={first} /></p> : null}
      <div className="row fix-actions">
        {changes.map((change) => (
          <button key={change.label} type="button" className="btn btn-sm" disabled={live} onClick={() => void applyAndRun(change.limitId, change.value)}>{change.label}, run again</button>
        ))}
        {trial ? <button type="button" className="btn btn-sm" title={`Run once without ${trial}: then it is known how long the script needs`} disabled={live} onClick={() => void applyAndRun(trial, null)}>Run without it</button> : null}
        {errorLine === null ? null : <button type="button" className="btn btn-sm" onClick={() => goToLine(errorLine)}>Go to line {errorLine}</button>}
      </div>
      {folded.length > 0 ? (
        <div className="row fix-more">
          {folded.length === 1 && folded[0] && folded[0].length < 44 ? <span className="ink-2">{folded[0]}</span> : (
            <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? 'chevronDown' : 'chevronRight'} small /><span className="clip">{open ? 'Less' : folded[0]}</span></button>
          )}
        </div>
      ) : null}
      {open ? <ul className="fix-list">{folded.map((text) => <li key={text}><CodeText text={text} /></li>)}</ul> : null}
    </aside>
  )
}
