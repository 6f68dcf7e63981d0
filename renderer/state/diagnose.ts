import { create } from 'zustand'
import type { CallError } from '../../shared/bridge/contract.ts'
import type { DeskDraft, DeskExcerpt, DeskQuestion, DeskResult, DeskRole, DeskStatus } from '../../shared/bridge/desk.ts'
import { downloadText } from '../ui/download.ts'
import { visibleValue } from '../../shared/text/visible-text.ts'
import { announce } from './announcer.ts'
import { call, onHello, onPush, toCallError } from './engine.ts'
import { offerUndo, tell } from './undo.ts'

/** The diagnosis desk as the screen knows it; what is on it belongs to the engine. Texts are safe to show: control characters are visible. */
interface DiagnoseState {
  status: DeskStatus | null
  result: DeskResult | null
  /** The desk itself could not be opened. */
  problem: CallError | null
  /** Which form is unfolded. */
  form: 'paste' | 'saw' | 'path' | null
  draft: DeskDraft
  /** Lines around a reference that was asked for; `at` says where on the screen. */
  excerpt: { at: string; ref: string; excerpt: DeskExcerpt | null } | null
}

/** Forms in which nothing stands. */
export const noDraft: DeskDraft = { name: '', text: '', role: 'source' }
export const useDiagnose = create<DiagnoseState>(() => ({ status: null, result: null, problem: null, form: null, draft: noDraft, excerpt: null }))

let opened = false
/** Asks for the desk and follows it from then on. Opening it lets the engine read what was left on it. */
export function openDesk(): void {
  if (opened) return
  opened = true
  onPush('desk', take)
  const ask = () => {
    call('deskStatus').then(take, (error: unknown) => useDiagnose.setState({ problem: toCallError(error) }))
  }
  onHello(() => { useDiagnose.setState({ result: null }); ask() })
  ask()
}

function take(status: DeskStatus): void {
  useDiagnose.setState({ status: visibleValue(status), problem: null })
  void fetchResult()
}

let fetching = false
/** The diagnosis is asked for when there is a newer one; never twice at once. */
async function fetchResult(): Promise<void> {
  if (fetching) return
  fetching = true
  try {
    while ((useDiagnose.getState().status?.version ?? 0) !== (useDiagnose.getState().result?.version ?? -1)) {
      const before = useDiagnose.getState().result?.diagnosis?.verdict.headline
      const result = visibleValue(await call('deskResult'))
      useDiagnose.setState({ result })
      const headline = result.diagnosis?.verdict.headline
      if (headline !== undefined && headline !== before) announce(headline)
      if (result.version < (useDiagnose.getState().status?.version ?? 0)) continue
      break
    }
  } catch (error) {
    useDiagnose.setState({ problem: toCallError(error) })
  } finally {
    fetching = false
  }
}

/** Does something at the desk; what goes wrong is told. Resolves with whether it worked. */
export async function atDesk(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    const { message, hint } = toCallError(error)
    tell(hint ? `${message}: ${hint}` : message)
    return false
  }
}

export const addPath = (path: string, role: DeskRole) => atDesk(() => call('deskAdd', [path], role))
export const followPath = (path: string, from: 'start' | 'end') => atDesk(() => call('deskFollow', path, from))
export const stopFollowing = (id: string) => atDesk(() => call('deskUnfollow', id))
export const readAgain = (id: string) => atDesk(() => call('deskReread', id))
export const cancelReading = () => atDesk(() => call('deskCancel'))
export const addExample = () => atDesk(() => call('deskExample'))
export const askDesk = (question: DeskQuestion) => atDesk(() => call('deskAsk', question))

export async function addText(name: string, text: string, role: DeskRole): Promise<boolean> {
  return atDesk(() => call('deskPaste', name.trim() || (role === 'saw' ? 'what was seen' : 'pasted text'), text, role))
}

/** Takes inputs off the desk, with a way back. */
export async function removeInputs(ids: readonly string[], words: string): Promise<void> {
  if (await atDesk(() => call('deskRemove', [...ids]))) offerUndo(`${words} removed`, () => void atDesk(() => call('deskRestore', [...ids])))
}

export function openForm(form: DiagnoseState['form']): void {
  useDiagnose.setState((state) => ({ form: state.form === form ? null : form }))
}

/** Saves the diagnosis as the command line prints it (`cutoff.diagnosis/1`): unchanged, not as it is shown. */
export async function saveDiagnosis(): Promise<void> {
  await atDesk(async () => { downloadText('diagnosis.json', 'application/json', `${JSON.stringify((await call('deskResult')).diagnosis, null, 2)}\n`) })
}

/** Shows the lines around a reference such as `log:error.log:12` at a place of the screen, or hides them again. */
export async function showExcerpt(ref: string, at: string): Promise<void> {
  const shown = useDiagnose.getState().excerpt
  if (shown?.ref === ref && shown.at === at) { useDiagnose.setState({ excerpt: null }); return }
  const place = placeOfRef(ref)
  const excerpt = place?.line ? await call('deskExcerpt', place.file, place.line).catch(() => null) : null
  useDiagnose.setState({ excerpt: { at, ref, excerpt: excerpt && visibleValue(excerpt) } })
}

/** `config:conf.d/a.conf:14` -> file and line; null for what is no place in a file. */
export function placeOfRef(ref: string): { file: string; line: number | null } | null {
  const match = /^(?:log|config):(.+?)(?::(\d+))?$/s.exec(ref)
  return match?.[1] ? { file: match[1], line: match[2] ? Number(match[2]) : null } : null
}
