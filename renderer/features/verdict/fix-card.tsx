import { useEffect, useState } from 'react'
import type { Verdict } from '../../../shared/verdict/verdict.ts'
import { applyAndRun, goToLine, openResult } from '../../state/actions.ts'
import { findKeptNeed, useKeptNeed } from '../../state/need.ts'
import { usePlan } from '../../state/plan.ts'
import { useRun } from '../../state/run.ts'
import { errorLineOf, tabOfRun } from '../../state/script-line.ts'
import { stacksOf } from '../../state/stacks.ts'
import type { Outcome } from '../../state/verdict.ts'
import { Icon } from '../../ui/icon.tsx'
import { applicableFix, asksForTrial, withKeptNeed } from './applicable-fix.ts'
import { CodeText } from './code-text.tsx'
import { worthKnowing } from './worth-knowing.ts'

/** What to change, with one button that applies it and runs again; after a run that completed, what is worth knowing. */
export function FixCard({ verdict, outcome }: { verdict: Verdict; outcome: Outcome }) {
  const [open, setOpen] = useState(false)
  const run = useRun((state) => state.run)
  const live = useRun((state) => state.phase === 'running')
  const held = usePlan((state) => tabOfRun(run, state) !== undefined)
  const errorLine = held ? errorLineOf(run) : null
  const traceback = (run.scriptError?.error.traceback ?? '') !== ''
  const fixes = useFixes(verdict)
  if (outcome === 'completed') {
    const text = worthKnowing(run, stacksOf(run))
    return text ? <aside className="fix" aria-label="Worth knowing"><h2>Worth knowing</h2><p><CodeText text={text} /></p></aside> : null
  }
  const changes = fixes.flatMap((fix) => applicableFix(fix) ?? [])
  const words = fixes.filter((fix) => applicableFix(fix) === null)
  const alternative = words.find((text) => text.startsWith('or '))
  const [first, ...more] = words.filter((text) => text !== alternative)
  const folded = [...(alternative ? [alternative] : []), ...more]
  if (verdict.fix.length === 0 && errorLine === null && !traceback) return null
  return (
    <aside className="fix" aria-label="What to change">
      <h2>What to change</h2>
      {first ? <p>{asksForTrial(first) && verdict.limitId ? <Trial text={first} limitId={verdict.limitId} disabled={live} /> : <CodeText text={first} />}</p> : null}
      <div className="row fix-actions">
        {changes.map((change) => (
          <button key={change.label} type="button" className="btn btn-sm fix-change" disabled={live} onClick={() => void applyAndRun(change.limitId, change.value)}>{change.label}, run again</button>
        ))}
        {errorLine === null ? null : <button type="button" className="btn btn-sm" onClick={() => goToLine(errorLine)}>Go to line {errorLine}</button>}
        {traceback ? <button type="button" className="btn btn-sm" onClick={() => openResult('output')}>Traceback</button> : null}
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

/** The advice; where this run could not show how long the script needs, an earlier one of the same script may. */
function useFixes(verdict: Verdict): readonly string[] {
  const script = useRun((state) => state.run.plan?.script.text ?? null)
  const limitMs = useRun((state) => state.run.limits.find((limit) => limit.id === verdict.limitId && limit.unit === 'ms')?.value ?? null)
  const need = useKeptNeed((state) => (state.text !== null && state.text === script ? state.need : null))
  const unknown = verdict.fix.some(asksForTrial)
  useEffect(() => { if (unknown) void findKeptNeed() }, [unknown, script])
  return withKeptNeed(verdict.fix, verdict.limitId, limitMs, need)
}

/** The advice to look how long the script needs, which is itself the button. */
function Trial({ text, limitId, disabled }: { text: string; limitId: string; disabled: boolean }) {
  const [before, what, after] = splitAround(text, /run once without this limit/)
  return <>{before}<button type="button" className="link" disabled={disabled} onClick={() => void applyAndRun(limitId, null)}>{what}</button>{after}</>
}

function splitAround(text: string, part: RegExp): [string, string, string] {
  const match = part.exec(text)
  return match ? [text.slice(0, match.index), match[0], text.slice(match.index + match[0].length)] : [text, '', '']
}
