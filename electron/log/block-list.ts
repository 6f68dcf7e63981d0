import type { BlockHeader } from './block-format.ts'
import type { OpenBlock } from './open-block.ts'

/** Where a block's text is to be had. `waiting`: on its way to the file; `memory`: the file would not take it. */
export type BlockPlace =
  | { at: 'waiting' | 'memory'; block: OpenBlock }
  | { at: 'file'; offset: number }
  | { at: 'lost' }

export interface BlockEntry {
  readonly header: BlockHeader
  /** Latest time in this block and all before it: times within a log may step back a little, this never does. */
  readonly reachedMs: number
  place: BlockPlace
}

/** A log's blocks in order: one small entry per 256 KB of text is all that stays in memory of a log. */
export interface BlockList {
  readonly entries: readonly BlockEntry[]
  add(header: BlockHeader, place: BlockPlace): BlockEntry
  /** Index of the block that holds a line; the number of blocks when it is in none yet. */
  blockOfLine(line: number): number
  /** Index of the first block that reaches a time. */
  blockReaching(atMs: number): number
}

export function createBlockList(): BlockList {
  const entries: BlockEntry[] = []
  return {
    entries,
    add(header, place) {
      const entry = { header, place, reachedMs: Math.max(header.lastAtMs, entries.at(-1)?.reachedMs ?? -Infinity) }
      entries.push(entry)
      return entry
    },
    blockOfLine: (line) => firstWhere(entries, (entry) => entry.header.firstLine + entry.header.lines > line),
    blockReaching: (atMs) => firstWhere(entries, (entry) => entry.reachedMs >= atMs),
  }
}

/** Index of the first entry for which an ever-after-true statement holds. */
function firstWhere<T>(entries: readonly T[], holds: (entry: T) => boolean): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(entries[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

/** A header without the buffers that hang on an open block, so they can be used again. */
export function headerOf(block: OpenBlock): BlockHeader {
  const { flags, storedBytes, bodyBytes, segments, lines, sourceMask, firstLine, firstAtMs, lastAtMs } = block
  return { flags, storedBytes, bodyBytes, segments, lines, sourceMask, firstLine, firstAtMs, lastAtMs }
}

