import { limitKindOf } from '../../shared/limits/catalog.ts'
import { baseUnitOf, formatValue } from '../../shared/limits/units.ts'
import { announce } from './announcer.ts'
import { activateTab, activeTab, editLimit, usePlan } from './plan.ts'
import { lineAt } from './log-times.ts'
import { showWholeLog } from './log.ts'
import { bringInSight } from './one-column.ts'
import { isAfterEnd, placeOfRef } from './places.ts'
import { changePlan } from './plan-undo.ts'
import { select, usePointer } from './pointer.ts'
import { showResult, type ResultTab } from './result-tab.ts'
import { isLive, startRun, stopRun, useRun } from './run.ts'
import { tabOfRun, useScriptLine } from './script-line.ts'
import { isOwnFile } from './stacks.ts'
import { judgeRun } from './verdict.ts'
import { setView, useView } from './view.ts'

/** Sets one limit (null = none) and runs again: the buttons of a verdict's advice. The change can be taken back. */
export async function applyAndRun(limitId: string, value: number | null): Promise<void> {
  const kind = limitKindOf(limitId)?.kind ?? 'count'
  changePlan(() => {
    editLimit(limitId, { value })
    return `${limitId} ${value === null ? 'taken away' : `set to ${formatValue(value, baseUnitOf[kind])}`}`
  })
  await runNow()
}

/** Runs what is on the screen, and brings the answer in sight. */
export async function runNow(): Promise<void> {
  bringInSight('.main')
  await startRun()
}

export async function runOrStop(): Promise<void> {
  if (isLive(useRun.getState())) await stopRun()
  else await runNow()
}

/** Opens one of the views below the chart. */
export function openResult(tab: ResultTab): void {
  showResult(tab)
  bringInSight('.log-pane')
}

/** Selects what a reference points at, so that chart, log, limits and script go there. */
export function jumpTo(ref: string): void {
  const { run } = useRun.getState()
  const place = placeOfRef(run, ref)
  // A filtered log may not hold the line, and another pane does not show the limit.
  if (place.line !== null) { showWholeLog(); bringInSight('.log-pane') }
  const { pane } = useView.getState()
  if (place.limitId !== null && pane !== 'script' && pane !== 'limits') setView({ pane: 'limits' })
  select(place)
  const own = ref === 'stack' ? run.stack?.frames.find((frame) => isOwnFile(run, frame.file)) : undefined
  const tab = tabOfRun(run, usePlan.getState())
  if (own && tab && tab === activeTab(usePlan.getState())) useScriptLine.setState({ wanted: { tabId: tab.id, line: own.line, focus: false } })
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

/**
 * Selects an instant, and in the log what had been written last by then (`after`: what is written then or next); `slackMs` later counts
 * as then. No line is about an instant that the run did not reach.
 */
export function selectTime(atMs: number, side: 'before' | 'after' = 'before', slackMs = 0): void {
  const { run } = useRun.getState()
  select({ atMs })
  if (isAfterEnd(run, atMs - slackMs)) return
  const { turn } = usePointer.getState().selected ?? { turn: 0 }
  void lineAt(atMs + slackMs, side).then((line) => { if (line !== null && usePointer.getState().selected?.turn === turn) select({ atMs, line }) }, () => {})
}

/** Shows a line of the script that was run, with the cursor in it. */
export function goToLine(line: number): void {
  const tab = tabOfRun(useRun.getState().run, usePlan.getState())
  if (!tab) return
  setView({ pane: 'script' })
  activateTab(tab.id)
  useScriptLine.setState({ wanted: { tabId: tab.id, line, focus: true } })
}

/** Selects a limit where its deadline stands, and the line of the log that tells that it fired. */
export function selectLimit(limitId: string): void {
  select({ ...placeOfRef(useRun.getState().run, `limit:${limitId}`) })
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
