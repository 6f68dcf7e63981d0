import type { Socket } from 'node:net'

/** Writes in pieces, so that progress shows: the limits between two writes count from it. */
export interface PacedWriter {
  write(bytes: Buffer): void
  /** Called once, when everything written so far has been taken by the kernel; at once if it has. */
  whenFlushed(act: () => void): void
  /** Bytes not yet taken by the kernel. */
  readonly pending: number
}

/** A stream merges what waits into one big write and reports only its end; one piece at a time reports every 64 KB. */
const pieceBytes = 64 * 1024

/** `onProgress` is called whenever the kernel took a piece, with what is still pending. */
export function createPacedWriter(socket: Socket, onProgress: (pending: number) => void): PacedWriter {
  const queue: Buffer[] = []
  let pending = 0
  let writing = false
  let flushed: (() => void)[] = []
  const next = () => {
    const bytes = queue.shift()
    if (!bytes) return
    writing = true
    const piece = bytes.length > pieceBytes ? bytes.subarray(0, pieceBytes) : bytes
    if (piece !== bytes) queue.unshift(bytes.subarray(pieceBytes))
    socket.write(piece, (error) => {
      writing = false
      if (error) return
      pending -= piece.length
      onProgress(pending)
      if (pending > 0) { next(); return }
      const acts = flushed
      flushed = []
      for (const act of acts) act()
    })
  }
  return {
    get pending() { return pending },
    write(bytes) {
      if (bytes.length === 0) return
      pending += bytes.length
      queue.push(bytes)
      if (!writing) next()
    },
    whenFlushed(act) {
      if (pending === 0) act()
      else flushed.push(act)
    },
  }
}
