import type { LogLevel, LogSource } from '../../shared/run/event.ts'
import { blockBodyBytes, growSegment, maskOf, mostSegments, segmentBytes, toHeader, writeSegment, type BlockHeader } from './block-format.ts'
import { countLines } from './count-lines.ts'

/** Output lines of one source that come within this time share a segment: times of lines are right to a millisecond. */
const sameTimeMs = 1

/** The block being filled, and afterwards the one waiting to be written. */
export interface OpenBlock extends BlockHeader {
  /** Text; the first `bodyBytes` are in use. */
  readonly body: Buffer
  readonly words: Int32Array
  readonly table: Buffer
}

/** `capacity` only for a single line that is longer than a block. */
export function createOpenBlock(firstLine: number, capacity = blockBodyBytes, reuse?: OpenBlock): OpenBlock {
  const body = reuse?.body ?? Buffer.from(new ArrayBuffer(Math.ceil(capacity / 4) * 4))
  return {
    flags: 0, storedBytes: 0, bodyBytes: 0, segments: 0, lines: 0, sourceMask: 0, firstLine, firstAtMs: Infinity, lastAtMs: -Infinity,
    body, words: reuse?.words ?? new Int32Array(body.buffer, 0, body.length >> 2),
    table: reuse?.table ?? Buffer.from(new ArrayBuffer(mostSegments * segmentBytes)),
  }
}

export function roomIn(block: OpenBlock): number {
  return block.segments >= mostSegments ? 0 : block.body.length - block.bodyBytes
}

/** Adds whole lines of output (each ends with \n) that fit. Returns how many there were. */
export function addLines(block: OpenBlock, bytes: Uint8Array, source: LogSource, atMs: number): number {
  const from = block.bodyBytes
  block.body.set(bytes, from)
  const lines = countLines(block.body, block.words, from, from + bytes.length)
  extend(block, bytes.length, lines, source, atMs)
  return lines
}

/** Adds one line in two pieces, its beginning kept from earlier; `rest` ends with \n. */
export function addJoinedLine(block: OpenBlock, start: Uint8Array, rest: Uint8Array, source: LogSource, atMs: number): void {
  block.body.set(start, block.bodyBytes)
  block.body.set(rest, block.bodyBytes + start.length)
  extend(block, start.length + rest.length, 1, source, atMs)
}

/** Adds a flow message, already in bytes that end with \n. */
export function addMessage(block: OpenBlock, line: Uint8Array, messageBytes: number, source: LogSource, level: LogLevel, atMs: number): void {
  block.body.set(line, block.bodyBytes)
  writeSegment(block.table, block.segments++, atMs, 1, line.length, messageBytes, source, level)
  noteLines(block, line.length, 1, source, atMs)
}

function extend(block: OpenBlock, bytes: number, lines: number, source: LogSource, atMs: number): void {
  const last = block.segments - 1
  if (last >= 0 && mayShare(block.table, last, source, atMs)) growSegment(block.table, last, lines, bytes)
  else writeSegment(block.table, block.segments++, atMs, lines, bytes, 0, source, null)
  noteLines(block, bytes, lines, source, atMs)
}

function mayShare(table: Buffer, last: number, source: LogSource, atMs: number): boolean {
  const at = last * segmentBytes
  if (table[at + 21] !== 0 || maskOf(source) !== 1 << (table[at + 20] ?? 0)) return false
  const sinceMs = atMs - table.readDoubleLE(at)
  return sinceMs >= 0 && sinceMs < sameTimeMs
}

function noteLines(block: OpenBlock, bytes: number, lines: number, source: LogSource, atMs: number): void {
  block.bodyBytes += bytes
  block.storedBytes += bytes
  block.lines += lines
  block.sourceMask |= maskOf(source)
  block.firstAtMs = Math.min(block.firstAtMs, atMs)
  block.lastAtMs = Math.max(block.lastAtMs, atMs)
}

/** The block as it goes to the file. */
export function buffersOf(block: OpenBlock): Buffer[] {
  const table = block.table.subarray(0, block.segments * segmentBytes)
  return [toHeader(block, table), table, block.body.subarray(0, block.bodyBytes)]
}

/** The same block in buffers no larger than it needs, for keeping. */
export function fittedCopyOf(block: OpenBlock): OpenBlock {
  const body = Buffer.from(new ArrayBuffer(Math.ceil(block.bodyBytes / 4) * 4))
  block.body.copy(body, 0, 0, block.bodyBytes)
  const table = Buffer.from(new ArrayBuffer(block.segments * segmentBytes))
  block.table.copy(table, 0, 0, table.length)
  return { ...block, body, table, words: new Int32Array(body.buffer) }
}
