import type { Socket } from 'node:net'

/** A stream merges what waits into one big write and reports only its end; one piece at a time reports every 64 KB. */
const pieceBytes = 64 * 1024

/** Writes in pieces, so that progress shows: the limits between two writes count from it. */
export class PacedWriter {
  readonly #socket: Socket
  readonly #queue: Buffer[] = []
  #onProgress: ((pending: number) => void) | null
  #pending = 0
  #writing = 0
  #corked = false
  #flushed: (() => void)[] = []
  /** One function for all pieces: a stream keeps the last one it was given for as long as it lives. */
  readonly #written = (error?: Error | null) => this.#pieceWritten(error)

  /** `onProgress` is called whenever the kernel took a piece, with what is still pending. */
  constructor(socket: Socket, onProgress: (pending: number) => void) {
    this.#socket = socket
    this.#onProgress = onProgress
  }

  /** Bytes not yet taken by the kernel. */
  get pending(): number {
    return this.#pending
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#pending += bytes.length
    this.#queue.push(bytes)
    this.#next()
  }

  /** Holds writes back until `uncork`, to send small parts as one. */
  cork(): void {
    this.#corked = true
  }

  uncork(): void {
    this.#corked = false
    this.#next()
  }

  /** Called once, when everything written so far has been taken by the kernel; at once if it has. */
  whenFlushed(act: () => void): void {
    if (this.#pending === 0) act()
    else this.#flushed.push(act)
  }

  /** Nothing is told any more, and nothing kept: the socket may outlive what it was written for. */
  release(): void {
    this.#onProgress = null
    this.#queue.length = 0
    this.#flushed = []
  }

  #next(): void {
    if (this.#corked || this.#writing > 0 || this.#queue.length === 0) return
    const piece = takePiece(this.#queue)
    this.#writing = piece.length
    this.#socket.write(piece, this.#written)
  }

  #pieceWritten(error?: Error | null): void {
    const bytes = this.#writing
    this.#writing = 0
    if (error) return
    this.#pending -= bytes
    this.#onProgress?.(this.#pending)
    if (this.#pending > 0) { this.#next(); return }
    const acts = this.#flushed
    this.#flushed = []
    for (const act of acts) act()
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
