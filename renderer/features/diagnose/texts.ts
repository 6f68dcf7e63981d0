import { layerWords, type LayerTone } from '../../ui/layers.ts'
import { groupedOf } from '../../ui/numbers.ts'

/**
 * Evidence says what an entry means behind the entry itself: `<line> (<meaning>)`, or behind a setting: `<setting>: <meaning>`.
 * Splits the two; without a meaning the whole text is the line.
 */
export function partsOfEvidence(text: string): { line: string; means: string | null } {
  if (text.endsWith(')')) {
    let depth = 0
    for (let index = text.length - 1; index > 0; index--) {
      if (text[index] === ')') depth++
      else if (text[index] === '(' && --depth === 0) return text[index - 1] === ' ' ? { line: text.slice(0, index - 1), means: text.slice(index + 1, -1) } : { line: text, means: null }
    }
  }
  return { line: text, means: null }
}

/** `config:/etc/nginx/conf.d/api.conf:14` -> `api.conf:14`: what fits into a row; the whole stands in its title. */
export function shortPlace(file: string, line: number | null, repeated: ReadonlySet<string> = new Set()): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '')
  const base = parts.at(-1) ?? file
  const name = repeated.has(base) && parts.length > 1 ? parts.slice(-2).join('/') : base
  return line === null ? name : `${name}:${line}`
}

/** Names that several files have: these are told apart by their folder. */
export function repeatedNames(files: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const file of new Set(files)) {
    const base = shortPlace(file, null)
    if (seen.has(base)) repeated.add(base)
    seen.add(base)
  }
  return repeated
}

/** Splits a headline around the name of the culprit: its product, else the word for its layer. Joined again it is the same sentence. */
export function culpritParts(headline: string, product: string | null, tone: LayerTone | null): { before: string; word: string; after: string } {
  for (const word of [product, tone && layerWords[tone]]) {
    const at = word ? headline.toLowerCase().indexOf(word.toLowerCase()) : -1
    if (word && at >= 0) return { before: headline.slice(0, at), word: headline.slice(at, at + word.length), after: headline.slice(at + word.length) }
  }
  return { before: headline, word: '', after: '' }
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${groupedOf(count)} ${count === 1 ? one : many}`
}
