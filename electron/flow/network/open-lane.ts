import type { Socket } from 'node:net'

/** One direction of a link: what comes in goes out, in order, and is cut with the link. */
export interface Direction {
  /** Packets under way that have not arrived. */
  readonly waiting: number
  push(bytes: Buffer): void
  /** The sender has closed its side; `extraMs` holds the news back. */
  end(extraMs: number): void
  /** Nothing more is delivered; what is on its way is gone. */
  cut(): void
}

/** A direction in which nothing is held back: every byte goes on as it comes, and the sender is read while the receiver has room. */
export class OpenLane implements Direction {
  readonly waiting = 0
  readonly #source: Socket
  readonly #target: Socket
  #dead = false

  constructor(source: Socket, target: Socket) {
    this.#source = source
    this.#target = target
  }

  push(bytes: Buffer): void {
    if (this.#dead || this.#target.write(bytes) || this.#source.isPaused()) return
    this.#source.pause()
    this.#target.once('drain', () => { if (!this.#dead) this.#source.resume() })
  }

  end(): void {
    if (!this.#dead) this.#target.end()
  }

  cut(): void {
    this.#dead = true
    if (this.#source.isPaused()) this.#source.resume()
  }
}
