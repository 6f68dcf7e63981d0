import type { FieldValue, LogLevel, LogSource } from '../../shared/run/event.ts'
import { blockBodyBytes } from './block-format.ts'
import { headerOf, type BlockList } from './block-list.ts'
import { createBlockWriter, type BlockWriter } from './block-writer.ts'
import { lineFeed } from './count-lines.ts'
import { messageLineOf } from './message-line.ts'
import { addJoinedLine, addLines, addMessage, createOpenBlock, roomIn, type OpenBlock } from './open-block.ts'
import { createPartialLine, type PartialLine } from './partial-line.ts'

/** A line without an end is given one here: nobody reads on, and memory is finite. */
export const mostLineBytes = 32 * 1024 ** 2
/** A block that is not full is closed after this long, so that a crash of the engine loses little. */
const closeAfterMs = 250
/** Blocks whose buffers are kept for the next one. */
const mostSpares = 20

export type OutputStream = 'stdout' | 'stderr'

/** Takes lines in: cuts output into lines without looking at each, fills blocks, hands them to the writer. */
export interface LogIntake {
  message(source: LogSource, level: LogLevel, message: string, fields: Record<string, FieldValue>, atMs: number): number
  output(stream: OutputStream, chunk: Uint8Array, atMs: number): void
  /** Ends lines that have no line feed yet, closes the block, waits for the disk. */
  end(): Promise<void>
  readonly lines: number
  readonly counts: Partial<Record<LogSource, number>>
  /** The block being filled. */
  readonly open: OpenBlock
  readonly writer: BlockWriter
}

export function createLogIntake(fd: number | null, blocks: BlockList, problem: Error | null = null): LogIntake {
  const counts: Partial<Record<LogSource, number>> = {}
  const partials: Record<OutputStream, PartialLine & { atMs?: number }> = { stdout: createPartialLine(), stderr: createPartialLine() }
  const spares: OpenBlock[] = []
  let open = createOpenBlock(0)
  let lines = 0
  let closeTimer: NodeJS.Timeout | null = null
  let failure = problem

  const writer = createBlockWriter(fd, 0, {
    release(block) {
      if (spares.length < mostSpares && block.body.length === blockBodyBytes) spares.push(block)
    },
    failed(error) {
      failure = error
      // Not at once: the writer is in the middle of its work, and this line is one more block for it.
      queueMicrotask(sayFailure)
    },
  })

  function closeBlock(capacity = blockBodyBytes): void {
    if (closeTimer) clearTimeout(closeTimer)
    closeTimer = null
    if (open.lines > 0) {
      const block = open
      writer.push(blocks.add(headerOf(block), { at: 'waiting', block }), block)
      open = createOpenBlock(lines, capacity, capacity === blockBodyBytes ? spares.pop() : undefined)
    } else if (open.body.length < capacity) {
      open = createOpenBlock(lines, capacity)
    }
  }

  function noteLines(source: LogSource, count: number): void {
    lines += count
    counts[source] = (counts[source] ?? 0) + count
    closeTimer ??= setTimeout(closeBlock, closeAfterMs).unref()
  }

  /** Room for one line of this length; a long one gets a block of its own. */
  function makeRoom(bytes: number): void {
    if (roomIn(open) >= bytes) return
    closeBlock()
    if (roomIn(open) < bytes) closeBlock(bytes)
  }

  /** Whole lines; each ends with a line feed. */
  function takeLines(stream: OutputStream, bytes: Uint8Array, atMs: number): void {
    let rest = asBuffer(bytes)
    while (rest.length > 0) {
      const room = roomIn(open)
      let length = rest.length <= room ? rest.length : room === 0 ? 0 : rest.lastIndexOf(lineFeed, room - 1) + 1
      if (length === 0) {
        length = rest.indexOf(lineFeed) + 1
        makeRoom(length)
      }
      noteLines(stream, addLines(open, rest.subarray(0, length), stream, atMs))
      rest = rest.subarray(length)
    }
  }

  /** One line whose beginning came earlier. */
  function takeJoined(stream: OutputStream, rest: Uint8Array, atMs: number): void {
    const partial = partials[stream]
    makeRoom(partial.length + rest.length)
    addJoinedLine(open, partial.bytes(), rest, stream, atMs)
    partial.clear()
    noteLines(stream, 1)
  }

  /** The beginning of a line. */
  function keepPartial(stream: OutputStream, bytes: Uint8Array, atMs: number): void {
    const partial = partials[stream]
    let rest = bytes
    while (partial.length + rest.length > mostLineBytes) {
      const room = mostLineBytes - partial.length
      partial.add(rest.subarray(0, room))
      rest = rest.subarray(room)
      takeJoined(stream, lineEnd, atMs)
    }
    partial.add(rest)
    partial.atMs = atMs
  }

  function takeMessage(source: LogSource, level: LogLevel, message: string, fields: Record<string, FieldValue>, atMs: number): number {
    const { line, messageBytes } = messageLineOf(message, fields)
    const bytes = Buffer.from(`${line}\n`)
    makeRoom(bytes.length)
    addMessage(open, bytes, messageBytes, source, level, atMs)
    const number = lines
    noteLines(source, 1)
    return number
  }

  function sayFailure(): void {
    if (!failure) return
    const atMs = Math.max(0, blocks.entries.at(-1)?.reachedMs ?? 0, open.lastAtMs)
    takeMessage('cutoff', 'warn', failureText, { error: failure.message }, atMs)
    failure = null
  }

  sayFailure()
  return {
    get lines() { return lines },
    get open() { return open },
    counts,
    writer,
    message: takeMessage,
    output(stream, chunk, atMs) {
      const bytes = asBuffer(chunk)
      const last = bytes.lastIndexOf(lineFeed)
      if (last === -1) return keepPartial(stream, bytes, atMs)
      let from = 0
      if (partials[stream].length > 0) {
        from = bytes.indexOf(lineFeed) + 1
        takeJoined(stream, bytes.subarray(0, from), atMs)
      }
      if (from <= last) takeLines(stream, bytes.subarray(from, last + 1), atMs)
      if (last + 1 < bytes.length) keepPartial(stream, bytes.subarray(last + 1), atMs)
    },
    async end() {
      for (const stream of ['stdout', 'stderr'] as const) {
        if (partials[stream].length > 0) takeJoined(stream, lineEnd, partials[stream].atMs ?? 0)
      }
      closeBlock()
      await writer.idle()
      await Promise.resolve()
      closeBlock()
      await writer.idle()
      writer.retry(blocks.entries)
    },
  }
}

const failureText = 'The log cannot be written to disk: its newest lines are kept in memory, older ones may be lost. Free some space, or set TMPDIR to a disk that has room.'

const lineEnd = Buffer.from('\n')

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
