/** Keys whose values find something and therefore stay as they are. */
const finders = new Set(['id', 'key', 'ref', 'refs'])

/** A piece of a text: as it is, or characters that cannot be seen, with how they are written in Python. */
export interface VisiblePiece { text: string; shown?: string }

/**
 * What a screen does not show, or obeys: control characters, marks that turn the direction of writing, characters without width, halves of
 * a surrogate pair. Tabs and line ends have room of their own; selectors of variants belong to the character before them, joiners between emoji to both.
 */
const unseen = /(?:(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?)\u200d|\u200d(?!\p{Extended_Pictographic})|[[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]--[\t\n\u200d\p{Variation_Selector}]])+/gv
/** More pieces than this are no page's business: the rest of the text is one piece. */
const mostPieces = 400

/** Splits a text at what cannot be seen in it. The pieces' texts together are the text. */
export function visiblePieces(text: string): VisiblePiece[] {
  const pieces: VisiblePiece[] = []
  let from = 0
  for (const match of text.matchAll(unseen)) {
    if (pieces.length >= mostPieces) {
      const rest = text.slice(from)
      return [...pieces, { text: rest, shown: rest.replace(unseen, escaped) }]
    }
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ text: match[0], shown: escaped(match[0]) })
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}

/**
 * A text with what cannot be seen made visible where there is no look to tell it apart: `‹\x1b›`, `‹\u202e›`. Line ends and tabs stay. What
 * comes from a log can neither hide nor rearrange what stands on the screen.
 */
export function visibleText(text: string): string {
  return text.replace(unseen, (characters) => `‹${escaped(characters)}›`)
}

/** Every text of a plain value made visible; ids and references stay. */
export function visibleValue<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (finders.has(key) ? value : visibleText(value)) as T
  if (Array.isArray(value)) return value.map((item: unknown) => visibleValue(item, key)) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visibleValue(item as unknown, name)])) as T
  return value
}

/** Every font has these; the pictures that Unicode has for control characters (U+2400) are missing in many. */
function escaped(characters: string): string {
  return [...characters].map((character) => {
    if (character === '\r') return '\\r'
    const hex = (character.codePointAt(0) ?? 0).toString(16)
    return hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
  }).join('')
}
