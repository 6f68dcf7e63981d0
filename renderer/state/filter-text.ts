import type { LogFilter } from '../../shared/bridge/contract.ts'

/**
 * What the filter field looks for: between slashes, `/5\d\d/` or `/5\d\d/i`, a regular expression, anything else as it stands. Case counts in
 * neither, so the flag `i` changes nothing; with any other letters behind the last slash, `/usr/bin`, `/home/sid`, it is the text of a path. A
 * path that ends in a slash is an expression: without signs that mean something else there it finds the lines with that path all the same.
 * The screen says which of the two it is (`search-words.ts`).
 */
export function parseFilterText(text: string): Pick<LogFilter, 'text' | 'regex'> {
  const [, source] = /^\/(.+)\/i?$/s.exec(text) ?? []
  return source === undefined ? { text, regex: false } : { text: source, regex: true }
}

/** Does a text look like an expression with flags that are none here? */
export function looksLikeFlags(text: string): boolean {
  return /^\/.+\/[dgimsuvy]+$/s.test(text) && !parseFilterText(text).regex
}
