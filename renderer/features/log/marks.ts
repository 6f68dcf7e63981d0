import { logExpressionOf } from '../../../shared/bridge/log-expression.ts'
import { parseFilterText } from '../../state/filter-text.ts'
import type { TextRun } from '../../ui/ansi.ts'

/** A run with the part of it that matches the filter told apart. */
export interface MarkedRun extends TextRun { marked: boolean }

/** What the filter field looks for, as an expression for highlighting; null when there is nothing to mark or it is not valid. */
export function markPattern(filterText: string): RegExp | null {
  if (filterText === '') return null
  const { text, regex } = parseFilterText(filterText)
  try {
    const pattern = regex ? logExpressionOf(text) : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
    return new RegExp(pattern, `${pattern.flags}g`)
  } catch {
    return null
  }
}

/** Cuts runs at the matches. At most 50 matches are marked in a line, and only in its first 4 000 characters. */
export function markRuns(runs: readonly TextRun[], pattern: RegExp | null): MarkedRun[] {
  if (!pattern) return runs.map((run) => ({ ...run, marked: false }))
  const marked: MarkedRun[] = []
  let left = 50
  for (const run of runs) {
    if (run.shown !== undefined) { marked.push({ ...run, marked: run.text.match(pattern)?.some((found) => found !== '') ?? false }); continue }
    let from = 0
    for (const match of run.text.slice(0, 4000).matchAll(pattern)) {
      if (match[0] === '' || left-- <= 0) break
      if (match.index > from) marked.push({ ...run, text: run.text.slice(from, match.index), marked: false })
      marked.push({ ...run, text: match[0], marked: true })
      from = match.index + match[0].length
    }
    if (from < run.text.length) marked.push({ ...run, text: run.text.slice(from), marked: false })
  }
  return marked
}
