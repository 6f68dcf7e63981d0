import { announce } from './announcer.ts'
import { activeTab, editLimit, usePlan } from './plan.ts'
import { placeOfRef } from './places.ts'
import { select } from './pointer.ts'
import { isLive, startRun, stopRun, useRun } from './run.ts'
import { judgeRun } from './verdict.ts'
import { setView } from './view.ts'

/** Sets one limit and runs again: the button of a verdict's advice. */
export async function applyAndRun(limitId: string, value: number | null): Promise<void> {
  editLimit(limitId, { value })
  await startRun()
}

export async function runOrStop(): Promise<void> {
  if (isLive(useRun.getState())) await stopRun()
  else await startRun()
}

/** Selects what a reference points at, so that chart and log go there. */
export function jumpTo(ref: string): void {
  select(placeOfRef(useRun.getState().run, ref))
}

/** Selects the instant of the cut (or of the end, when nothing was cut). */
export function goToCut(): void {
  const { run } = useRun.getState()
  const judged = judgeRun(run)
  const atMs = judged?.verdict.atMs ?? run.client?.atMs
  const ref = judged?.verdict.evidence.find((item) => item.ref)?.ref
  if (ref) jumpTo(ref)
  else if (atMs !== undefined && atMs !== null) select({ atMs })
}

/** Shows a line of the script that is on the screen. */
export function goToLine(line: number): void {
  setView({ pane: 'script' })
  window.dispatchEvent(new CustomEvent('cutoff:line', { detail: { tab: activeTab(usePlan.getState()).id, line } }))
}

/** Opens the limits with one of them in the focus. */
export function goToLimit(limitId: string): void {
  setView({ pane: 'limits' })
  select({ limitId })
}

/** Copies a text; tells whether it worked. */
export async function copyText(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    announce(`${what} copied`)
    return true
  } catch {
    announce(`${what} could not be copied`)
    return false
  }
}
