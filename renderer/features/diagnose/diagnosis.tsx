import { cancelReading, useDiagnose } from '../../state/diagnose.ts'
import { Icon } from '../../ui/icon.tsx'
import { DiagnosisVerdict } from './diagnosis-verdict.tsx'
import { Empty } from './empty.tsx'
import { Limits } from './limits.tsx'
import { Lints } from './lints.tsx'
import { Notes } from './notes.tsx'
import { ReadingBar } from './reading-bar.tsx'
import { shortPlace } from './texts.ts'
import { Waterfall } from './waterfall.tsx'
import './diagnose.css'

/** The answer to what is on the desk: who cut it, where the time went, which limits there are, what is worth a look. */
export function DiagnosisPane() {
  const status = useDiagnose((state) => state.status)
  const diagnosis = useDiagnose((state) => state.result?.diagnosis ?? null)
  const problem = useDiagnose((state) => state.problem)
  const busy = status?.busy ?? null
  return (
    <div className="dg scroll-y">
      {problem ? <div className="notice notice-problem" role="alert"><Icon name="warning" /><p><b>{problem.message}</b> {problem.hint}</p></div> : null}
      {busy ? <ReadingBar words={`Reading ${shortPlace(busy.name, null)}`} done={busy.doneBytes} total={busy.totalBytes} onCancel={() => void cancelReading()} /> : null}
      {diagnosis ? (
        <>
          <DiagnosisVerdict diagnosis={diagnosis} />
          <Waterfall diagnosis={diagnosis} />
          <Limits diagnosis={diagnosis} />
          <Lints diagnosis={diagnosis} />
          <Notes diagnosis={diagnosis} />
        </>
      ) : status && status.inputs.length === 0 ? <Empty /> : null}
      {!diagnosis && status && status.inputs.length > 0 && !busy ? <Unread failed={status.inputs.some((input) => input.state === 'failed')} /> : null}
    </div>
  )
}

/** Inputs are there, and none of them could be read. */
function Unread({ failed }: { failed: boolean }) {
  return (
    <section className="verdict dg-unread" aria-label="Verdict">
      <h1>{failed ? 'Nothing here could be read.' : 'Nothing has been read yet.'}</h1>
      <p className="verdict-sub">{failed ? 'The list on the left says why, for each of them. Mend it and read it again, or add something else.' : 'Read the inputs on the left again, or add something else.'}</p>
    </section>
  )
}
