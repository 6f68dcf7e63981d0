import { create } from 'zustand'
import type { HistoryRow } from '../../shared/run/history.ts'
import { visibleValue } from '../../shared/text/visible-text.ts'
import { whenOf } from '../ui/when.ts'
import type { Command } from './commands.ts'
import { call } from './engine.ts'
import { openKeptRun } from './history.ts'
import { runTitleOf } from './run-title.ts'

/** Kept runs that the words in the palette select, newest first, as what the palette does with them: it opens them. */
export const useFoundRuns = create<{ commands: readonly Command[]; searching: boolean }>(() => ({ commands: [], searching: false }))

/** As many as there is room for; who wants more has the History pane. */
const mostRows = 6
/** Fewer characters select nearly every run. */
const leastCharacters = 2
/** Somebody who types has paused for this long (ms). */
const pauseMs = 120

let timer: ReturnType<typeof setTimeout> | undefined
/** Counts up with every new question; answers to older ones are thrown away. */
let turn = 0

/** Asks the engine, which searches what it keeps, for the runs of these words: script, case, limit, outcome, what was said. */
export function findRuns(query: string): void {
  clearTimeout(timer)
  const mine = ++turn
  const search = query.trim()
  // A time, a run's number, a path and a command have ways of their own.
  if (search.length < leastCharacters || /^[:#/>]|^[A-Za-z]:\\/.test(search)) { useFoundRuns.setState({ commands: [], searching: false }); return }
  useFoundRuns.setState({ searching: true })
  timer = setTimeout(() => {
    // Without a history, or where it cannot be read, nothing is found; its pane tells why.
    void call('historyList', { search, count: mostRows }).then(({ runs }) => visibleValue(runs), () => []).then((rows) => {
      if (mine === turn) useFoundRuns.setState({ commands: rows.map((row) => runCommandOf(row, new Date())), searching: false })
    })
  }, pauseMs)
}

const icons = { cut: 'scissors', failed: 'warning', completed: 'ok' } as const

export function runCommandOf(row: HistoryRow, now: Date): Command {
  const { number, script, caseName, outcome } = row
  const title = runTitleOf(row)
  return {
    id: `run-${row.id}`, group: 'Runs', icon: icons[outcome], label: `Run ${number}: ${script}${caseName === null ? '' : `, ${caseName}`}`,
    hint: [...(title.toLowerCase() === outcome ? [] : [title]), outcome, whenOf(row.startedAt, now)].join(' · '), run: () => void openKeptRun(row.id),
  }
}
