import { open, stat, type FileHandle } from 'node:fs/promises'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import type { LogFact } from '../../shared/diagnose/logs/fact.ts'
import { FactStore } from './fact-store.ts'
import { lastLineStart } from './line-count.ts'
import { openPiecewise } from './piecewise-log.ts'
import type { Collected } from './read-source.ts'
import { diagnosisOf } from './run-diagnose.ts'

const chunkBytes = 256 * 1024
/** Of a file that is followed from its beginning at most this much is read of what is there already. */
const mostBacklog = 64 * 1024 ** 2
/** After this long without growth an entry of several lines counts as complete, ms. */
const quietMs = 1500

/** How far a followed file was read. */
export interface FollowedSoFar { bytes: number; lines: number; readers: ReadonlyMap<string, number> }

export interface FollowFileArguments {
  path: string
  /** What facts call the file; default its path. */
  name?: string
  /** Begin at the file's end instead of its beginning. */
  fromEnd: boolean
  /** How often the file is looked at, ms. */
  everyMs: number
  /** Ends the following. */
  signal: AbortSignal
  /** Called when lines were added, with the facts in them (often none). */
  onFacts(facts: LogFact[], soFar: FollowedSoFar): void
  /** Called when the file comes into reach (null) or is out of it, with the reason. */
  onTrouble?(problem: string | null): void
}

/**
 * Follows a growing log file. One that shrinks (truncation) or is replaced (rotation) is read from its beginning, after what was still
 * written to the replaced one; one that is not there yet is waited for. Resolves when the signal aborts.
 */
export async function followFile(args: FollowFileArguments): Promise<void> {
  const name = args.name ?? args.path
  let handle: FileHandle | null = null
  let position = 0
  let inode: number | null = null
  let log = openPiecewise(name, 0)
  let problem: string | null | undefined
  let first = true
  let grewAt = 0
  const trouble = (text: string | null) => { if (text !== problem) { problem = text; args.onTrouble?.(text) } }
  const report = (facts: LogFact[]) => args.onFacts(facts, { bytes: position, lines: log.lines, readers: log.readers })
  const drain = async (to: number) => {
    if (!handle || to <= position) return
    position += await readFrom(handle, position, to, (chunk) => log.push(chunk))
    grewAt = Date.now()
    report(log.drain())
  }
  const startOver = () => { position = 0; log = openPiecewise(name, 0) }
  try {
    while (!args.signal.aborted) {
      const found = await stat(args.path).catch((error: NodeJS.ErrnoException) => { trouble(error.code === 'ENOENT' ? 'it is not there yet' : `it cannot be read (${error.code ?? error.message})`); return null })
      if (found && !found.isFile()) trouble('it is no file')
      else if (found) {
        if (handle && found.ino !== inode) {
          // What was written between the last look and the rotation is in the old file.
          await drain((await handle.stat()).size)
          await handle.close()
          handle = null
          startOver()
        }
        if (!handle) {
          handle = await open(args.path, 'r').catch((error: NodeJS.ErrnoException) => { trouble(`it cannot be read (${error.code ?? error.message}): check its permissions`); return null })
          inode = found.ino
        }
        if (handle) {
          trouble(null)
          if (first && (args.fromEnd || found.size > mostBacklog)) {
            const start = await lastLineStart(handle, args.fromEnd ? found.size : found.size - mostBacklog, args.signal)
            position = start.offset
            log = openPiecewise(name, start.lines)
          }
          first = false
          if (found.size < position) startOver()
          await drain(found.size)
          if (grewAt > 0 && Date.now() - grewAt >= quietMs) {
            grewAt = 0
            const rest = log.settle()
            if (rest.length > 0) report(rest)
          }
        }
      }
      await pause(args.everyMs, args.signal)
    }
  } finally {
    await handle?.close()
  }
}

export interface FollowArguments {
  path: string
  fromEnd: boolean
  everyMs: number
  signal: AbortSignal
  /** Called with a new diagnosis whenever lines of interest were added. */
  onChange(diagnosis: Diagnosis): void
}

/** Follows one growing log file and diagnoses what is added. Resolves when the signal aborts. */
export async function followLog({ onChange, ...args }: FollowArguments): Promise<void> {
  const collected: Collected = { configs: [], store: new FactStore(), views: [], notes: [], sources: [] }
  await followFile({
    ...args,
    onFacts(facts) {
      for (const fact of facts) collected.store.add(fact)
      if (facts.length > 0) onChange(diagnosisOf(collected, null, null))
    },
  })
}

async function readFrom(handle: FileHandle, from: number, to: number, onChunk: (chunk: Buffer) => void): Promise<number> {
  let done = 0
  while (from + done < to) {
    const buffer = Buffer.alloc(Math.min(chunkBytes, to - from - done))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from + done)
    if (bytesRead === 0) break
    onChunk(buffer.subarray(0, bytesRead))
    done += bytesRead
  }
  return done
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
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
