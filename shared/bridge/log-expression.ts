/**
 * The regular expression of a log filter, the same for the engine that searches and the screen that marks. It is taken as it stands, and case
 * does not count. Throws a SyntaxError for what is none.
 */
export function logExpressionOf(written: string): RegExp {
  return new RegExp(written, /\\[pP]\{|\\u\{/.test(written) ? 'iu' : 'i')
}
