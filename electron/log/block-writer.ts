import { writev, writevSync } from 'node:fs'
import { blockBytesOf, flagLost, outputMask } from './block-format.ts'
import type { BlockEntry } from './block-list.ts'
import { buffersOf, createOpenBlock, fittedCopyOf, type OpenBlock } from './open-block.ts'

/** Above this much text waiting for the disk the writer stops being asynchronous: memory stays bounded, the producer is slowed down. */
const mostWaitingBytes = 32 * 1024 ** 2
/** Blocks handed to one system call. */
const mostPerWrite = 16
/** What is kept of the newest text once the file takes no more. */
const mostMemoryBytes = 16 * 1024 ** 2

/** Writes blocks to the file in order, in the background. When the file takes no more, it keeps the newest blocks in memory instead. */
export interface BlockWriter {
  /** Takes a block over. */
  push(entry: BlockEntry, block: OpenBlock): void
  /** Settles when nothing waits any more; never rejects. */
  idle(): Promise<void>
  /** One more try to get into the file what had to stay in memory; lines that are gone leave a block that counts them. */
  retry(entries: readonly BlockEntry[]): void
}

export interface WriterEvents {
  /** The file has the block, its buffers may be used again. */
  release(block: OpenBlock): void
  /** Once, when the file takes no more: disk full, quota, a file size limit, a device that is gone. */
  failed(error: Error): void
}

interface Waiting { entry: BlockEntry; block: OpenBlock; offset: number }

/** `fd` null: there is no file, everything stays in memory (`failed` is for the caller to say). */
export function createBlockWriter(fd: number | null, fileBytes: number, events: WriterEvents): BlockWriter {
  const queue: Waiting[] = []
  const memory = createMemoryTail()
  let underWay: Waiting[] = []
  let waitingBytes = 0
  let broken = fd === null
  let end = fileBytes
  let wakers: (() => void)[] = []

  function pump(): void {
    if (underWay.length > 0) return
    underWay = queue.splice(0, mostPerWrite)
    if (underWay.length === 0) {
      for (const wake of wakers.splice(0)) wake()
      return
    }
    writeAll(fd!, underWay.flatMap(({ block }) => buffersOf(block)), underWay[0]!.offset, (error) => {
      const batch = underWay
      underWay = []
      // What `writeNow` has written meanwhile only waited for this call to let go of its buffers.
      const open = batch.filter(({ entry }) => entry.place.at === 'waiting')
      if (error && open.length > 0) fail(error, open)
      else for (const item of open) noteWritten(item)
      for (const { entry, block } of batch) if (entry.place.at === 'file') events.release(block)
      pump()
    })
  }

  /**
   * All that waits, at once. What is under way is written a second time, the same bytes to the same place: so the file has no
   * hole, whatever comes of the call that is under way.
   */
  function writeNow(): void {
    const batch = queue.splice(0)
    const all = [...underWay.filter(({ entry }) => entry.place.at === 'waiting'), ...batch]
    if (all.length === 0) return
    try {
      writeAllNow(fd!, all.flatMap(({ block }) => buffersOf(block)), all[0]!.offset)
      all.forEach(noteWritten)
      for (const { block } of batch) events.release(block)
    } catch (error) {
      fail(error, all)
    }
  }

  function noteWritten({ entry, block, offset }: Waiting): void {
    entry.place = { at: 'file', offset }
    waitingBytes -= block.bodyBytes
  }

  function fail(error: unknown, batch: Waiting[]): void {
    end = batch[0]?.offset ?? end
    const first = !broken
    broken = true
    for (const { entry, block } of [...batch, ...queue.splice(0)]) {
      waitingBytes -= block.bodyBytes
      memory.keep(entry, block)
    }
    if (first) events.failed(error instanceof Error ? error : new Error(String(error)))
  }

  return {
    push(entry, block) {
      if (broken) return memory.keep(entry, block)
      queue.push({ entry, block, offset: end })
      end += blockBytesOf(block)
      waitingBytes += block.bodyBytes
      if (waitingBytes > mostWaitingBytes) writeNow()
      pump()
    },
    idle: () => underWay.length > 0 || queue.length > 0 ? new Promise((resolve) => { wakers = [...wakers, resolve] }) : Promise.resolve(),
    retry(entries) {
      if (!broken || fd === null) return
      try {
        for (const entry of entries) {
          if (entry.place.at !== 'memory' && entry.place.at !== 'lost') continue
          const block = entry.place.at === 'memory' ? entry.place.block : gapOf(entry)
          writeAllNow(fd, buffersOf(block), end)
          if (entry.place.at === 'memory') entry.place = { at: 'file', offset: end }
          end += blockBytesOf(block)
        }
      } catch { /* still full: the newest lines stay readable in memory as long as the log is open */ }
    },
  }
}

/** A block without text that keeps the numbering right where lines were lost. */
function gapOf({ header }: BlockEntry): OpenBlock {
  return Object.assign(createOpenBlock(header.firstLine, 4), { ...header, flags: flagLost, storedBytes: 0, bodyBytes: 0, segments: 0, sourceMask: 0 })
}

/**
 * The newest blocks, up to a fixed number of bytes; older ones are lost. Blocks with a message of the flow go last: messages are
 * few, and the evidence.
 */
function createMemoryTail() {
  const kept: { entry: BlockEntry; bytes: number; onlyOutput: boolean }[] = []
  let total = 0
  return {
    keep(entry: BlockEntry, block: OpenBlock): void {
      entry.place = { at: 'memory', block: fittedCopyOf(block) }
      const bytes = blockBytesOf(block)
      kept.push({ entry, bytes, onlyOutput: (block.sourceMask & ~outputMask) === 0 })
      total += bytes
      while (total > mostMemoryBytes && kept.length > 1) {
        const victim = Math.max(0, kept.findIndex((block) => block.onlyOutput))
        const [oldest] = kept.splice(victim, 1)
        total -= oldest!.bytes
        oldest!.entry.place = { at: 'lost' }
      }
    },
  }
}

function writeAll(fd: number, buffers: Buffer[], position: number, done: (error: Error | null) => void): void {
  writev(fd, buffers, position, (error, written) => {
    if (error) return done(error)
    const rest = restOf(buffers, written)
    if (rest.length === 0) done(null)
    else writeAll(fd, rest, position + written, done)
  })
}

function writeAllNow(fd: number, buffers: Buffer[], position: number): void {
  let rest = buffers
  while (rest.length > 0) {
    const written = writevSync(fd, rest, position)
    position += written
    rest = restOf(rest, written)
  }
}

/** What a write left over; a full disk first shows as a short write. */
function restOf(buffers: Buffer[], written: number): Buffer[] {
  const rest: Buffer[] = []
  for (const buffer of buffers) {
    if (written >= buffer.length) written -= buffer.length
    else {
      rest.push(buffer.subarray(written))
      written = 0
    }
  }
  return rest
}
