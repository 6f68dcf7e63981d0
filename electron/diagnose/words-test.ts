import type { LineTest } from './line-tests.ts'

interface Word { bytes: Buffer; at: number; kind: number }

/**
 * Lines that contain one of many words (three bytes and longer), case counting: every word is filed under two neighbouring pairs of its
 * bytes, the rarest it has, so that looking at every second pair of the line cannot miss it. Only a hit is compared; the cost per byte
 * does not grow with the number of words. The kind of a line is the number of its first word.
 */
export function wordsTest(words: readonly string[]): LineTest {
  // One bit per pair: 8 KB stay in the fastest cache, where a table of bucket numbers would not.
  const known = new Int32Array(2048)
  const table = new Uint16Array(65_536)
  const buckets: Word[][] = [[]]
  for (const [number, word] of words.entries()) {
    const bytes = Buffer.from(word, 'utf8')
    if (bytes.length < 3) continue
    const rarest = rarestTriple(bytes)
    for (const at of [rarest, rarest + 1]) {
      const key = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
      if (table[key] === 0) table[key] = buckets.push([]) - 1
      buckets[table[key] ?? 0]?.push({ bytes, at, kind: number + 1 })
      known[key >> 5] = (known[key >> 5] ?? 0) | (1 << (key & 31))
    }
  }
  return (bytes, start, end) => {
    const last = end - 1
    for (let index = start; index < last; index += 2) {
      const key = ((bytes[index] as number) << 8) | (bytes[index + 1] as number)
      if (((known[key >> 5] as number) & (1 << (key & 31))) === 0) continue
      const kind = wordAt(buckets[table[key] as number] as Word[], bytes, index, start, end)
      if (kind !== 0) return kind
    }
    return 0
  }
}

function wordAt(words: readonly Word[], bytes: Uint8Array, index: number, start: number, end: number): number {
  for (const word of words) if (standsAt(bytes, index - word.at, word.bytes, start, end)) return word.kind
  return 0
}

function standsAt(bytes: Uint8Array, at: number, word: Buffer, start: number, end: number): boolean {
  if (at < start || at + word.length > end) return false
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return false
  return true
}

/** Where the three bytes begin that hardly occur in log lines: capitals, signs and rare letters rather than what every line has. */
function rarestTriple(word: Buffer): number {
  const common = 'etaoinsrlcdump0123456789 ./-:"'
  const rarity = (byte: number | undefined) => {
    const at = common.indexOf(String.fromCharCode(byte ?? 0))
    return at < 0 ? 40 : at
  }
  let best = 0
  let bestScore = -1
  for (let index = 0; index + 2 < word.length; index++) {
    // Both pairs count: the commoner one decides how often a line is looked at in vain.
    const score = Math.min(rarity(word[index]) + rarity(word[index + 1]), rarity(word[index + 1]) + rarity(word[index + 2]))
    if (score > bestScore) { best = index; bestScore = score }
  }
  return best
}
