import type { ScriptCase } from '../../../shared/cases/script-case.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { acceptOutput, changeCase, removeCase, runCases, useCases } from '../../state/cases.ts'
import type { CaseResult } from '../../../shared/cases/judge-case.ts'
import type { RunResult } from '../../state/run-once.ts'
import { parseInput } from '../../../shared/run/parse-input.ts'
import { changePlan } from '../../state/plan-undo.ts'
import { activeTab, setInputText, usePlan } from '../../state/plan.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { DiffList } from './diff-list.tsx'

/** One case: its name and result; unfolded, its input, what is expected, and where the output differs. */
export function CaseItem({ item, result }: { item: ScriptCase; result: CaseResult<RunResult> | null }) {
  const open = useCases((state) => state.openId === item.id)
  const tabId = usePlan((state) => activeTab(state).id)
  const name = item.name.trim() === '' ? 'unnamed case' : item.name
  return (
    <li className={cx('case', open && 'case-open')}>
      <div className="case-head">
        <CaseSign result={result} />
        <button type="button" className="case-name clip" aria-expanded={open} onClick={() => useCases.setState({ openId: open ? null : item.id })}>{name}</button>
        <span className="dim num">{result?.run ? formatMs(Math.round(result.run.elapsedMs)) : ''}</span>
        <button type="button" className="btn btn-ghost case-act" aria-label={`Run ${name}`} title="Run" disabled={result?.state === 'running'} onClick={() => void runCases([item.id])}><Icon name="play" small /></button>
        <button type="button" className="btn btn-ghost case-act" aria-label={`Remove ${name}`} title="Remove" onClick={() => removeCase(item.id)}><Icon name="trash" small /></button>
      </div>
      {result?.problem ? <p className="case-problem is-failed">{result.problem}</p> : null}
      {result && result.differences.length > 0 ? <DiffList differences={result.differences} /> : null}
      {result?.run?.completed && result.state === 'failed' ? <button type="button" className="btn btn-sm case-accept" onClick={() => acceptOutput(item.id)}>Expect this output from now on</button> : null}
      {open ? (
        <div className="case-edit">
          <label>Name<input value={item.name} onChange={(event) => changeCase(item.id, { name: event.currentTarget.value })} /></label>
          <JsonField label="Input" text={item.inputText} onText={(inputText) => changeCase(item.id, { inputText })} />
          <JsonField label="Expected output (empty: any, as long as it completes)" text={item.expectedText ?? ''} optional onText={(text) => changeCase(item.id, { expectedText: text === '' ? null : text })} />
          <div className="row"><button type="button" className="btn btn-sm" onClick={() => changePlan(() => { setInputText(tabId, item.inputText); return `${name} is the input now` })}>Use as input</button></div>
        </div>
      ) : null}
    </li>
  )
}

function CaseSign({ result }: { result: CaseResult<RunResult> | null }) {
  if (!result) return <span className="dim case-sign"><Icon name="cases" small /><span className="sr-only">not run</span></span>
  if (result.state === 'running') return <span className="is-running case-sign"><i className="dot dot-live" /><span className="sr-only">running</span></span>
  return result.state === 'passed' ? <span className="is-ok case-sign"><Icon name="ok" small /><span className="sr-only">passed</span></span> : <span className="is-failed case-sign"><Icon name="warning" small /><span className="sr-only">failed</span></span>
}

function JsonField({ label, text, optional = false, onText }: { label: string; text: string; optional?: boolean; onText: (text: string) => void }) {
  const parsed = optional && text.trim() === '' ? null : parseInput(text)
  const wrong = parsed && !parsed.ok ? `line ${parsed.line}, column ${parsed.column}: ${parsed.problem}` : null
  return (
    <label>{label}
      <textarea value={text} rows={Math.min(10, Math.max(2, text.split('\n').length))} spellCheck={false} aria-invalid={wrong !== null} onChange={(event) => onText(event.currentTarget.value)} />
      {wrong ? <span className="is-failed">{wrong}</span> : null}
    </label>
  )
}
