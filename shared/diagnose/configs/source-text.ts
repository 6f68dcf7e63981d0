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

/** Arguments at the top level of a call or literal. */
export function topLevelParts(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const char = text[index] ?? ''
    if (quote !== '') {
      if (char === '\\') index++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '(' || char === '{' || char === '[') depth++
    else if (char === ')' || char === '}' || char === ']') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim()).filter((part) => part !== '')
}
