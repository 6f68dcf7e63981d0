/** A piece of HTML that is safe to put into a page as it is: made by `html`, or written by us. */
export interface Markup { readonly markup: string }
type Part = Markup | string | number | null | undefined | false | readonly Part[]

/** A template for HTML and SVG: whatever is put in is escaped, unless it is markup itself. Attribute values must be in double quotes. */
export function html(pieces: TemplateStringsArray, ...parts: Part[]): Markup {
  let markup = pieces[0] ?? ''
  for (const [index, part] of parts.entries()) markup += textOf(part) + (pieces[index + 1] ?? '')
  return { markup }
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'number') return Number.isFinite(part) ? String(part) : ''
  if (typeof part === 'string') return escapeHtml(part)
  return 'markup' in part ? part.markup : part.map(textOf).join('')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Control characters become visible: a report must not depend on what a terminal makes of them. */
export function escapeHtml(text: string): string {
  return text
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/\u001B\[[0-9;:]*m/g, '')
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, (character) => character === '\u007F' ? '\u2421' : String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0)))
    .replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
