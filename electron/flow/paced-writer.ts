import type { Socket } from 'node:net'

/** Writes in pieces, so that progress shows: the limits between two writes count from it. */
export interface PacedWriter {
  write(bytes: Buffer): void
  /** Holds writes back until the returned function is called, to send small parts as one. */
  cork(): () => void
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
  let corked = false
  const next = () => {
    if (corked || writing || queue.length === 0) return
    writing = true
    const piece = takePiece(queue)
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
      next()
    },
    cork() {
      corked = true
      return () => {
        corked = false
        next()
      }
    },
    whenFlushed(act) {
      if (pending === 0) act()
      else flushed.push(act)
    },
  }
}

/** Takes one piece off the queue: small parts together, a large one in slices. */
function takePiece(queue: Buffer[]): Buffer {
  const first = queue[0] ?? Buffer.alloc(0)
  if (first.length > pieceBytes) {
    queue[0] = first.subarray(pieceBytes)
    return first.subarray(0, pieceBytes)
  }
  let count = 0
  let bytes = 0
  while (count < queue.length && bytes + (queue[count]?.length ?? 0) <= pieceBytes) bytes += queue[count++]?.length ?? 0
  const parts = queue.splice(0, count)
  return parts.length === 1 ? first : Buffer.concat(parts)
}
