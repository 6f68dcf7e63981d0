import type { Sign } from '../fact.ts'

/** Words that mean something wherever they stand: in a console, behind a logger's header, in a JSON field. */
export interface Phrase {
  pattern: RegExp
  /** The signs of a match; null where the match means nothing after all. */
  sign(match: RegExpExecArray, text: string): Sign | null
}

/** The first phrase of the list that matches and means something. */
export function signIn(text: string, phrases: readonly Phrase[]): Sign | null {
  for (const { pattern, sign } of phrases) {
    const match = pattern.exec(text)
    const found = match ? sign(match, text) : null
    if (found) return found
  }
  return null
}
