import type { DeskDraft, DeskForms } from '../../shared/bridge/desk.ts'
import { areEmpty, deskDraftWith, formsOf, isBlankDraft } from '../../shared/bridge/desk-drafts.ts'
import { noDraft, useDiagnose } from './diagnose.ts'
import { whileStarting, windowOf } from './draft-window.ts'
import { call, hostOf, onHello, toCallError } from './engine.ts'
import { complain, offerUndo, tell } from './undo.ts'

/** Typing is kept at the latest this long after the key (ms). */
const delayMs = 400
/** A draft that could not be kept is tried again after this long (ms). */
const againMs = 2000

let asked = false
/** What stood in the forms is back: from now on they are kept. */
let isBack = false
let saving: ReturnType<typeof setTimeout> | undefined

/** Brings back what stood in this window's forms, and what windows that are gone have left in theirs; then keeps what is typed. */
export function openForms(): void {
  if (asked) return
  asked = true
  const ask = async (): Promise<void> => {
    const open = () => whileStarting(hostOf(), (window) => call('deskOpenDraft', window))
    try {
      take(await open().catch((error: unknown) => {
        const { code, message } = toCallError(error)
        if (code !== 'draft_damaged') throw error
        complain(message)
        return open()
      }))
    } catch { /* The engine does not answer: asked again when it does. */ }
  }
  // An engine that was started anew is told of what stands here, as of scripts (`drafts.ts`).
  onHello(() => { if (!isBack) void ask(); else if (!isBlankDraft(useDiagnose.getState().draft)) save() })
  void ask()
  // The page may be closed for good: what was typed in the last moment goes out at once.
  window.addEventListener('pagehide', () => { if (saving !== undefined) save() })
}

/** What was typed before the answer came stays in the forms. */
function take(kept: DeskDraft | null): void {
  isBack = true
  const { draft: typed } = useDiagnose.getState()
  if (kept) useDiagnose.setState({ draft: isBlankDraft(typed) ? kept : (deskDraftWith(typed, kept) ?? kept) })
  if (!isBlankDraft(typed)) save()
}

/** Changes what stands in the forms. */
export function setDraft(change: Partial<DeskForms>): void {
  useDiagnose.setState(({ draft }) => ({ draft: { ...draft, ...change } }))
  saving ??= setTimeout(save, delayMs)
}

/** A text from the clipboard; what stood in the form before waits beside it. */
export function pasteText(text: string): void {
  const { draft } = useDiagnose.getState()
  const pasted = { ...noDraft, text, saw: draft.saw }
  if (draft.text === '' || draft.text === text) setDraft({ text })
  else change(deskDraftWith({ ...pasted, others: draft.others ?? [] }, { ...formsOf(draft), saw: undefined }) ?? { ...draft, text })
}

/** Empties a form: what it held was added or thrown away. */
export function clearDraft(form: 'paste' | 'saw'): void {
  const { draft } = useDiagnose.getState()
  change(form === 'saw' ? { ...draft, saw: undefined } : { ...draft, ...noDraft })
}

/** Shows what waits in the forms, and has what stands there wait instead. */
export function showForms(waiting: DeskForms): void {
  const { draft } = useDiagnose.getState()
  const others = (draft.others ?? []).flatMap((other) => (other !== waiting ? [other] : areEmpty(draft) ? [] : [formsOf(draft)]))
  change({ ...formsOf(waiting), others })
  useDiagnose.setState({ form: waiting.text === '' && waiting.name === '' ? 'saw' : 'paste' })
}

/** Throws away what waits, with a way back. */
export function discardForms(waiting: DeskForms): void {
  const { draft } = useDiagnose.getState()
  change({ ...draft, others: draft.others?.filter((other) => other !== waiting) ?? [] })
  offerUndo(`${wordsOfForms(waiting)} discarded`, () => change({ ...useDiagnose.getState().draft, others: [...useDiagnose.getState().draft.others ?? [], waiting] }))
}

/** `nginx.conf, 12 lines`; `what was seen`. */
export function wordsOfForms({ name, text, saw }: DeskForms): string {
  const lines = text.split('\n').length
  const pasted = text === '' ? name : `${name.trim() || 'a text'}, ${lines} ${lines === 1 ? 'line' : 'lines'}`
  return [...(pasted === '' ? [] : [pasted]), ...(saw ? ['what was seen'] : [])].join(', and ')
}

function change(draft: DeskDraft): void {
  useDiagnose.setState({ draft })
  save()
}

function save(): void {
  clearTimeout(saving)
  saving = undefined
  if (!isBack) return
  const { draft } = useDiagnose.getState()
  call('deskDraft', isBlankDraft(draft) ? null : draft, windowOf(hostOf()).window ?? null).catch((error: unknown) => {
    // What was refused will be refused again; what did not arrive may arrive later.
    if (toCallError(error).code === 'bad_arguments') tell('This text is too long to be kept: drop it as a file instead')
    else saving ??= setTimeout(save, againMs)
  })
}
