import { create } from 'zustand'
import { pickFiles } from '../ui/pick-file.ts'
import { downloadText } from '../ui/download.ts'
import { askHost, call, toCallError } from './engine.ts'
import { importRunText } from './history.ts'
import { changePlan } from './plan-undo.ts'
import { activeTab, openTab, updateTab, usePlan, type ScriptTab } from './plan.ts'
import { runAgainOnSave } from './run-on-save.ts'
import { complain, complainAndGoWithout, tell } from './undo.ts'
import { setView } from './view.ts'

/** Lets the user choose scripts. A browser tells names and texts, not paths: such scripts are saved by downloading. The desktop answers with a command. */
export async function openScriptFiles(open: (values: Partial<Omit<ScriptTab, 'id'>>) => void = openTab): Promise<void> {
  if (askHost('script.open')) return
  for (const file of await pickFiles('.py,text/x-python', true).catch(complainAndGoWithout)) open({ name: file.name, text: file.text, path: null, savedText: null })
  setView({ pane: 'script' })
}

/** Opens the file at a path the user named. */
export async function openScriptAt(path: string): Promise<void> {
  try {
    const script = await call('readScript', path)
    openTab({ path: script.path, name: script.name, text: script.text, savedText: script.text })
    setView({ pane: 'script' })
  } catch (error) {
    complain(wordsOf(error))
  }
}

/** Is the form open that gives the script a file? */
export const useSaveAs = create<{ open: boolean }>(() => ({ open: false }))
export function setSaveAs(open: boolean): void { useSaveAs.setState({ open }) }

/** Asks where the script on the screen shall be saved: with the system's dialog, in a browser with a form. */
export function askWhereToSave(): void {
  const tab = activeTab(usePlan.getState())
  setView({ pane: 'script' })
  if (!askHost('script.saveAs', tab.path ?? tab.name)) setSaveAs(true)
}

/** Saves the script on the screen to its file; one without a file is asked for a path. */
export async function saveScript(): Promise<void> {
  const tab = activeTab(usePlan.getState())
  if (tab.path === null) { askWhereToSave(); return }
  try {
    await call('writeScript', tab.path, tab.text)
    updateTab(tab.id, { savedText: tab.text })
    tell(`${tab.name} saved`)
    runAgainOnSave(tab.id)
  } catch (error) {
    complain(wordsOf(error))
  }
}

/** Saves the script on the screen under another path; the tab goes with it. Answers with why not; a file that is there is replaced only if told to. */
export async function saveScriptAs(path: string, replace: boolean): Promise<{ problem: string; exists: boolean } | null> {
  const tab = activeTab(usePlan.getState())
  try {
    if (!replace && path !== tab.path && await isThere(path)) return { problem: `${path} is there already.`, exists: true }
    await call('writeScript', path, tab.text)
    const saved = { path, name: path.split(/[\\/]/).at(-1) ?? tab.name }
    updateTab(tab.id, { ...saved, savedText: tab.text })
    // Comes with the pane of the cases; the screen does not wait for it.
    void import('./cases.ts').then(({ carryCases }) => carryCases(tab, saved), () => {})
    tell(`Saved as ${path}`)
    return null
  } catch (error) {
    return { problem: wordsOf(error), exists: false }
  }
}

/** Also what cannot be opened as a script is there: only a file that is missing is not. */
function isThere(path: string): Promise<boolean> {
  return call('readScript', path).then(() => true, (error: unknown) => toCallError(error).code !== 'script_not_found')
}

/** Hands the script on the screen to the user as a download. */
export function downloadScript(): void {
  const { name, text } = activeTab(usePlan.getState())
  downloadText(name, 'text/x-python', text)
}

function wordsOf(error: unknown): string {
  const { message, hint } = toCallError(error)
  return hint ? `${message} ${hint}` : message
}

/** Takes files that were dropped on the window: scripts open, JSON becomes the input. Returns what it could not use. */
export function takeFiles(files: readonly { name: string; text: string }[]): string[] {
  const refused: string[] = []
  for (const file of files) {
    if (/\.pyw?$/i.test(file.name)) openTab({ name: file.name, text: file.text, path: null, savedText: null })
    else if (/^\s*\{\s*"schema"\s*:\s*"cutoff\.cases-file\//.test(file.text)) void import('./cases-files.ts').then(({ takeCasesFile }) => takeCasesFile(file.text, file.name), () => complain(`${file.name} was not taken: the engine does not answer.`))
    else if (/^\s*\{\s*"schema"\s*:\s*"cutoff\./.test(file.text)) void importRunText(file.text, file.name)
    else if (/\.json$/i.test(file.name)) changePlan(() => { updateTab(activeTab(usePlan.getState()).id, { inputName: file.name, inputText: file.text }); return `${file.name} is the input now` })
    else refused.push(file.name)
  }
  return refused
}
