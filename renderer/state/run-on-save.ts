import { announce } from './announcer.ts'
import { activeTab, usePlan } from './plan.ts'
import { isLive, startRun, useRun } from './run.ts'

/** The tab that was saved while a run went on, to be run when that is over. */
let waiting: string | null = null

/** A tab was saved, here or by another program: runs it again where that was asked for. While a run goes on, once, after its end. */
export function runAgainOnSave(tabId: string): void {
  if (!isWanted(tabId)) return
  if (!isLive(useRun.getState())) { void startRun(); return }
  if (waiting === null) announce('Saved: runs again when this run is over')
  waiting = tabId
}

/** Runs what was saved meanwhile; called once. */
export function followSaves(): void {
  useRun.subscribe((state, before) => {
    if (!isLive(before) || isLive(state)) return
    const saved = waiting
    waiting = null
    // Not from within the telling of the end, which others still hear.
    if (saved !== null && state.phase !== 'lost') setTimeout(() => { if (isWanted(saved)) void startRun() })
  })
}

function isWanted(tabId: string): boolean {
  const tab = activeTab(usePlan.getState())
  return tab.id === tabId && tab.runOnSave
}
