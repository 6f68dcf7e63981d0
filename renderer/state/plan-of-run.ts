import { emptyInput } from '../../shared/bridge/drafts.ts'
import { scriptTextOf, type RunPlan } from '../../shared/run/plan.ts'
import { call } from './engine.ts'
import { editsBetween } from './limits-of-plan.ts'
import { changePlan } from './plan-undo.ts'
import { activateTab, addProfile, newTab, openTab, profileOf, usePlan, type ScriptTab } from './plan.ts'
import { useRun } from './run.ts'
import { complain } from './undo.ts'
import { setView } from './view.ts'

/** Loads the plan of the run on the screen into the editor, exactly: script, input, limits, flow. It can be taken back, and nothing typed is lost. */
export async function takePlanOfRun(): Promise<void> {
  const { plan } = useRun.getState().run
  if (!plan) return
  const { name } = plan.script
  const onDisk = plan.script.path === null ? null : await call('readScript', plan.script.path).then((script) => script.text, () => null)
  // A colleague's file is not here: saving must not make its folders.
  const path = onDisk === null ? null : plan.script.path
  const text = scriptTextOf(plan) ?? onDisk
  if (text === null) { complain(`${name} was not kept with that run, and ${plan.script.path} cannot be read`); return }
  const inputText = plan.inputText ?? JSON.stringify(plan.input, null, 2)
  changePlan(() => {
    const spared = spareTyped(path, text, inputText)
    const same = usePlan.getState().tabs.find((tab) => tab.path === path && tab.name === name && tab.text === text && compact(tab.inputText) === compact(inputText))
    if (same) activateTab(same.id)
    else openTab({ name, path, text, savedText: onDisk, inputText, inputName: 'input.json' })
    takeSettings(plan)
    return `Script, input and limits of that run are in the editor${spared ? '; what you had typed is in a tab of its own' : ''}`
  })
  setView({ pane: 'script' })
}

/** What was typed over the same file and is neither saved nor what the run had goes into a tab of its own. */
function spareTyped(path: string | null, text: string, inputText: string): boolean {
  const tab = path === null ? undefined : usePlan.getState().tabs.find((candidate) => candidate.path === path)
  if (!tab || !isWorthSparing(tab, text, inputText)) return false
  usePlan.setState((state) => ({ tabs: [...state.tabs, newTab({ name: tab.name, text: tab.text, inputName: tab.inputName, inputText: tab.inputText })] }))
  return true
}

function isWorthSparing(tab: ScriptTab, text: string, inputText: string): boolean {
  return (tab.text !== text && tab.text !== tab.savedText) || ![inputText, emptyInput].map(compact).includes(compact(tab.inputText))
}

/** Without the blanks that people put in between. */
function compact(json: string): string {
  return json.replaceAll(/\s+/g, '')
}

/** Profile, limits and flow of a run. A profile that is not known here comes from the run itself. */
function takeSettings(plan: RunPlan): void {
  if (!usePlan.getState().profiles.some((profile) => profile.name === plan.profile)) {
    addProfile({ name: plan.profile, title: plan.profile, description: 'Taken from a run.', emulated: false, proxies: plan.proxies, limits: plan.limits.map(({ id, value, origin, enforced }) => ({ id, value, origin, enforced })) })
  }
  usePlan.setState({ profileName: plan.profile })
  usePlan.setState((state) => ({ edits: editsBetween(profileOf(state), plan.limits), proxies: plan.proxies, faults: plan.faults, python: plan.python, propagateCancel: plan.propagateCancel, stacks: plan.stacks }))
}
