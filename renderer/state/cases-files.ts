import { readCasesFile, writeCasesFile } from '../../shared/cases/cases-file.ts'
import { downloadText } from '../ui/download.ts'
import { pickFiles } from '../ui/pick-file.ts'
import { addCases, readCases, useCases } from './cases.ts'
import { activeTab, usePlan } from './plan.ts'
import { complain, complainAndGoWithout } from './undo.ts'
import { setView } from './view.ts'

/** Lets the user choose files of cases; what is in them is added to the cases of the script on the screen. */
export async function loadCasesFiles(): Promise<void> {
  for (const file of await pickFiles('.json,application/json').catch(complainAndGoWithout)) await takeCasesFile(file.text, file.name)
}

/** Adds the cases of a file to those of the script on the screen; undoable. What is there already, to the letter, is not added twice. */
export async function takeCasesFile(text: string, name: string): Promise<void> {
  const read = readCasesFile(text)
  if (!read.ok) { complain(`${name} is no file of cases: ${[read.where, read.problem].filter((part) => part !== '').join(': ')}${read.hint ? ` (${read.hint})` : ''}`); return }
  setView({ pane: 'cases' })
  await readCases()
  addCases(read.cases, name)
}

/** Hands the cases on the screen to the user as a file, for a colleague, to keep beside the script, or for `cutoff cases --file`. */
export function saveCasesFile(): void {
  const { cases } = useCases.getState()
  const { text, unfit } = writeCasesFile(cases)
  if (text === null) { complain(`${unfit} is no JSON as it stands and cannot go into a file: mend its input or what it expects. Nothing was saved.`); return }
  downloadText(`${activeTab(usePlan.getState()).name.replace(/\.py$/i, '')}.cases.json`, 'application/json', text)
}
