import type { LayerTone } from '../../ui/layers.ts'

/** How a layer may be called in a sentence; the first hit is the one that gets the mark. */
const wordsOfTone: Record<LayerTone, RegExp> = {
  client: /\bclient\b/i, network: /\b(network|connection)\b/i, proxy: /\b(proxy(?: \d+)?|nginx|HAProxy)\b/i, gateway: /\b(gateway|platform)\b/i, connector: /\bconnector\b/i,
  python: /\b(script|wrapper|Python|interpreter|transform\(\))\b/i, os: /\b(operating system|kernel|platform|script)\b/i,
}

/** Splits a headline around the word that names the culprit. Joined again it is the same sentence. */
export function headlineParts(headline: string, tone: LayerTone | null): { before: string; word: string; after: string } {
  const match = tone ? wordsOfTone[tone].exec(headline) : null
  if (!match) return { before: headline, word: '', after: '' }
  return { before: headline.slice(0, match.index), word: match[0], after: headline.slice(match.index + match[0].length) }
}

const idPattern = /((?:client|network|proxy\d*|gateway|connector|wrapper|os|platform|script|python)\.[a-z_]+|[A-Za-z]+Error\b(?:: '[^']*')?)/

/** Splits a sentence into plain text and the ids and exception names in it, which are set in monospace. */
export function codeParts(text: string): { text: string; code: boolean }[] {
  return text.split(idPattern).map((part, index) => ({ text: part, code: index % 2 === 1 })).filter((part) => part.text !== '')
}

const measurePattern = /(\d (?:ms|s|min|h|B|KB|MB|GB|TB|%)(?![\w]))/

/** Splits plain text so that a number's last digit and its unit are one part: a line must not end between them. */
export function measureParts(text: string): { text: string; measure: boolean }[] {
  return text.split(measurePattern).map((part, index) => ({ text: part, measure: index % 2 === 1 })).filter((part) => part.text !== '')
}
