import { create } from 'zustand'
import type { TakenOver } from '../../shared/bridge/contract.ts'
import { emptyInput, emptyScript } from '../../shared/bridge/drafts.ts'
import type { ProxyEngine } from '../../shared/flow/layers.ts'
import { transformationService, type Profile } from '../../shared/flow/profiles.ts'
import { inputFieldsOf } from '../../shared/run/exact-json.ts'
import { defaultStacks, type FaultPlan, type RunPlan, type StackSettings } from '../../shared/run/plan.ts'
import { changedEdits, limitsOfPlan, type LimitEdit, type LimitEdits } from './limits-of-plan.ts'
import { parseInput } from '../../shared/run/parse-input.ts'

/** One script in a tab. */
export interface ScriptTab {
  id: string
  /** Absolute path; null = it has no file yet. */
  path: string | null
  name: string
  text: string
  /** What the file on disk holds; null without a file. */
  savedText: string | null
  /** Input that belongs to this tab. */
  inputName: string
  inputText: string
  /** It runs again whenever its file is written, here or elsewhere. */
  runOnSave: boolean
}

/** The question: what is run, with which limits, through which flow. Everything else about it is derived. */
export interface PlanState {
  tabs: ScriptTab[]
  activeId: string
  /** Profiles the engine offers, and those loaded from files. */
  profiles: Profile[]
  profileName: string
  edits: LimitEdits
  proxies: ProxyEngine[]
  faults: FaultPlan[]
  python: string | null
  propagateCancel: boolean
  stacks: StackSettings
  /** What came from windows that are gone, until it is dealt with. */
  takenOver: TakenOver | null
  /** When the draft was last kept on disk, ISO 8601. */
  draftSavedAt: string | null
  /** The last draft is back (or there is none): the editors may open. */
  restored: boolean
}

let tabNumber = 0

/** A tab with a fresh id. */
export function newTab(values: Partial<Omit<ScriptTab, 'id'>> = {}): ScriptTab {
  return { id: `tab-${++tabNumber}`, path: null, name: 'untitled.py', text: emptyScript, savedText: null, inputName: 'input.json', inputText: emptyInput, runOnSave: false, ...values }
}

const firstTab = newTab()
export const usePlan = create<PlanState>(() => ({
  tabs: [firstTab], activeId: firstTab.id, profiles: [transformationService], profileName: transformationService.name, edits: {},
  proxies: [], faults: [], python: null, propagateCancel: true, stacks: defaultStacks, takenOver: null, draftSavedAt: null, restored: false,
}))

export function activeTab(state: PlanState): ScriptTab {
  const tab = state.tabs.find((candidate) => candidate.id === state.activeId) ?? state.tabs[0]
  if (!tab) throw new Error('the screen always has at least one script')
  return tab
}

export function profileOf(state: PlanState): Profile {
  return state.profiles.find((profile) => profile.name === state.profileName) ?? transformationService
}

let limitsCache: { profile: Profile; edits: LimitEdits; limits: ReturnType<typeof limitsOfPlan> } | null = null

/** The plan's limits: the profile's with the user's changes. The same array as long as neither changes. */
export function planLimits(state: PlanState): ReturnType<typeof limitsOfPlan> {
  const profile = profileOf(state)
  if (limitsCache?.profile !== profile || limitsCache.edits !== state.edits) limitsCache = { profile, edits: state.edits, limits: limitsOfPlan(profile, state.edits) }
  return limitsCache.limits
}

/** The whole plan as one call carries it; throws the input's mistake in words when the input is not JSON. */
export function planToRun(state: PlanState): RunPlan {
  const tab = activeTab(state)
  const input = parseInput(tab.inputText)
  if (!input.ok) throw new Error(`The input is not valid JSON: line ${input.line}, column ${input.column}: ${input.problem}.`)
  return planWithInput(state, inputFieldsOf(tab.inputText))
}

/** The plan with another input than the one on the screen. */
export function planWithInput(state: PlanState, input: Pick<RunPlan, 'input' | 'inputText'>): RunPlan {
  const tab = activeTab(state)
  const unchanged = tab.path !== null && tab.text === tab.savedText
  return {
    script: { path: tab.path, name: tab.name, text: unchanged ? null : tab.text },
    ...input, profile: state.profileName, limits: planLimits(state), proxies: state.proxies, faults: state.faults,
    python: state.python, propagateCancel: state.propagateCancel, stacks: state.stacks,
  }
}

