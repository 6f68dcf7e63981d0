/**
 * The regular expression of a log filter, the same for the engine that searches and the screen that marks. `/like this/i` says for itself
 * whether case counts; anything else is taken as it stands, and case does not count. Throws a SyntaxError for what is none.
 */
export function logExpressionOf(written: string): RegExp {
  const match = /^\/(.+)\/([a-z]*)$/s.exec(written)
  if (!match) return new RegExp(written, /\\[pP]\{|\\u\{/.test(written) ? 'iu' : 'i')
  const [, source = '', flags = ''] = match
  const unknown = /[^i]/.exec(flags)
  if (unknown) throw new SyntaxError(`there is no flag "${unknown[0]}" here, only "i" (upper and lower case are the same)`)
  return new RegExp(source, flags)
}
