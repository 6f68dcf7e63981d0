import { useEffect, useState } from 'react'
import type { FoundRequest } from '../../../shared/bridge/desk.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { outcomeOfCause } from '../../../shared/verdict/causes.ts'
import { askDesk, useDiagnose } from '../../state/diagnose.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { countText, shortPlace } from './texts.ts'

/** The requests that the logs know, when there are several: the judged one is the one that was picked, else the one that ended worst. */
export function Requests() {
  const requests = useDiagnose((state) => state.result?.requests) ?? []
  const total = useDiagnose((state) => state.result?.requestsTotal ?? 0)
  const question = useDiagnose((state) => state.status?.question)
  const evidence = useDiagnose((state) => state.result?.diagnosis?.verdict.evidence) ?? []
  const [text, setText] = useState<string | null>(null)
  const asked = question?.text ?? ''
  // Another question came from elsewhere (another page): the field shows it.
  useEffect(() => setText(null), [asked])
  if (total < 2 && asked === '' && !question?.picked) return null
  const shownText = text ?? asked
  const judged = question?.picked ?? requests.find((request) => evidence.some((item) => item.ref === `log:${request.key}`))?.key ?? null
  return (
    <section className="dg-requests" aria-label="Requests">
      <div className="head head-sub"><h2>Requests</h2><span className="dim num">{countText(total, 'request')} found</span><span className="grow" />
        {question && (question.picked || question.text) ? <button type="button" className="btn btn-ghost btn-sm" onClick={() => { setText(null); void askDesk({ text: '', picked: null }) }}>The worst</button> : null}</div>
      <form className="dg-ask" aria-label="Ask about a request" onSubmit={(event) => { event.preventDefault(); void askDesk({ text: shownText.trim(), picked: null }) }}>
        <label className="find"><Icon name="search" small /><span className="sr-only">Request id, path or time</span><input value={shownText} placeholder="id, path or time, then Enter" spellCheck={false} autoComplete="off" onChange={(event) => setText(event.currentTarget.value)} /></label>
      </form>
      <ul>{requests.map((request) => <Request key={request.key} request={request} picked={question?.picked === request.key} judged={judged === request.key} />)}</ul>
      {total > requests.length ? <p className="dim dg-more">{`${total - requests.length} more: ask by id, path or time.`}</p> : null}
    </section>
  )
}

function Request({ request, picked, judged }: { request: FoundRequest; picked: boolean; judged: boolean }) {
  const bad = request.cause !== null && outcomeOfCause(request.cause) !== 'completed'
  return (
    <li>
      <button type="button" className="dg-request" aria-pressed={picked} aria-current={judged ? 'true' : undefined} title={`${shortPlace(request.file, request.line)} ${request.path ?? ''}`} onClick={() => void askDesk({ text: '', picked: picked ? null : request.key })}>
        <span className={cx('num', bad ? 'is-cut strong' : 'dim')}>{request.status ?? (bad ? 'cut' : '–')}</span>
        <span className="clip">{request.method ? `${request.method} ` : ''}{request.path ?? 'no path'}</span>
        <span className="num dim">{request.durationMs === null ? '' : formatMs(Number(request.durationMs.toPrecision(4)))}</span>
        <span className="clip dim dg-request-facts">{[request.timeMs === null ? null : timeText(request.timeMs), request.product || null, request.cause].filter(Boolean).join(' · ')}</span>
      </button>
    </li>
  )
}

/** By its log's own clock: zones are not converted, so that it can be found again in the file. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
