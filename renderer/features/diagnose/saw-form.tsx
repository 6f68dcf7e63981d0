import { useState } from 'react'
import { clearDraft, setDraft } from '../../state/desk-forms.ts'
import { addText, openForm, useDiagnose } from '../../state/diagnose.ts'
import { sendFiles } from '../../state/diagnose-send.ts'
import { chooseFiles } from '../../ui/dropped-files.ts'
import { endingWords, noSaw, sawObject, type Observer, type SawFields } from './saw-object.ts'

const observers: readonly [Observer, string][] = [['http', 'Client'], ['client-lib', 'Client library'], ['process', 'Process']]
const names: Record<Observer, string> = { http: 'what the client saw', 'client-lib': 'what the library said', process: 'how the process ended' }

/** What an observer saw, typed; or a file that says it. What is typed is kept until it is added. */
export function SawForm() {
  const draft = useDiagnose((state) => state.draft.saw)
  const fields: SawFields = { ...noSaw, ...draft }
  const [problem, setProblem] = useState<string | null>(null)
  const set = (change: Partial<SawFields>) => { setDraft({ saw: { ...fields, ...change } }); setProblem(null) }
  const add = async () => {
    const made = sawObject(fields)
    if (!made.ok) { setProblem(made.problem); return }
    if (!await addText(names[fields.observer], JSON.stringify(made.value, null, 1), 'saw')) return
    clearDraft('saw')
    openForm(null)
  }
  const text = (key: keyof SawFields, label: string, placeholder: string) => (
    <label><span>{label}</span><input className="dg-field" value={fields[key]} placeholder={placeholder} autoComplete="off" spellCheck={false} onChange={(event) => set({ [key]: event.currentTarget.value })} /></label>
  )
  const area = (key: keyof SawFields, label: string, placeholder: string) => (
    <label><span>{label}</span><textarea className="dg-field mono" rows={3} value={fields[key]} placeholder={placeholder} spellCheck={false} onChange={(event) => set({ [key]: event.currentTarget.value })} /></label>
  )
  return (
    <form className="dg-form" aria-label="What was seen" onSubmit={(event) => { event.preventDefault(); void add() }}>
      <fieldset className="seg dg-seg"><legend className="sr-only">Who saw it</legend>
        {observers.map(([id, words]) => <label key={id}><input type="radio" name="observer" checked={fields.observer === id} onChange={() => set({ observer: id })} />{words}</label>)}
      </fieldset>
      {fields.observer === 'http' ? (
        <>
          {text('status', 'Status', '504; empty when no answer came')}
          {text('elapsed', 'It took', '500 ms')}
          <label><span>It ended</span><select className="dg-field" value={fields.end} onChange={(event) => set({ end: event.currentTarget.value })}>{endingWords.map(([value, words]) => <option key={value} value={value}>{words}</option>)}</select></label>
          {area('body', 'Body', 'the page or message that came, if any')}
        </>
      ) : fields.observer === 'client-lib' ? (
        <>
          {area('error', 'Error', 'ReadTimeout: HTTPConnectionPool(…): Read timed out. (read timeout=0.5)')}
          {text('status', 'Status', 'if there was one')}
          {text('elapsed', 'It took', '500 ms')}
        </>
      ) : (
        <>
          {text('exitCode', 'Exit code', '137')}
          {text('signal', 'Signal', 'SIGKILL')}
          {text('elapsed', 'It took', '500 ms')}
          {area('stderr', 'Standard error', 'its last lines')}
        </>
      )}
      {problem ? <p className="is-cut" role="alert">{problem}</p> : null}
      <div className="row">
        <button type="submit" className="btn btn-sm">Add</button>
        <button type="button" className="btn btn-ghost btn-sm" onClick={() => void chooseFiles(false).then((files) => sendFiles(files, 'saw'))}>Or choose a HAR, curl -v output…</button>
      </div>
    </form>
  )
}
