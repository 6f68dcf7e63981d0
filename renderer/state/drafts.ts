import type { Draft } from '../../shared/bridge/contract.ts'
import { emptyInput, emptyScript, isBlank, tabsOfDraft } from '../../shared/bridge/drafts.ts'
import type { Profile } from '../../shared/flow/profiles.ts'
import { limitKindOf } from '../../shared/limits/catalog.ts'
import { afterPaint } from '../ui/after-paint.ts'
import { openDraft, windowOf } from './draft-window.ts'
import { call, hostOf, onHello, toCallError } from './engine.ts'
import { planOfSettings, settingsOfPlan, type PlanOfSettings } from './plan-settings.ts'
import { activeTab, newTab, usePlan, type PlanState } from './plan.ts'
import { knownProfiles, shippedProfiles } from './shipped-profiles.ts'
import { complain } from './undo.ts'

/** Typing is kept at the latest this long after the key (ms); the engine acknowledges once it is on disk. */
const delayMs = 400
/** What a draft is made of. */
const kinds = ['tabs', 'activeId', 'edits', 'profileName', 'profiles', 'proxies', 'faults', 'python', 'propagateCancel', 'stacks', 'takenOver'] as const
/** A draft that could not be kept is tried again after this long (ms). */
const againMs = 2000

/** What a crash must not take: every open script with its input, the limits, the profile. */
export function draftOf(state: PlanState, shipped: readonly Profile[] = state.profiles): Draft {
  const tab = activeTab(state)
  return {
    ...settingsOfPlan(state), ...(state.takenOver ? { takenOver: state.takenOver } : {}), loadedProfiles: state.profiles.filter((profile) => !isShipped(profile, shipped)),
    scriptPath: tab.path, scriptName: tab.name, scriptText: tab.text, inputText: tab.inputText,
    tabs: state.tabs.map(({ path, name, text, inputName, inputText, runOnSave }) => ({ path, name, text, inputName, inputText, runOnSave })), active: state.tabs.indexOf(tab),
  }
}

/** An engine that was started anew sends the same profiles again. */
function isShipped(profile: Profile, shipped: readonly Profile[]): boolean {
  return shipped.some((other) => other === profile || (other.name === profile.name && JSON.stringify(other) === JSON.stringify(profile)))
}

/** The tabs, limits, flow and profiles of a draft; drafts of older versions hold one script. What was typed before the draft arrived (the engine came late) stays, in front. */
export function planOfDraft(draft: Draft, state: PlanState): Pick<PlanState, 'tabs' | 'activeId' | 'profiles' | 'takenOver'> & PlanOfSettings {
  // A limit that this version does not know cannot be drawn.
  const loaded = (draft.loadedProfiles ?? []).filter((profile) => profile.limits.every((limit) => limitKindOf(limit.id)))
  const profiles = [...state.profiles.filter((profile) => !loaded.some((other) => other.name === profile.name)), ...loaded]
  const restored = tabsOfDraft(draft).map((tab) => newTab(tab))
  const typed = state.tabs.filter((tab) => tab.text !== emptyScript || tab.inputText !== emptyInput).filter((tab) => !restored.some((other) => other.text === tab.text && other.inputText === tab.inputText))
  const active = typed.find((tab) => tab.id === state.activeId) ?? typed.at(-1) ?? restored[draft.active ?? 0] ?? restored[0]
  return {
    ...planOfSettings(draft, { profiles, profileName: state.profileName }), profiles, tabs: [...restored, ...typed], activeId: active?.id ?? state.activeId,
    takenOver: draft.takenOver ?? null,
  }
}

/** Brings back what was typed before the last end (`early`: asked for already; where that failed it is asked for again), then keeps what is typed from now on. */
export async function keepDrafts(early: Promise<Draft | null>): Promise<void> {
  const draft = await early.catch((error: unknown) => { tellDamaged(error); return openDraft({ host: hostOf(), call }) }).catch((error: unknown) => { tellDamaged(error); return null })
  if (draft && !isKnown(draft.profile, draft)) await shippedProfiles()
  if (draft) restore(draft)
  usePlan.setState({ restored: true })
  afterPaint(() => void shippedProfiles())
  const present = () => ({ ...draftOf(usePlan.getState(), knownProfiles()), ...windowOf(hostOf()) })
  let kept = JSON.stringify(present())
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => {
    clearTimeout(timer)
    timer = undefined
    const value = present()
    const text = JSON.stringify(value)
    if (text === kept) return
    call('saveDraft', value).then(({ savedAt }) => {
      kept = text
      usePlan.setState({ draftSavedAt: savedAt })
    }, () => { timer ??= setTimeout(save, againMs) })
  }
  usePlan.subscribe((state, before) => {
    if (kinds.some((kind) => state[kind] !== before[kind])) timer ??= setTimeout(save, delayMs)
  })
  // An engine that was started anew is told of this window at once: another one that starts would take its draft for one that was left.
  onHello((_, again) => {
    if (!again || isBlank(present())) return
    kept = ''
    save()
  })
  // The page may be closed for good: what was typed in the last moment goes out at once.
  window.addEventListener('pagehide', save)
}

function tellDamaged(error: unknown): void {
  const { code, message } = toCallError(error)
  if (code === 'draft_damaged') complain(message)
}

function isKnown(profile: string, { loadedProfiles = [] }: Draft): boolean {
  return [...knownProfiles(), ...loadedProfiles].some(({ name }) => name === profile)
}

function restore(draft: Draft): void {
  usePlan.setState((state) => planOfDraft(draft, state))
  for (const { path } of usePlan.getState().tabs) {
    if (path === null) continue
    // What the file holds decides whether the draft is ahead of it.
    call('readScript', path).then(({ text }) => usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => (tab.path === path ? { ...tab, savedText: text } : tab)) })), () => {})
  }
}
