import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 1024 ** 2
const newline = 10

/** Where the last line that begins at or before `upTo` starts (bytes), and how many lines end before it: so that `file:line` stays right. */
export async function lastLineStart(handle: FileHandle, upTo: number, signal: AbortSignal): Promise<{ offset: number; lines: number }> {
  let lines = 0
  let offset = 0
  const buffer = Buffer.alloc(Math.max(1, Math.min(chunkBytes, upTo)))
  for (let at = 0; at < upTo && !signal.aborted;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, upTo - at), at)
    if (bytesRead === 0) break
    const chunk = buffer.subarray(0, bytesRead)
    for (let found = chunk.indexOf(newline); found >= 0; found = chunk.indexOf(newline, found + 1)) {
      lines++
      offset = at + found + 1
    }
    at += bytesRead
  }
  return { offset, lines }
}
