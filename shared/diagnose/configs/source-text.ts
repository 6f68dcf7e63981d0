/** Source text with comments and, where asked, string contents blanked out; line numbers and offsets stay. */
export function blankComments(text: string, language: 'go' | 'js' | 'python'): string {
  const bounded = text.length > mostSource ? text.slice(0, mostSource) : text
  const pattern = language === 'python' ? /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g : /`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return bounded.replaceAll(pattern, (found) => (/^(?:#|\/\/|\/\*|"""|''')/.test(found) ? found.replaceAll(/[^\n]/g, ' ') : found))
}

/** Characters of one source file that are looked at. */
export const mostSource = 1_000_000

/** The text between a bracket and its partner, at most `most` characters; strings are respected. Null without a partner. */
export function balanced(text: string, open: number, most = 4000): string | null {
  const pairs: Record<string, string> = { '(': ')', '{': '}', '[': ']' }
  const stack: string[] = []
  let quote = ''
  for (let index = open; index < Math.min(text.length, open + most); index++) {
    const char = text[index] ?? ''
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (pairs[char]) stack.push(pairs[char] ?? '')
    else if (char === stack.at(-1)) {
      stack.pop()
      if (stack.length === 0) return text.slice(open + 1, index)
    }
  }
  return null
}

/** A piece of source and where it begins. */
export interface Piece { text: string; offset: number }

/** Arguments at the top level of a call or literal, trimmed, the empty ones left out; offsets count from the beginning of `text`. */
export function topLevelPieces(text: string): Piece[] {
  const pieces: Piece[] = []
  let depth = 0
  let quote = ''
  let start = 0
  const add = (end: number): void => {
    const raw = text.slice(start, end)
    const trimmed = raw.trim()
    if (trimmed !== '') pieces.push({ text: trimmed, offset: start + raw.search(/\S/) })
  }
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? ''
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '(' || char === '{' || char === '[') depth++
    else if (char === ')' || char === '}' || char === ']') depth--
    else if (char === ',' && depth === 0) {
      add(index)
      start = index + 1
    }
  }
  add(text.length)
  return pieces
}

export function topLevelParts(text: string): string[] {
  return topLevelPieces(text).map((piece) => piece.text)
}
