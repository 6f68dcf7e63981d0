import { close, constants, existsSync, mkdirSync, openSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { FieldValue, LogLevel, LogSource } from '../../shared/run/event.ts'
import { sources } from './block-format.ts'
import { createBlockList, type BlockList } from './block-list.ts'
import { logFileName, readBlock, readBlockList } from './log-file.ts'
import { createLogIntake, type OutputStream } from './log-intake.ts'
import { walkSegments } from './parsed-block.ts'
import { createLogReader, type LogReader } from './log-reader.ts'
import { counted } from '../../shared/text/counted.ts'

/** A log that can be read. */
export interface StoredLog extends LogReader {
  readonly lineCount: number
  readonly counts: Partial<Record<LogSource, number>>
  /** The folder it lives in. */
  readonly dir: string
  /** What is wrong with the stored file, in a sentence; null when nothing is. */
  readonly damage: string | null
  /** Closes the log and deletes its file (and its folder, when nothing else is in there). */
  remove(): Promise<void>
}

export interface LogMessage { source: LogSource; level: LogLevel; message: string; fields: Record<string, FieldValue>; atMs: number }

/** The log of a run under way. Reads see every line at once, written to disk or not. */
export interface LogStore extends StoredLog {
  /** A message of the flow itself. Returns the number of its line. */
  appendMessage(message: LogMessage): number
  /** Raw bytes as a process wrote them; lines may span chunks. The chunk is copied. */
  appendOutput(stream: OutputStream, chunk: Uint8Array, atMs: number): void
  /** Nothing more comes: unfinished lines are ended, everything is on disk when it settles. Reading goes on. Never rejects. */
  end(): Promise<void>
}

/**
 * Starts the log of a run in its folder (made with mode 0700; the file has 0600). Where the file cannot be made the run is not
 * stopped for it: the log says so in its first row and keeps its newest lines in memory. Throws where the folder has a log already.
 */
export function createLogStore({ dir }: { dir: string }): LogStore {
  const file = join(dir, logFileName)
  const { fd, problem } = newFile(dir, file)
  const blocks = createBlockList()
  const intake = createLogIntake(fd, blocks, problem)
  const reader = createLogReader({ file, fd, blocks, open: () => intake.open })
  const { remove, close: closeLog } = endingOf(dir, file, fd, reader, intake.end)
  return {
    ...reader,
    dir,
    damage: null,
    get lineCount() { return intake.lines },
    get counts() { return { ...intake.counts } },
    appendMessage: ({ source, level, message, fields, atMs }) => intake.message(source, level, message, fields, atMs),
    appendOutput: intake.output,
    end: intake.end,
    close: closeLog,
    remove,
  }
}

/** Opens a stored log for reading. A torn end (the engine was killed) is left out and told in `damage`. Rejects where there is no log. */
export async function openLogStore(dir: string): Promise<StoredLog> {
  const file = join(dir, logFileName)
  const fd = openSync(file, 'r')
  const { blocks, tornBytes } = await readBlockList(fd)
  const last = blocks.entries.at(-1)?.header
  const reader = createLogReader({ file, fd, blocks, open: () => null })
  const { remove, close: closeLog } = endingOf(dir, file, fd, reader, async () => {})
  return {
    ...reader,
    dir,
    damage: tornBytes === 0 ? null : `the last ${counted(tornBytes, 'byte')} of ${file} ${tornBytes === 1 ? 'is' : 'are'} not readable: the log ends before them`,
    lineCount: last ? last.firstLine + last.lines : 0,
    counts: await countsOf(fd, blocks),
    close: closeLog,
    remove,
  }
}

function newFile(dir: string, file: string): { fd: number | null; problem: Error | null } {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    return { fd: openSync(file, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600), problem: null }
  } catch (error) {
    if (existsSync(file)) throw error
    return { fd: null, problem: error instanceof Error ? error : new Error(String(error)) }
  }
}

const closeAsync = promisify(close)

function endingOf(dir: string, file: string, fd: number | null, reader: LogReader, end: () => Promise<void>) {
  let closing: Promise<void> | null = null
  const closeOnce = async () => {
    await end()
    await reader.close()
    if (fd !== null) await closeAsync(fd)
  }
  const closeLog = () => closing ??= closeOnce()
  return {
    close: closeLog,
    async remove() {
      await closeLog()
      if (fd === null) return
      await rm(file, { force: true })
      await rmdir(dir).catch(() => {}) // not empty: something else lives there
    },
  }
}

/** Lines per source. A block with one source is counted by its header alone. */
async function countsOf(fd: number, blocks: BlockList): Promise<Partial<Record<LogSource, number>>> {
  const counts: Partial<Record<LogSource, number>> = {}
  const add = (source: LogSource, lines: number) => { counts[source] = (counts[source] ?? 0) + lines }
  for (const { header, place } of blocks.entries) {
    const only = sources.find((_, index) => header.sourceMask === 1 << index)
    if (only) add(only, header.lines)
    else if (place.at === 'file') {
      const block = await readBlock(fd, place.offset, header)
      if (block) walkSegments(block, (_, segment) => add(segment.source, segment.lines))
    }
  }
  return counts
}
