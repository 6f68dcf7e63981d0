import type { Draft } from '../../shared/bridge/contract.ts'
import { call } from './engine.ts'
import { draftOfEdits, editsOfDraft } from './limits-of-plan.ts'
import { activeTab, emptyInput, emptyScript, newTab, usePlan, type PlanState } from './plan.ts'

/** Typing is kept at the latest this long after the key (ms); the engine acknowledges once it is on disk. */
const delayMs = 400
/** A draft that could not be kept is tried again after this long (ms). */
const againMs = 2000

/** What a crash must not take: every open script with its input, the limits, the profile. */
export function draftOf(state: PlanState): Draft {
  const tab = activeTab(state)
  return {
    scriptPath: tab.path, scriptName: tab.name, scriptText: tab.text, inputText: tab.inputText, limits: draftOfEdits(state.edits), profile: state.profileName,
    tabs: state.tabs.map(({ path, name, text, inputName, inputText }) => ({ path, name, text, inputName, inputText })), active: state.tabs.indexOf(tab),
  }
}

/** The tabs, limits and profile of a draft; drafts of older versions hold one script. What was typed before the draft arrived (the engine came late) stays, in front. */
export function planOfDraft(draft: Draft, state: PlanState): Pick<PlanState, 'tabs' | 'activeId' | 'edits' | 'profileName'> {
  const kept = draft.tabs?.length ? draft.tabs : [{ path: draft.scriptPath, name: draft.scriptName, text: draft.scriptText, inputName: 'input.json', inputText: draft.inputText }]
  const restored = kept.map((tab) => newTab(tab))
  const typed = state.tabs.filter((tab) => tab.text !== emptyScript || tab.inputText !== emptyInput).filter((tab) => !restored.some((other) => other.text === tab.text && other.inputText === tab.inputText))
  const active = typed.find((tab) => tab.id === state.activeId) ?? typed.at(-1) ?? restored[draft.active ?? 0] ?? restored[0]
  return { tabs: [...restored, ...typed], activeId: active?.id ?? state.activeId, edits: editsOfDraft(draft.limits), profileName: state.profiles.some((profile) => profile.name === draft.profile) ? draft.profile : state.profileName }
}

/** Brings back what was typed before the last end, then keeps what is typed from now on. */
export async function keepDrafts(): Promise<void> {
  const draft = await call('loadDraft').catch(() => null)
  if (draft) restore(draft)
  usePlan.setState({ restored: true })
  let kept = JSON.stringify(draftOf(usePlan.getState()))
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    const value = draftOf(usePlan.getState())
    const text = JSON.stringify(value)
    if (text === kept) return
    call('saveDraft', value).then(({ savedAt }) => {
      kept = text
      usePlan.setState({ draftSavedAt: savedAt })
    }, () => { timer ??= setTimeout(save, againMs) })
  }
  usePlan.subscribe((state, before) => {
    const same = state.tabs === before.tabs && state.activeId === before.activeId && state.edits === before.edits && state.profileName === before.profileName
    if (!same) timer ??= setTimeout(save, delayMs)
  })
  // The page may be closed for good: what was typed in the last moment goes out at once.
  window.addEventListener('pagehide', save)
}

function restore(draft: Draft): void {
  usePlan.setState((state) => planOfDraft(draft, state))
  for (const { path } of usePlan.getState().tabs) {
    if (path === null) continue
    // What the file holds decides whether the draft is ahead of it.
    call('readScript', path).then(({ text }) => usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => (tab.path === path ? { ...tab, savedText: text } : tab)) })), () => {})
  }
}
