const nothing = Buffer.alloc(0)

/** Bytes that wait for more to come. They are kept in one growing buffer: a head that comes byte by byte is not copied whole each time. */
export class HeldBytes {
  #store: Buffer = nothing
  #length = 0

  get length(): number {
    return this.#length
  }

  /** All that is held, with `bytes` after it. The view is good until the next call. */
  add(bytes: Buffer): Buffer {
    const length = this.#length + bytes.length
    if (length > this.#store.length) {
      const grown = Buffer.allocUnsafe(Math.max(1024, 2 * length))
      this.#store.copy(grown, 0, 0, this.#length)
      this.#store = grown
    }
    bytes.copy(this.#store, this.#length)
    this.#length = length
    return this.#store.subarray(0, length)
  }

  /** Views given before stay good: the next bytes go into a new buffer. */
  clear(): void {
    if (this.#length === 0) return
    this.#store = nothing
    this.#length = 0
  }
}
