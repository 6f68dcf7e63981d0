import { announce } from './announcer.ts'
import { activeTab, editLimit, usePlan } from './plan.ts'
import { lineAt } from './log-times.ts'
import { nearestLogLine, placeOfRef } from './places.ts'
import { select, usePointer } from './pointer.ts'
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

/** Selects an instant, and in the log the line written at it or right after it. */
export function selectTime(atMs: number): void {
  select({ atMs, line: nearestLogLine(useRun.getState().run, atMs) })
  const { turn } = usePointer.getState().selected ?? { turn: 0 }
  void lineAt(atMs).then((line) => { if (line !== null && usePointer.getState().selected?.turn === turn) select({ atMs, line }) }, () => {})
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
