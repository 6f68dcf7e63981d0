import type { LogRow } from '../../shared/bridge/contract.ts'
import { segmentAt, type Segment } from './block-format.ts'
import { lineFeed } from './count-lines.ts'
import { parseFields } from './message-line.ts'

/** A block's table and text as bytes, wherever they came from. */
export interface ParsedBlock { firstLine: number; lines: number; segments: number; table: Buffer; body: Buffer }

/** What a row shows of its line; the whole of it is in `lineTextOf`. */
export const mostRowBytes = 16 * 1024

/** Walks the segments of a block; `visit` gets the number of the first line of each. */
export function walkSegments(block: ParsedBlock, visit: (firstLine: number, segment: Segment) => void): void {
  let line = block.firstLine
  for (let index = 0; index < block.segments; index++) {
    const segment = segmentAt(block.table, index)
    visit(line, segment)
    line += segment.lines
  }
}

/** Walks lines of a block; `visit` gets the line's bytes without its line feed, and returns false to stop. */
export function walkLines(block: ParsedBlock, from: number, visit: (line: LineOfBlock) => boolean | void): void {
  let line = block.firstLine
  let at = 0
  for (let index = 0; index < block.segments; index++) {
    const segment = segmentAt(block.table, index)
    const end = at + segment.bytes
    if (line + segment.lines <= from) {
      line += segment.lines
      at = end
      continue
    }
    for (let k = 0; k < segment.lines; k++, line++) {
      const found = block.body.indexOf(lineFeed, at)
      const stop = found === -1 ? end : found
      if (line >= from && visit({ line, start: at, end: stop, segment }) === false) return
      at = stop + 1
    }
    at = end
  }
}

export interface LineOfBlock { line: number; start: number; end: number; segment: Segment }

/** A row for the screen. A carriage return before the line feed is part of the line's end, not of the line. */
export function rowOf(block: ParsedBlock, { line, start, end, segment }: LineOfBlock): LogRow {
  const isMessage = segment.level !== null
  const textEnd = isMessage ? start + segment.messageBytes : withoutReturn(block.body, start, end)
  const shown = Math.min(textEnd, wholeCharacters(block.body, start, textEnd))
  return {
    line, atMs: segment.atMs, source: segment.source, level: segment.level,
    text: block.body.toString('utf8', start, shown),
    cut: shown < textEnd,
    fields: isMessage ? parseFields(block.body.toString('utf8', textEnd, end)) : null,
  }
}

/** The whole line as text, fields and all. */
export function lineTextOf(block: ParsedBlock, { start, end }: LineOfBlock): string {
  return block.body.toString('utf8', start, withoutReturn(block.body, start, end))
}

function withoutReturn(body: Buffer, start: number, end: number): number {
  return end > start && body[end - 1] === 13 ? end - 1 : end
}

/** Where to cut a long line without cutting a character in two. */
function wholeCharacters(body: Buffer, start: number, end: number): number {
  let at = start + mostRowBytes
  if (at >= end) return end
  while (at > start + mostRowBytes - 4 && ((body[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}
