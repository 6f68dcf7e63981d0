import { create } from 'zustand'
import type { Run } from '../../shared/run/fold-run.ts'
import type { PlanState, ScriptTab } from './plan.ts'
import { isOwnFile } from './stacks.ts'

/** A line of a script that is to be shown. The editor of its tab takes it as soon as it is there; `focus`: with the cursor in it. */
interface LineState { wanted: { tabId: string; line: number; focus: boolean } | null }

export const useScriptLine = create<LineState>(() => ({ wanted: null }))

/** The tab that holds the script of a run; undefined where none does (closed, or a run of an earlier day). */
export function tabOfRun(run: Run, { tabs }: Pick<PlanState, 'tabs'>): ScriptTab | undefined {
  const script = run.plan?.script
  return script && tabs.find((tab) => tab.name === script.name && tab.path === script.path)
}

/** The line of the script that its error came from; null where there is none, or where that is a line of another file. */
export function errorLineOf(run: Run): number | null {
  const error = run.scriptError?.error
  return error && error.line !== null && (error.file === null || isOwnFile(run, error.file)) ? error.line : null
}
