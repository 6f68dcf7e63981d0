import { visibleText } from './visible-text.ts'

/**
 * Commands for terminals: CSI (colours, cursor; what stands in it and its last character are groups), OSC (titles, links) up to its end, at
 * the latest that of the line, and two-byte ones.
 */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
export const terminalCommands = /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[@-Z\\-_]/g

/**
 * A text that says what it says wherever it is shown, a terminal or a page: commands for terminals are taken out, what cannot be seen is
 * written out. A script may print or raise anything. Line ends and tabs stay.
 */
export function plainText(text: string): string {
  return visibleText(text.replace(terminalCommands, '').replaceAll('\r\n', '\n'))
}

/** The same for every text in a value. */
export function plainTexts<T>(value: T): T {
  return textsOf(value) as T
}

function textsOf(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value)
  if (Array.isArray(value)) return value.map(textsOf)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, item]: [string, unknown]) => [name, textsOf(item)])) : value
}
