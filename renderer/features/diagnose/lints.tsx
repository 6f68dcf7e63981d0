import type { Diagnosis, DiagnosisLint } from '../../../shared/diagnose/diagnosis.ts'
import { copyText } from '../../state/actions.ts'
import { Icon } from '../../ui/icon.tsx'
import { mendOf } from './mend.ts'
import { Excerpt, Ref } from './ref.tsx'
import { shortPlace } from './texts.ts'
import { Words } from './words.tsx'

/** What is wrong, surprising or worth knowing about the limits, each with the value that mends it where there is one. */
export function Lints({ diagnosis }: { diagnosis: Diagnosis }) {
  const { lints } = diagnosis
  if (lints.length === 0) return null
  const warnings = lints.filter((lint) => lint.severity !== 'note').length
  return (
    <section className="section" aria-label="Worth a look">
      <div className="head"><h2>Worth a look</h2>{warnings > 0 ? <span className="badge badge-warn">{warnings}</span> : null}</div>
      <ul>{lints.map((lint) => <Lint key={lint.id} lint={lint} diagnosis={diagnosis} />)}</ul>
    </section>
  )
}

function Lint({ lint, diagnosis }: { lint: DiagnosisLint; diagnosis: Diagnosis }) {
  const mend = mendOf(lint, diagnosis)
  return (
    <li className="lint dg-lint">
      <span className={lint.severity === 'note' ? 'dim' : lint.severity === 'error' ? 'is-cut' : 'is-warn'}><Icon name={lint.severity === 'note' ? 'info' : 'warning'} /><span className="sr-only">{lint.severity}</span></span>
      <div><p><Words text={lint.text} /></p><div className="dg-refs">{[...new Set(lint.refs)].map((ref) => <Ref key={ref} to={ref} at={`lint ${lint.id}`} />)}</div></div>
      {mend ? (
        <button type="button" className="btn btn-sm" title={`in ${shortPlace(mend.file, mend.line)}; copies the value`} onClick={() => void copyText(mend.value, 'Value')}><Icon name="copy" small />{mend.directive} <span className="mono">{mend.value}</span></button>
      ) : <span />}
      <Excerpt at={`lint ${lint.id}`} />
    </li>
  )
}
