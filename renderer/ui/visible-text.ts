/** Keys whose values find something and therefore stay as they are. */
const finders = new Set(['id', 'key', 'ref', 'refs'])

/**
 * A text with its control characters made visible: `␛`, `␀`; marks that turn the direction of writing as `‹U+202E›`. Line ends and tabs
 * stay. What comes from a log can neither hide nor rearrange what stands on the screen.
 */
export function visibleText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    const code = character.charCodeAt(0)
    if (code < 32) return String.fromCharCode(0x2400 + code)
    if (code === 127) return '␡'
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

/** Every text of a plain value made visible; ids and references stay. */
export function visibleValue<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (finders.has(key) ? value : visibleText(value)) as T
  if (Array.isArray(value)) return value.map((item: unknown) => visibleValue(item, key)) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visibleValue(item as unknown, name)])) as T
  return value
}
