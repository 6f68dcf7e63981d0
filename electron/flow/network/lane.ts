import type { Socket } from 'node:net'
import type { ArmedTimer, RunClock } from '../clock.ts'

/** How a link treats what passes at this moment. */
export interface LinkShape {
  /** ms that the next bytes need to arrive; 0 = at once. */
  delayMs(): number
  /** null = as fast as it goes. */
  bytesPerSecond(): number | null
}

/** One direction of a link: bytes and the end of the stream, in order, each at its time. */
export interface Lane {
  push(bytes: Buffer): void
  /** The sender has closed its side; `extraMs` holds the news back. */
  end(extraMs: number): void
  /** Nothing more is delivered; what is on its way is gone. */
  cut(): void
  readonly waiting: number
}

/** Packets of a slow link: the smallest MTU every IPv4 host must take, less headers. Fast links send 10 ms at a time. */
const smallPacketBytes = 536
const longestPacketMs = 10
/** So much may be under way before the sender is no longer read; a sender's own buffers come on top. */
const inFlightBytes = 256 * 1024

export function createLane(clock: RunClock, shape: LinkShape, source: Socket, target: Socket): Lane {
  const queue: { atMs: number; bytes: Buffer | null }[] = []
  let queued = 0
  let linkFreeMs = 0
  let lastAtMs = 0
  let timer: ArmedTimer | null = null
  let dead = false

  const deliver = (bytes: Buffer | null) => {
    if (bytes === null) target.end()
    else if (!target.write(bytes) && !source.isPaused()) {
      source.pause()
      target.once('drain', () => { if (queued < inFlightBytes) source.resume() })
    }
  }
  const flush = () => {
    timer = null
    const now = clock.nowMs()
    for (let head = queue[0]; head && head.atMs <= now; head = queue[0]) {
      queue.shift()
      queued -= head.bytes?.length ?? 0
      deliver(head.bytes)
    }
    if (queued < inFlightBytes && source.isPaused() && !target.writableNeedDrain) source.resume()
    const next = queue[0]
    if (next) timer = clock.at(next.atMs, flush)
  }
  const send = (bytes: Buffer | null, delayMs: number, rate: number | null) => {
    const now = clock.nowMs()
    let atMs = now
    if (rate !== null && bytes) {
      linkFreeMs = Math.max(now, linkFreeMs) + (bytes.length / rate) * 1000
      atMs = linkFreeMs
    } else if (rate !== null) atMs = Math.max(now, linkFreeMs)
    // A later packet never overtakes an earlier one: this is TCP.
    atMs = Math.max(atMs + delayMs, lastAtMs)
    lastAtMs = atMs
    if (queue.length === 0 && atMs <= now) { deliver(bytes); return }
    queue.push({ atMs, bytes })
    queued += bytes?.length ?? 0
    timer ??= clock.at(atMs, flush)
  }
  return {
    get waiting() { return queue.length },
    push(bytes) {
      if (dead) return
      const rate = shape.bytesPerSecond()
      const packet = rate === null ? bytes.length : Math.max(smallPacketBytes, Math.floor((rate * longestPacketMs) / 1000))
      for (let from = 0; from < bytes.length; from += packet) send(bytes.subarray(from, from + packet), shape.delayMs(), rate)
      if (queued >= inFlightBytes && !source.isPaused()) source.pause()
    },
    end(extraMs) { if (!dead) send(null, shape.delayMs() + extraMs, shape.bytesPerSecond()) },
    cut() {
      dead = true
      timer?.cancel()
      queue.length = 0
      queued = 0
      if (source.isPaused()) source.resume()
    },
  }
}
