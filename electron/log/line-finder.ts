import type { LogFilter } from '../../shared/bridge/contract.ts'

/**
 * Finds the lines of a text that a filter lets through, searching the whole text at once: an order of magnitude faster than
 * line by line. What counts is what the filter would say of each line alone, without its line end, as in `grep`:
 *
 *   - a match that spans a line feed, or may depend on what is beyond its line, is asked again of its line alone
 *   - every line that matches alone also gives a match in the whole text, as long as nothing in the expression is
 *     negative about its surroundings; such expressions are asked line by line
 *
 * `visit` gets where the line starts and ends in the text.
 */
export type LineFinder = (text: string, visit: (start: number, end: number) => void) => void

/** Null for a filter that lets every line through. Throws a SyntaxError for what is no regular expression. */
export function lineFinderOf(filter: LogFilter | null): LineFinder | null {
  if (!filter || filter.text === '') return null
  return filter.regex ? expressionFinder(filter.text) : textFinder(filter.text)
}

/** Null when the filter can be used, otherwise what is wrong with it. */
export function problemOfFilter(filter: LogFilter | null): string | null {
  try {
    lineFinderOf(filter)
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)
    return `this is not a regular expression: ${reason}`
  }
}

/** Case does not count. Lower case may be longer than the text was, but it has the same lines. */
function textFinder(wanted: string): LineFinder {
  const needle = wanted.toLowerCase()
  if (needle.includes('\n')) return () => {}
  return (text, visit) => {
    const lower = text.toLowerCase()
    let at = 0
    for (let found = lower.indexOf(needle); found !== -1; found = lower.indexOf(needle, at)) {
      const end = endOfLine(lower, found)
      if (lower.length === text.length) visit(startOfLine(lower, found, at), end)
      else visit(...sameLine(lower, text, found))
      at = end + 1
    }
  }
}

function expressionFinder(written: string): LineFinder {
  const { source, flags } = partsOf(written)
  const alone = new RegExp(source, `${flags}m`)
  if (/\(\?<?!|\[\^\]|\[\\s\\S\]|\[\\S\\s\]|\[\\[dD]\\[dD]\]|\[\\[wW]\\[wW]\]/.test(source) || flags.includes('s')) return lineByLine(alone)
  const whole = new RegExp(source, `${flags}gm`)
  const looksAround = /\(\?<?=/.test(source)
  return (text, visit) => {
    const check = looksAround || text.includes('\r')
    const last = text.endsWith('\n') ? text.length - 1 : text.length
    for (let at = 0; at <= last;) {
      whole.lastIndex = at
      const match = whole.exec(text)
      if (!match || match.index > last) return
      const start = startOfLine(text, match.index, at)
      const end = endOfLine(text, match.index)
      if (!(check || match[0].includes('\n')) || alone.test(lineOf(text, start, end))) visit(start, end)
      at = end + 1
    }
  }
}

function lineByLine(alone: RegExp): LineFinder {
  return (text, visit) => {
    for (let at = 0; at < text.length;) {
      const end = endOfLine(text, at)
      if (alone.test(lineOf(text, at, end))) visit(at, end)
      at = end + 1
    }
  }
}

/** `/like this/i` says for itself whether case counts; anything else is taken as it stands, and case does not count. */
function partsOf(written: string): { source: string; flags: string } {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(written)
  if (!match) return { source: written, flags: /\\[pP]\{|\\u\{/.test(written) ? 'iu' : 'i' }
  const unknown = /[^gimsuvy]/.exec(match[2] ?? '')
  if (unknown) throw new SyntaxError(`there is no flag "${unknown[0]}"`)
  return { source: match[1] ?? '', flags: [...new Set(match[2])].filter((flag) => 'isuv'.includes(flag)).join('') }
}

function startOfLine(text: string, at: number, notBefore: number): number {
  return at <= notBefore ? at : text.lastIndexOf('\n', at - 1) + 1
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function lineOf(text: string, start: number, end: number): string {
  return text.slice(start, end > start && text[end - 1] === '\r' ? end - 1 : end)
}

/** The line of `text` that has the same number as the line at `found` in its lower-case form. */
function sameLine(lower: string, text: string, found: number): [number, number] {
  let start = 0
  for (let at = lower.indexOf('\n'); at !== -1 && at < found; at = lower.indexOf('\n', at + 1)) start = text.indexOf('\n', start) + 1
  return [start, endOfLine(text, start)]
}
