import { looksLikeFlags, parseFilterText } from '../../state/filter-text.ts'
import { groupedOf, percentOf } from '../../ui/numbers.ts'

/** What is searched for in the log, as text or as a regular expression, and what has been found. `progress`: 0..1, null when not told. */
export function searchWords({ filterText, total, scanning, progress }: { filterText: string; total: number; scanning: boolean; progress: number | null }): string {
  const { text, regex } = parseFilterText(filterText)
  const wanted = regex ? `the regular expression ${text}` : `the text "${text}"`
  if (scanning) return `Searching${text === '' ? '' : ` for ${wanted}`}${progress === null ? '' : `, ${percentOf(progress)}`}: ${groupedOf(total)} so far`
  const verb = text === '' ? '' : regex ? ` that ${total === 1 ? 'matches' : 'match'} ${wanted}` : ` with ${wanted}`
  if (total > 0) return `${groupedOf(total)} ${total === 1 ? 'line' : 'lines'} shown${verb}`
  if (text === '') return 'No line matches.'
  return regex ? `No line matches ${wanted}.` : `No line has ${wanted}.${looksLikeFlags(text) ? ' A regular expression ends in / or /i.' : ''}`
}
