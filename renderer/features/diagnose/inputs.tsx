import { useEffect, useRef } from 'react'
import { openForms, pasteText } from '../../state/desk-forms.ts'
import { openDesk, openForm, removeInputs, useDiagnose } from '../../state/diagnose.ts'
import { cancelSending, sendFiles, useSending } from '../../state/diagnose-send.ts'
import { chooseFiles } from '../../ui/dropped-files.ts'
import { Icon } from '../../ui/icon.tsx'
import { InputRow } from './input-row.tsx'
import { PasteForm } from './paste-form.tsx'
import { PathForm } from './path-form.tsx'
import { ReadingBar } from './reading-bar.tsx'
import { Requests } from './requests.tsx'
import { SawForm } from './saw-form.tsx'
import { countText } from './texts.ts'
import { WaitingForms } from './waiting-forms.tsx'
import './diagnose.css'

/** What is on the desk, the ways to put something there, and the requests in it. */
export function Inputs() {
  useEffect(() => { openDesk(); openForms() }, [])
  usePaste()
  const inputs = useDiagnose((state) => state.status?.inputs) ?? []
  const form = useDiagnose((state) => state.form)
  const box = useFormFocus(form)
  const notice = useDiagnose((state) => state.status?.notice ?? null)
  const { sending, waiting } = useSending()
  return (
    <section className="dg-inputs" aria-label="Diagnose" ref={box}>
      <div className="head">
        <h2>Diagnose</h2><span className="dim">{inputs.length === 0 ? 'a request that ran elsewhere' : countText(inputs.length, 'input')}</span><span className="grow" />
        {inputs.length > 0 ? <button type="button" className="btn btn-ghost btn-sm" onClick={() => void removeInputs(inputs.map((input) => input.id), countText(inputs.length, 'input'))}>Remove all</button> : null}
      </div>
      <div className="dg-add">
        <p className="dg-drop"><Icon name="download" />Drop files or folders here</p>
        <div className="dg-ways">
          <button type="button" className="btn btn-sm" onClick={() => void chooseFiles(false).then((files) => sendFiles(files))}><Icon name="file" small />Choose files</button>
          <button type="button" className="btn btn-sm" onClick={() => void chooseFiles(true).then((files) => sendFiles(files))}><Icon name="folder" small />Folder</button>
          <button type="button" className="btn btn-sm" data-form="paste" aria-expanded={form === 'paste'} onClick={() => openForm('paste')}><Icon name="lines" small />Paste text</button>
          <button type="button" className="btn btn-sm" data-form="saw" aria-expanded={form === 'saw'} onClick={() => openForm('saw')}><Icon name="eye" small />What was seen</button>
          <button type="button" className="btn btn-sm" data-form="path" aria-expanded={form === 'path'} onClick={() => openForm('path')}><Icon name="refresh" small />Path or live log</button>
        </div>
      </div>
      <div className="scroll-y">
        {notice ? <div className="notice" role="alert"><Icon name="warning" /><p className="dg-notice">{notice}</p></div> : null}
        <WaitingForms />
        {form === 'paste' ? <PasteForm /> : form === 'saw' ? <SawForm /> : form === 'path' ? <PathForm /> : null}
        {sending ? <ReadingBar words={`Sending ${sending.name}${waiting > 0 ? ` and ${waiting} more` : ''}`} done={sending.sent} total={sending.total} onCancel={cancelSending} /> : null}
        {inputs.length > 0 ? <ul aria-label="On the desk" className="dg-list">{inputs.map((input) => <InputRow key={input.id} input={input} />)}</ul> : null}
        <Requests />
      </div>
    </section>
  )
}

/** A form that is opened has the focus in its first field; once it is closed, the button that opens it has it. */
function useFormFocus(form: string | null) {
  const box = useRef<HTMLElement>(null)
  const before = useRef(form)
  useEffect(() => {
    if (form === before.current) return
    const fields = form === null ? [] : [...box.current?.querySelectorAll<HTMLElement>('form input, form textarea, form select') ?? []]
    const [first] = fields
    if (first) (fields.find((field) => field.dataset['autofocus'] !== undefined) ?? first).focus()
    else if (document.activeElement === document.body) box.current?.querySelector<HTMLElement>(`[data-form="${before.current}"]`)?.focus()
    before.current = form
  }, [form])
  return box
}

/** Ctrl+V outside of a text field: files go on the desk, a text into the paste form. */
function usePaste() {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]')) return
      const files = [...(event.clipboardData?.files ?? [])]
      const text = event.clipboardData?.getData('text') ?? ''
      if (files.length > 0) void sendFiles(files.map((file) => ({ name: file.name, file })))
      else if (text !== '') {
        pasteText(text)
        if (useDiagnose.getState().form !== 'paste') openForm('paste')
      }
    }
    window.addEventListener('paste', onPaste)
    return () => window.removeEventListener('paste', onPaste)
  }, [])
}
