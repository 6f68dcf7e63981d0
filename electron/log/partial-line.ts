/** A line still being written: bytes without a line feed yet. Grows by doubling, so many tiny writes cost little. */
export interface PartialLine {
  readonly length: number
  add(bytes: Uint8Array): void
  /** What there is so far; valid until the next call of `add`. */
  bytes(): Buffer
  clear(): void
}

const firstBytes = 4096
/** Beyond this the memory is given back once the line is over. */
const mostKept = 1024 * 1024

export function createPartialLine(): PartialLine {
  let buffer = Buffer.allocUnsafeSlow(firstBytes)
  let length = 0
  return {
    get length() { return length },
    add(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + bytes.length))
        buffer.copy(larger, 0, 0, length)
        buffer = larger
      }
      buffer.set(bytes, length)
      length += bytes.length
    },
    bytes: () => buffer.subarray(0, length),
    clear() {
      length = 0
      if (buffer.length > mostKept) buffer = Buffer.allocUnsafeSlow(firstBytes)
    },
  }
}
