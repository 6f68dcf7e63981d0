import type { DeskRole } from '../../../shared/bridge/desk.ts'
import { clearDraft, setDraft } from '../../state/desk-forms.ts'
import { addText, openForm, useDiagnose } from '../../state/diagnose.ts'

/** A configuration, a log or an observation as text. What is typed is kept until it is added. */
export function PasteForm() {
  const draft = useDiagnose((state) => state.draft)
  const add = async () => {
    if (!await addText(draft.name, draft.text, draft.role)) return
    clearDraft('paste')
    openForm(null)
  }
  return (
    <form className="dg-form" aria-label="Paste text" onSubmit={(event) => { event.preventDefault(); void add() }}>
      <label><span>Name</span><input className="dg-field" value={draft.name} placeholder="nginx.conf" autoComplete="off" spellCheck={false} onChange={(event) => setDraft({ name: event.currentTarget.value })} /></label>
      <label><span>Text</span>
        <textarea data-autofocus className="dg-field mono" rows={8} value={draft.text} placeholder="a configuration, log lines, the output of curl -v" spellCheck={false} required onChange={(event) => setDraft({ text: event.currentTarget.value })} />
      </label>
      <label><span>It is</span>
        <select className="dg-field" value={draft.role} onChange={(event) => setDraft({ role: event.currentTarget.value as DeskRole })}>
          <option value="source">a configuration or a log</option>
          <option value="saw">what was seen: HAR, curl -v, an observation</option>
        </select>
      </label>
      <div className="row"><button type="submit" className="btn btn-sm" disabled={draft.text.trim() === ''}>Add text</button><button type="button" className="btn btn-ghost btn-sm" onClick={() => { clearDraft('paste'); openForm(null) }}>Discard</button></div>
    </form>
  )
}
