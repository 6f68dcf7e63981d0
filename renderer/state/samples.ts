import type { Hello } from '../../shared/bridge/contract.ts'
import { editsOfDraft } from './limits-of-plan.ts'
import { changePlan } from './plan-undo.ts'
import { activeTab, newTab, usePlan } from './plan.ts'
import { setView } from './view.ts'

/** Opens a sample: script, input and limits. What was typed in other tabs stays; an unchanged sample or empty script is replaced. */
export function openSample(sample: Hello['samples'][number]): void {
  changePlan(() => { takeSample(sample); return `${sample.title}: script, input and limits opened` })
  setView({ pane: 'script' })
}

function takeSample(sample: Hello['samples'][number]): void {
  usePlan.setState((state) => {
    const current = activeTab(state)
    const samples = new Set(known)
    const values = { name: sample.name, path: null, savedText: null, text: sample.text, inputName: `${sample.id}.json`, inputText: JSON.stringify(sample.input, null, 2) }
    known.add(sample.text)
    const replace = current.path === null && (samples.has(current.text) || /^def transform\(input_data\):\n {4}# input_data/.test(current.text))
    const tab = replace ? { ...current, ...values } : newTab(values)
    return { tabs: replace ? state.tabs.map((candidate) => (candidate.id === current.id ? tab : candidate)) : [...state.tabs, tab], activeId: tab.id, edits: editsOfDraft(sample.limits) }
  })
}

/** Texts of samples that were opened: as long as one is unchanged, the next sample takes its place. */
const known = new Set<string>()
