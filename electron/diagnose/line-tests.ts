/** Whether the line at bytes[start..end) is worth reading. Must be quick: it is asked once per line of a huge file. */
export type LineTest = (bytes: Uint8Array, start: number, end: number) => boolean

const quote = 0x22
const space = 0x20
const dash = 0x2d

/**
 * Common Log Format: the status stands behind the quoted request. A line is of interest when it is no 2xx or 3xx, when it has no
 * status where one belongs, or when it was slow (`rt=` of ten seconds and more).
 */
export const accessTest: LineTest = (bytes, start, end) => {
  let index = start
  while (index < end && bytes[index] !== quote) index++
  for (index++; index < end; index++) {
    if (bytes[index] !== quote || bytes[index + 1] !== space) continue
    const first = bytes[index + 2] as number
    if ((first !== 0x32 && first !== 0x33) || bytes[index + 5] !== space) return true
    return isSlow(bytes, index + 6, end)
  }
  return end > start
}

/** `rt=12.345`: two digits in front of the point are ten seconds. */
function isSlow(bytes: Uint8Array, from: number, end: number): boolean {
  for (let index = from; index < end; index++) {
    // "rt=" with nothing in front of it: urt= and the like count other times.
    if (bytes[index] === 0x3d && bytes[index - 1] === 0x74 && bytes[index - 2] === 0x72 && bytes[index - 3] === space) return isDigit(bytes[index + 1]) && isDigit(bytes[index + 2])
  }
  return false
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** HAProxy: a session that ended normally has `----` and a status below 500. */
export const haproxyTest: LineTest = (bytes, start, end) => {
  for (let index = start + 4; index < end - 4; index++) {
    if (bytes[index] !== dash || bytes[index + 1] !== dash || bytes[index + 2] !== dash || bytes[index + 3] !== dash || bytes[index - 1] !== space) continue
    return statusBefore(bytes, start, index) >= 0x35
  }
  return end > start
}

/** First digit of the status: `504 198 - - ----`, four words in front of the state. */
function statusBefore(bytes: Uint8Array, start: number, state: number): number {
  let words = 0
  for (let index = state - 2; index > start; index--) {
    if (bytes[index] === space && ++words === 4) return bytes[index + 1] ?? 0
  }
  return 0
}

/**
 * Lines that contain one of many words (three bytes and longer), case counting: every word is filed under two neighbouring pairs of its
 * bytes, the rarest it has, so that looking at every second pair of the line cannot miss it. Only a hit is compared; the cost per byte
 * does not grow with the number of words.
 */
export function wordsTest(words: readonly string[]): LineTest {
  // One bit per pair: 8 KB stay in the fastest cache, where a table of bucket numbers would not.
  const known = new Int32Array(2048)
  const table = new Uint16Array(65_536)
  const buckets: { bytes: Buffer; at: number }[][] = [[]]
  for (const word of words) {
    const bytes = Buffer.from(word, 'latin1')
    if (bytes.length < 3) continue
    const rarest = rarestTriple(bytes)
    for (const at of [rarest, rarest + 1]) {
      const key = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
      if (table[key] === 0) table[key] = buckets.push([]) - 1
      buckets[table[key] ?? 0]?.push({ bytes, at })
      known[key >> 5] = (known[key >> 5] ?? 0) | (1 << (key & 31))
    }
  }
  return (bytes, start, end) => {
    const last = end - 1
    for (let index = start; index < last; index += 2) {
      const key = ((bytes[index] as number) << 8) | (bytes[index + 1] as number)
      if (((known[key >> 5] as number) & (1 << (key & 31))) !== 0 && anyStands(buckets[table[key] as number] as { bytes: Buffer; at: number }[], bytes, index, start, end)) return true
    }
    return false
  }
}

function anyStands(words: readonly { bytes: Buffer; at: number }[], bytes: Uint8Array, index: number, start: number, end: number): boolean {
  for (const word of words) if (standsAt(bytes, index - word.at, word.bytes, start, end)) return true
  return false
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
