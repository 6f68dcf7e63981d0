import { chooseProfile, newTab, resetLimits, usePlan, type PlanState, type ScriptTab } from './plan.ts'
import { offerUndo } from './undo.ts'

/** What belongs to the question, without what the app keeps about it. */
type Question = Omit<PlanState, 'draftSavedAt' | 'restored'>
type Field = keyof Question
const fields: readonly Field[] = ['tabs', 'activeId', 'profiles', 'profileName', 'edits', 'proxies', 'faults', 'python', 'propagateCancel', 'stacks', 'takenOver']

/** Changes the plan in a way that takes something away, and offers the way back; `act` returns what to say about it. */
export function changePlan(act: () => string): void {
  const before = usePlan.getState()
  const text = act()
  const after = usePlan.getState()
  offerUndo(text, () => usePlan.setState((now) => takenBack(before, after, now)))
}

/** Takes back what was changed about the profile's limits. */
export function resetAllLimits(): void {
  changePlan(() => { resetLimits(); return 'Limits reset to the profile' })
}

/** Chooses a profile. Proxies come with it, and what was set here and is the profile's own value is no change any more: both can be taken back. */
export function pickProfile(name: string): void {
  changePlan(() => { chooseProfile(name); return `Profile ${name} chosen` })
}

/**
 * The plan as it was before a change: every part that the change touched comes back, the rest stays as it is now. What was typed into a
 * script since then stays in a tab of its own, wherever it was typed. Pure.
 */
export function takenBack(before: Question, after: Question, now: Question): Partial<Question> {
  const changed = fields.filter((field) => field !== 'tabs' && before[field] !== after[field])
  const back = Object.fromEntries(changed.map((field) => [field, before[field]])) as Partial<Question>
  return before.tabs === after.tabs ? back : { ...back, tabs: tabsTakenBack(before.tabs, after.tabs, now.tabs) }
}

function tabsTakenBack(before: readonly ScriptTab[], after: readonly ScriptTab[], now: readonly ScriptTab[]): ScriptTab[] {
  const since = (tab: ScriptTab) => !after.includes(tab)
  const kept = before.map((tab) => {
    // The change left this script alone: what it is now is what somebody has typed.
    const untouched = after.includes(tab)
    return untouched ? (now.find((candidate) => candidate.id === tab.id) ?? tab) : tab
  })
  const typed = now.filter((tab) => since(tab) && !kept.includes(tab)).map(({ id, ...tab }) => (before.some((other) => other.id === id) ? newTab({ ...tab, path: null, savedText: null }) : { id, ...tab }))
  return [...kept, ...typed]
}
