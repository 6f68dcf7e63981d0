import type { Socket } from 'node:net'
import type { ArmedTimer, RunClock } from '../clock.ts'
import type { Direction } from './open-lane.ts'

/** How a link treats what passes at this moment. */
export interface LinkShape {
  /** ms that the next bytes need to arrive; 0 = at once. */
  delayMs(): number
  /** null = as fast as it goes. */
  bytesPerSecond(): number | null
}

/** Packets of a slow link: the smallest MTU every IPv4 host must take, less headers. Fast links send 10 ms at a time. */
const smallPacketBytes = 536
const longestPacketMs = 10
/** So much may be under way before the sender is no longer read; a sender's own buffers come on top. */
const inFlightBytes = 256 * 1024

interface Packet { atMs: number; bytes: Buffer | null }

/** A direction of a link that holds back: bytes and the end of the stream, in order, each at its time. */
export class Lane implements Direction {
  readonly #clock: RunClock
  /** Null: only the end of the stream is held back. */
  readonly #shape: LinkShape | null
  readonly #source: Socket
  readonly #target: Socket
  #queue: Packet[] | null = null
  #queued = 0
  #linkFreeMs = 0
  #lastAtMs = 0
  #timer: ArmedTimer | null = null
  #awaitsDrain = false
  #dead = false

  constructor(clock: RunClock, shape: LinkShape | null, source: Socket, target: Socket) {
    this.#clock = clock
    this.#shape = shape
    this.#source = source
    this.#target = target
  }

  get waiting(): number {
    return this.#queue?.length ?? 0
  }

  push(bytes: Buffer): void {
    if (this.#dead) return
    if (!this.#shape) { this.#deliver(bytes); return }
    const rate = this.#shape.bytesPerSecond()
    const packet = rate === null ? bytes.length : Math.max(smallPacketBytes, Math.floor((rate * longestPacketMs) / 1000))
    for (let from = 0; from < bytes.length; from += packet) this.#send(bytes.subarray(from, from + packet), this.#shape.delayMs(), rate)
    this.#regulate()
  }

  /** The sender has closed its side; `extraMs` holds the news back. */
  end(extraMs: number): void {
    if (this.#dead) return
    if (!this.#shape && extraMs === 0 && this.waiting === 0) this.#deliver(null)
    else this.#send(null, (this.#shape?.delayMs() ?? 0) + extraMs, this.#shape?.bytesPerSecond() ?? null)
  }

  /** Nothing more is delivered; what is on its way is gone. */
  cut(): void {
    this.#dead = true
    this.#timer?.cancel()
    this.#queue = null
    this.#queued = 0
    if (this.#source.isPaused()) this.#source.resume()
  }

  #send(bytes: Buffer | null, delayMs: number, rate: number | null): void {
    const now = this.#clock.nowMs()
    let atMs = now
    if (rate !== null) {
      const transferMs = bytes ? (bytes.length / rate) * 1000 : 0
      this.#linkFreeMs = Math.max(now, this.#linkFreeMs) + transferMs
      atMs = this.#linkFreeMs
    }
    // A later packet never overtakes an earlier one: this is TCP.
    atMs = Math.max(atMs + delayMs, this.#lastAtMs)
    this.#lastAtMs = atMs
    if (this.waiting === 0 && atMs <= now) { this.#deliver(bytes); return }
    this.#queue ??= []
    this.#queue.push({ atMs, bytes })
    this.#queued += bytes?.length ?? 0
    this.#timer ??= this.#clock.at(atMs, () => this.#flush())
  }

  #flush(): void {
    this.#timer = null
    const queue = this.#queue
    if (!queue) return
    const now = this.#clock.nowMs()
    for (let head = queue[0]; head && head.atMs <= now; head = queue[0]) {
      queue.shift()
      this.#queued -= head.bytes?.length ?? 0
      this.#deliver(head.bytes)
    }
    const next = queue[0]
    if (next) this.#timer = this.#clock.at(next.atMs, () => this.#flush())
    this.#regulate()
  }

  #deliver(bytes: Buffer | null): void {
    if (bytes === null) { this.#target.end(); return }
    if (this.#target.write(bytes) || this.#awaitsDrain) return
    this.#awaitsDrain = true
    this.#target.once('drain', () => {
      this.#awaitsDrain = false
      this.#regulate()
    })
    this.#regulate()
  }

  /** The sender is read while there is room both on the link and in the receiver's buffer. */
  #regulate(): void {
    if (this.#dead) return
    const full = this.#queued >= inFlightBytes || this.#awaitsDrain
    if (full === this.#source.isPaused()) return
    if (full) this.#source.pause()
    else this.#source.resume()
  }
}
