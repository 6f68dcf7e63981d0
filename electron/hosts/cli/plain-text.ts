/**
 * Text of a run made harmless for a terminal: colours and other commands of terminals go, other control characters become visible.
 * A script may print or raise anything. Line breaks stay.
 */
export function plainText(text: string): string {
  return text
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g, '')
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, (character) => character === '\u007F' ? '\u2421' : character < '\u0020' ? String.fromCodePoint(0x2400 + (character.codePointAt(0) ?? 0)) : '\uFFFD')
    // Marks that turn the direction of text round can make a line read as another one.
    .replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
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
