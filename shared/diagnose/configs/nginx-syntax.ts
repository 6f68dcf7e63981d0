/** A directive of an nginx configuration. `block` is null for a simple one. */
export interface NginxDirective { name: string; args: string[]; line: number; file: string; block: NginxDirective[] | null }
export interface NginxTree { directives: NginxDirective[]; problems: { line: number; text: string }[] }

/** Deeper nesting than any real file; what is deeper is skipped with a note. */
const deepest = 40
const mostDirectives = 200_000

/** Parses nginx's syntax: words, quotes, comments, `;` and `{}`. Never throws: what does not fit is a problem with its line. */
export function parseNginx(file: string, text: string): NginxTree {
  const problems: NginxTree['problems'] = []
  const root: NginxDirective[] = []
  const stack: NginxDirective[][] = [root]
  let words: string[] = []
  let startLine = 1
  let count = 0
  let skipped = 0
  for (const token of tokens(text)) {
    if (token.kind === 'word') {
      if (words.length === 0) startLine = token.line
      if (words.length < 1000) words.push(token.text)
      continue
    }
    if (token.kind === 'end') {
      if (words.length > 0) problems.push({ line: startLine, text: `"${words[0]}" is not ended by ";" or "{"` })
      if (stack.length > 1) problems.push({ line: token.line, text: `${stack.length - 1} block(s) are not closed` })
      break
    }
    if (token.kind === '}') {
      if (words.length > 0) problems.push({ line: startLine, text: `"${words[0]}" is not ended by ";"` })
      words = []
      if (skipped > 0) skipped--
      else if (stack.length > 1) stack.pop()
      else problems.push({ line: token.line, text: 'a "}" too many' })
      continue
    }
    const current = stack.at(-1) ?? root
    if (words.length > 0 && count++ < mostDirectives) {
      const directive: NginxDirective = { name: words[0] ?? '', args: words.slice(1), line: startLine, file, block: token.kind === '{' ? [] : null }
      if (skipped === 0) current.push(directive)
      if (token.kind === '{') {
        if (stack.length < deepest && skipped === 0 && directive.block) stack.push(directive.block)
        else skipped++
      }
    } else if (token.kind === '{') skipped++
    words = []
  }
  if (count > mostDirectives) problems.push({ line: 1, text: `only the first ${mostDirectives} directives were read` })
  return { directives: root, problems: problems.slice(0, 20) }
}

type Token = { kind: 'word'; text: string; line: number } | { kind: ';' | '{' | '}' | 'end'; line: number }

const mostWord = 4096

function* tokens(text: string): Generator<Token> {
  let line = 1
  let index = 0
  while (index < text.length) {
    const char = text[index] ?? ''
    // Every blank that ends a word is skipped here, a byte order mark and a form feed among them.
    if (char === '\n') { line++; index++ } else if (/\s/.test(char)) index++
    else if (char === '#') {
      const end = text.indexOf('\n', index)
      index = end < 0 ? text.length : end
    } else if (char === ';' || char === '{' || char === '}') {
      yield { kind: char, line }
      index++
    } else if (char === '"' || char === "'") {
      const start = line
      let end = index + 1
      while (end < text.length && text[end] !== char) {
        if (text[end] === '\n') line++
        end += text[end] === '\\' ? 2 : 1
      }
      yield { kind: 'word', text: text.slice(index + 1, Math.min(end, index + mostWord)), line: start }
      index = end + 1
    } else {
      let end = index
      // `${name}` is part of a word: its braces open no block.
      while (end < text.length && !/[\s;{}]/.test(text[end] ?? '')) {
        if (text[end] === '$' && text[end + 1] === '{') {
          const close = text.indexOf('}', end)
          end = close < 0 || close - end > 200 ? end + 2 : close + 1
        } else end += text[end] === '\\' ? 2 : 1
      }
      yield { kind: 'word', text: text.slice(index, Math.min(end, index + mostWord)), line }
      index = end
    }
  }
  yield { kind: 'end', line }
}
