import { create } from 'zustand'
import { formatMs } from '../../shared/limits/units.ts'
import { foldRun, type Run } from '../../shared/run/fold-run.ts'
import { scriptTextIn } from '../../shared/run/script-text.ts'
import { call } from './engine.ts'
import { activeTab, usePlan } from './plan.ts'

/** How long a script really needs, measured in a run that let it end. */
export interface Need { ms: number; words: string }

/** The need found among kept runs, of the script with this text. */
export const useKeptNeed = create<{ text: string | null; need: Need | null }>(() => ({ text: null, need: null }))

/** From the request to the end of the script, ms; null when something ended it. */
function endedByItselfMs(run: Run): number | null {
  return run.exit && run.exit.exit.signal === null && run.exit.exit.exitCode === 0 && run.kills.length === 0 && run.exit.atMs > 0 ? run.exit.atMs : null
}

/** In the run on the screen, if it was let to end. */
export function needOf(run: Run): Need | null {
  const ms = endedByItselfMs(run)
  return ms === null ? null : { ms, words: `script needs ${rounded(ms)} (measured)` }
}

function rounded(ms: number): string {
  return formatMs(ms >= 1000 ? Math.round(ms / 10) * 10 : Math.round(ms))
}

/** Completed runs of the script's name that are looked into: each comes with all of its events. */
const mostRuns = 3

/** A run that was cut does not tell what the script needs; an earlier one of the very same script and kept does. Looks for it, newest first. */
export async function findKeptNeed(): Promise<void> {
  const { name, text } = activeTab(usePlan.getState())
  if (useKeptNeed.getState().text === text && useKeptNeed.getState().need) return
  useKeptNeed.setState({ text, need: null })
  const page = await call('historyList', { outcome: 'completed', search: name, count: 20 }).catch(() => null)
  for (const row of page?.runs.filter((candidate) => candidate.script === name).slice(0, mostRuns) ?? []) {
    const kept = await call('historyGet', row.id).catch(() => null)
    if (useKeptNeed.getState().text !== text) return
    const ms = kept && scriptTextIn(kept.events) === text ? endedByItselfMs(foldRun(kept.events)) : null
    if (ms !== null) { useKeptNeed.setState({ need: { ms, words: `script needs ${rounded(ms)} (run ${row.number})` } }); return }
  }
}
