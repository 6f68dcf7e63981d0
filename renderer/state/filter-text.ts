import type { LogFilter } from '../../shared/bridge/contract.ts'

/**
 * Flags behind the closing slash: one letter, or several that JavaScript knows. Other words are the end of a path, `/usr/bin`, which is
 * looked for as text.
 */
const betweenSlashes = /^\/(.+)\/([a-z]?|[dgimsuvy]+)$/s

/**
 * What the filter field looks for. `/5\d\d/` is a regular expression, anything else is text; case counts in neither, so the flag `i` changes
 * nothing. Other flags are left in the expression, for the engine to refuse.
 */
export function parseFilterText(text: string): Pick<LogFilter, 'text' | 'regex'> {
  const match = betweenSlashes.exec(text)
  if (!match) return { text, regex: false }
  const [, source = '', flags = ''] = match
  return { text: flags === '' || flags === 'i' ? source : text, regex: true }
}
