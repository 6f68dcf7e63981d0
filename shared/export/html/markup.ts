import { plainText } from '../../text/plain-text.ts'

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

/** A report shows what a script said and obeys nothing of it: neither markup nor commands for terminals nor marks that turn the direction of writing. */
export function escapeHtml(text: string): string {
  return plainText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
