import { redacted, redactText } from './redact-text.ts'
import { isSecretName } from './secret-names.ts'
import { isStructuralWord } from './structural-words.ts'

/** Shorter values are too likely to be part of something else. */
const shortestKnown = 6
/** From this length on a value is looked for inside of words, too. */
const shortestInside = 12
/** More than any input has; the rest is still found by name and by shape. */
const mostKnown = 500

/** Secrets that JSON values hold and texts assign, so that they are found wherever else they stand. */
export function knownSecrets(values: readonly unknown[], texts: Iterable<string>): string[] {
  const known = new Set<string>()
  for (const value of values) collectSecrets(value, known)
  for (const text of texts) collectFromText(text, known)
  return [...known].flatMap(asWritten).filter((value) => value.length >= shortestKnown && !isStructuralWord(value)).slice(0, mostKnown)
}

/** Values that stand under a secret name. */
function collectSecrets(value: unknown, known: Set<string>, isSecret = false): void {
  if (typeof value === 'string') {
    if (isSecret) known.add(value)
  } else if (Array.isArray(value)) {
    for (const item of value) collectSecrets(item, known, isSecret)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) collectSecrets(item, known, isSecret || isSecretName(name) || (name === 'value' && isNamedSecret(value)))
  }
}

/** `{ name: 'Cookie', value: 'sid=1' }`: the value of one that is named like a secret. */
export function isNamedSecret(value: object): boolean {
  const { name, key, header } = value as Record<string, unknown>
  return [name, key, header].some((word) => typeof word === 'string' && isSecretName(word))
}

/** A value, and as it stands in an address. */
function asWritten(value: string): string[] {
  // Half of a pair of surrogates cannot be written in an address.
  return value.isWellFormed() ? [...new Set([value, encodeURIComponent(value)])] : [value]
}

/** Quoted texts that a script assigns to a secret name. */
function collectFromText(text: string, known: Set<string>): void {
  for (const match of text.matchAll(/([A-Za-z_][\w.-]{0,80})["']?\]?\s*[=:]\s*["']([^"'\n]+)["']/g)) {
    if (isSecretName(match[1] ?? '') && match[2] !== undefined) known.add(match[2])
  }
}

/** Redacts one text: known values first, then what can be told by name or shape. */
export function cleanerOf(known: readonly string[]): (text: string) => string {
  if (known.length === 0) return redactText
  const pattern = new RegExp(known.toSorted((a, b) => b.length - a.length).map(patternOf).join('|'), 'g')
  return (text) => redactText(text.replaceAll(pattern, redacted))
}

/** A short value counts only as a word of its own: it may be a part of others. */
function patternOf(value: string): string {
  const literal = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  if (value.length >= shortestInside) return literal
  return `${/^[\w]/.test(value) ? '(?<![A-Za-z0-9])' : ''}${literal}${/[\w]$/.test(value) ? '(?![A-Za-z0-9])' : ''}`
}
