import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { outcomeOfCause } from '../../../shared/verdict/causes.ts'
import { copyText } from '../../state/actions.ts'
import { saveDiagnosis } from '../../state/diagnose.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { percentOf } from '../../ui/numbers.ts'
import { EvidenceList, evidencePlace } from './evidence-list.tsx'
import { flowOf } from './flow-of.ts'
import { firingWords } from '../../../shared/diagnose/ladder.ts'
import { Candidates, Needs, RuledOut } from './open-questions.tsx'
import { Ref } from './ref.tsx'
import { culpritParts } from './texts.ts'
import { Words } from './words.tsx'

const badges = { cut: { icon: 'scissors', word: 'Cut' }, failed: { icon: 'warning', word: 'Failed' }, completed: { icon: 'ok', word: 'Not cut' }, open: { icon: 'info', word: 'Open' } } as const

/** The answer in one sentence, as a run's: who cut, by which setting of which file, how it is known, what would settle the rest. */
export function DiagnosisVerdict({ diagnosis }: { diagnosis: Diagnosis }) {
  const { verdict } = diagnosis
  const look = verdict.cause === 'unknown' ? 'open' : outcomeOfCause(verdict.cause)
  const tone = verdict.layer ? toneOf(verdict.layer) : null
  const parts = culpritParts(verdict.headline, verdict.product, tone)
  const badge = badges[look]
  // The explanation quotes the first proof when there is nothing to add to it.
  const first = verdict.evidence[0]?.text
  const explanation = first && verdict.explanation.startsWith(first) ? '' : verdict.explanation
  return (
    <section className={cx('verdict', `verdict-${look}`, 'dg-verdict')} aria-label="Verdict">
      <div className="verdict-grid">
        <div className="verdict-text">
          <div className="verdict-meta">
            <span className={cx('badge', look !== 'open' && `badge-${look}`)}><Icon name={badge.icon} small />{badge.word}</span>
            <span className="mono">{verdict.cause}</span>
            <span aria-hidden="true">·</span><span>Confidence <b className="ink-2 num">{percentOf(verdict.confidence)}</b></span>
            <span className="grow" />
            <button type="button" className="btn btn-ghost btn-sm" onClick={() => void copyText(textOf(diagnosis), 'Verdict')}><Icon name="copy" small />Copy</button>
            <button type="button" className="btn btn-ghost btn-sm" onClick={() => void saveDiagnosis()}><Icon name="download" small />Save JSON</button>
          </div>
          <h1>
            {parts.before}
            {parts.word ? <span className={cx('verdict-layer', tone && `tone-${tone}`)}>{tone ? <LayerMark tone={tone} /> : null}{parts.word}</span> : null}
            {parts.after}
          </h1>
          {look === 'open' && diagnosis.order.length > 0 ? <p className="verdict-sub">By these configurations a request that waits {firingWords(diagnosis.limits, Infinity)}</p> : null}
          {explanation ? <p className="verdict-sub"><Words text={explanation} /></p> : null}
          <Facts verdict={verdict} />
        </div>
        {verdict.fix.length > 0 ? <aside className="fix" aria-label="What to change"><h2>What to change</h2><ul className="fix-list">{verdict.fix.map((text) => <li key={text}><Words text={text} /></li>)}</ul></aside> : null}
      </div>
      <ol className="flow" aria-label="Flow of the request">
        {flowOf(diagnosis).map((step, index, all) => (
          <li key={step.node} className={cx('flow-step', `tone-${step.node}`, step.absent && 'flow-absent', step.culprit && (look === 'failed' ? 'flow-ring-failed' : 'flow-ring-cut'))}>
            <span className="flow-node"><LayerMark tone={step.node} muted={step.absent} />{step.node}{step.culprit ? <span className="sr-only">, the culprit</span> : null}</span>
            {index < all.length - 1 ? <svg className="flow-arrow" viewBox="0 0 9 10" aria-hidden="true"><path d="M0 0 9 5 0 10z" /></svg> : null}
            <div className={cx('flow-what', step.culprit && look === 'cut' && 'flow-what-cut')}><span className={step.culprit ? 'strong' : undefined}>{step.what}</span><br /><span className="num">{step.when}</span></div>
          </li>
        ))}
      </ol>
      <div className="dg-proof">
        <EvidenceList evidence={verdict.evidence} />
        <div className="dg-aside">
          {verdict.consequences.length > 0 ? <div><h2>What followed</h2><ol className="dg-chain">{verdict.consequences.map((text, index) => <li key={`${index}${text}`}><Words text={text} /></li>)}</ol></div> : null}
          <Needs needs={verdict.need} />
          <RuledOut verdict={verdict} />
        </div>
        <Candidates verdict={verdict} />
      </div>
    </section>
  )
}

/** Whose setting it is, its value and its place, for those who look for a name. */
function Facts({ verdict }: { verdict: Diagnosis['verdict'] }) {
  if (verdict.product === null && verdict.directive === null) return null
  const place = verdict.evidence.find((item) => item.kind === 'config' && item.ref !== null)
  return (
    <dl className="dg-facts">
      {verdict.product ? <div><dt>Product</dt><dd>{verdict.product}</dd></div> : null}
      {verdict.directive ? <div><dt>Setting</dt><dd className="mono">{verdict.directive}</dd></div> : null}
      {verdict.limitMs === null ? null : <div><dt>Limit</dt><dd className="num">{formatMs(verdict.limitMs)}</dd></div>}
      {place?.ref ? <div><dt>Where</dt><dd><Ref to={place.ref} at={evidencePlace(place)} /></dd></div> : null}
    </dl>
  )
}

/** What goes into a ticket. */
function textOf({ verdict }: Diagnosis): string {
  return [
    verdict.headline, `cause ${verdict.cause}, confidence ${percentOf(verdict.confidence)}`,
    ...verdict.evidence.map((item) => `- ${item.text}${item.ref ? ` [${item.ref}]` : ''}`), ...verdict.fix.map((text) => `-> ${text}`),
  ].join('\n')
}