function changeTab(id: string, change: Partial<ScriptTab>): void {
  usePlan.setState((state) => ({ tabs: state.tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) }))
}

export function setScriptText(id: string, text: string): void { changeTab(id, { text }) }
export function setInputText(id: string, inputText: string): void { changeTab(id, { inputText }) }
export function updateTab(id: string, change: Partial<Omit<ScriptTab, 'id'>>): void { changeTab(id, change) }

/** Opens a script in a tab of its own: one that already shows the same file (what was typed there and not saved stays), an untouched empty one, or a new one. */
export function openTab(values: Partial<Omit<ScriptTab, 'id'>>): void {
  const state = usePlan.getState()
  const same = values.path ? state.tabs.find((tab) => tab.path === values.path) : undefined
  if (same) {
    changeTab(same.id, same.text === same.savedText ? values : { ...values, text: same.text })
    usePlan.setState({ activeId: same.id })
    return
  }
  const current = activeTab(state)
  const untouched = current.path === null && current.text === emptyScript
  if (untouched) { changeTab(current.id, values); return }
  const tab = newTab(values)
  usePlan.setState({ tabs: [...state.tabs, tab], activeId: tab.id })
}

/** A new, empty script in a tab of its own, under a name that no other tab has. */
export function addTab(): void {
  const taken = new Set(usePlan.getState().tabs.map((tab) => tab.name))
  let name = 'untitled.py'
  for (let copy = 2; taken.has(name); copy++) name = `untitled-${copy}.py`
  const tab = newTab({ name })
  usePlan.setState((state) => ({ tabs: [...state.tabs, tab], activeId: tab.id }))
}

export function activateTab(id: string): void { usePlan.setState({ activeId: id }) }

/** Closes a tab; the last one is replaced by an empty script. Returns what brings it back. */
export function closeTab(id: string): () => void {
  const before = usePlan.getState()
  const index = before.tabs.findIndex((tab) => tab.id === id)
  const rest = before.tabs.filter((tab) => tab.id !== id)
  const tabs = rest.length > 0 ? rest : [newTab()]
  const next = tabs[Math.min(index, tabs.length - 1)]
  usePlan.setState({ tabs, activeId: before.activeId === id && next ? next.id : before.activeId })
  const closed = before.tabs[index]
  return () => {
    if (!closed) return
    usePlan.setState((state) => ({ tabs: state.tabs.toSpliced(index, 0, closed), activeId: closed.id }))
  }
}

/** Changes one limit of the plan. */
export function editLimit(id: string, edit: LimitEdit): void {
  usePlan.setState((state) => ({ edits: changedEdits(profileOf(state), { ...state.edits, [id]: { ...state.edits[id], ...edit } }) }))
}

/** Takes back what was changed about one limit, or about all. */
export function resetLimits(id?: string): void {
  usePlan.setState((state) => ({ edits: id === undefined ? {} : Object.fromEntries(Object.entries(state.edits).filter(([key]) => key !== id)) }))
}

/** Chooses a profile. What the user set for this run stays, where it still changes something. */
export function chooseProfile(name: string): void {
  usePlan.setState((state) => {
    const profile = state.profiles.find((candidate) => candidate.name === name)
    return profile ? { profileName: name, proxies: profile.proxies, edits: changedEdits(profile, state.edits) } : {}
  })
}

/** Adds a profile (a loaded file, say) and chooses it; one of the same name is replaced. */
export function addProfile(profile: Profile): void {
  usePlan.setState((state) => ({ profiles: [...state.profiles.filter((candidate) => candidate.name !== profile.name), profile] }))
  chooseProfile(profile.name)
}

export function setPlan(change: Partial<Pick<PlanState, 'proxies' | 'faults' | 'python' | 'propagateCancel' | 'stacks'>>): void {
  usePlan.setState(change)
}

/** Resolves when what was typed before the last end is back: until then the plan is an empty one, which nobody means to run. */
export function planRestored(): Promise<void> {
  if (usePlan.getState().restored) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = usePlan.subscribe(({ restored }) => {
      if (!restored) return
      stop()
      resolve()
    })
  })
}
