import type { Draft } from '../../shared/bridge/contract.ts'
import { call } from './engine.ts'
import { draftOfEdits, editsOfDraft } from './limits-of-plan.ts'
import { activeTab, usePlan, type PlanState } from './plan.ts'

/** Typing is kept at the latest this long after the key (ms); the engine acknowledges once it is on disk. */
const delayMs = 400

function draftOf(state: PlanState): Draft {
  const tab = activeTab(state)
  return { scriptPath: tab.path, scriptName: tab.name, scriptText: tab.text, inputText: tab.inputText, limits: draftOfEdits(state.edits), profile: state.profileName }
}

/** Brings back what was typed before the last end, then keeps what is typed from now on. */
export async function keepDrafts(): Promise<void> {
  const draft = await call('loadDraft').catch(() => null)
  if (draft) restore(draft)
  let kept = JSON.stringify(draftOf(usePlan.getState()))
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    timer = undefined
    const value = draftOf(usePlan.getState())
    const text = JSON.stringify(value)
    if (text === kept) return
    call('saveDraft', value).then(({ savedAt }) => {
      kept = text
      usePlan.setState({ draftSavedAt: savedAt })
      // The engine was busy while more was typed.
      schedule()
    }, () => { timer = setTimeout(save, 2000) })
  }
  const schedule = () => { timer ??= setTimeout(save, delayMs) }
  usePlan.subscribe(schedule)
  window.addEventListener('pagehide', save)
}

function restore(draft: Draft): void {
  usePlan.setState((state) => {
    const tab = activeTab(state)
    const tabs = state.tabs.map((candidate) => (candidate.id === tab.id ? { ...candidate, path: draft.scriptPath, name: draft.scriptName, text: draft.scriptText, inputText: draft.inputText } : candidate))
    const profileName = state.profiles.some((profile) => profile.name === draft.profile) ? draft.profile : state.profileName
    return { tabs, edits: editsOfDraft(draft.limits), profileName }
  })
  const { scriptPath } = draft
  if (scriptPath === null) return
  // What the file holds decides whether the draft is ahead of it.
  call('readScript', scriptPath).then(({ text }) => usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => (tab.path === scriptPath ? { ...tab, savedText: text } : tab)) })), () => {})
}
