import { open, stat } from 'node:fs/promises'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import { openLog } from '../../shared/diagnose/logs/read-log.ts'
import { FactStore } from './fact-store.ts'
import { createLineScanner } from './line-scanner.ts'
import type { Collected } from './read-source.ts'
import { diagnosisOf } from './run-diagnose.ts'

const chunkBytes = 256 * 1024

export interface FollowArguments {
  path: string
  /** Begin at the file's end instead of its beginning. */
  fromEnd: boolean
  /** How often the file is looked at, ms. */
  everyMs: number
  /** Ends the following. */
  signal: AbortSignal
  /** Called with a new diagnosis whenever lines of interest were added. */
  onChange(diagnosis: Diagnosis): void
}

/**
 * Follows a growing log file and diagnoses what is added. A file that shrinks or is replaced (rotation) is read from its beginning;
 * one that is not there yet is waited for. Resolves when the signal aborts.
 */
export async function followLog(args: FollowArguments): Promise<void> {
  const collected: Collected = { configs: [], store: new FactStore(), views: [], notes: [], sources: [] }
  let position = args.fromEnd ? await stat(args.path).then((found) => found.size, () => 0) : 0
  let inode: number | null = null
  let reading = openFile(args.path)
  while (!args.signal.aborted) {
    const found = await stat(args.path).catch(() => null)
    if (found && (found.size < position || (inode !== null && found.ino !== inode))) {
      position = 0
      reading = openFile(args.path)
    }
    inode = found?.ino ?? inode
    if (found && found.size > position) {
      const added = await readFrom(args.path, position, found.size, (chunk) => reading.push(chunk))
      position += added
      const facts = reading.drain()
      for (const fact of facts) collected.store.add(fact)
      if (facts.length > 0) args.onChange(diagnosisOf(collected, null, null))
    }
    await pause(args.everyMs, args.signal)
  }
}

function openFile(path: string) {
  const log = openLog(path, new Date().getUTCFullYear())
  const scanner = createLineScanner(() => true)
  let facts: ReturnType<typeof log.take> = []
  return {
    push: (chunk: Buffer) => scanner.push(chunk, (line, number) => { facts.push(...log.take(line.toString('utf8').replace(/\r$/, ''), number)) }),
    drain: () => {
      const drained = facts
      facts = []
      return drained
    },
  }
}

async function readFrom(path: string, from: number, to: number, onChunk: (chunk: Buffer) => void): Promise<number> {
  const handle = await open(path, 'r').catch(() => null)
  if (!handle) return 0
  try {
    let done = 0
    while (from + done < to) {
      const buffer = Buffer.alloc(Math.min(chunkBytes, to - from - done))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from + done)
      if (bytesRead === 0) break
      onChunk(buffer.subarray(0, bytesRead))
      done += bytesRead
    }
    return done
  } finally {
    await handle.close()
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, ms)
    function finish() {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    signal.addEventListener('abort', finish)
  })
}
