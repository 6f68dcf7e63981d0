import type { LineTest } from './line-tests.ts'

/**
 * Splits a byte stream into lines and hands on those of interest; the others are never decoded, so that a gigabyte of successes
 * costs little more than reading it. Lines may span chunks.
 */
export interface LineScanner {
  push(chunk: Uint8Array, found: (line: Buffer, number: number) => void): void
  /** The last line, if it has no terminator. */
  end(found: (line: Buffer, number: number) => void): void
  readonly lines: number
}

/** Bytes kept of a line that spans chunks: what is longer is cut. */
const longestCarry = 64 * 1024
const newline = 10

/** A scanner that asks `test` about every line; `context` lines after a hit are given as well (tracebacks). */
export function createLineScanner(test: LineTest, context = 0): LineScanner {
  let lines = 0
  let carry: Buffer[] = []
  let carried = 0
  let owed = 0

  const offer = (bytes: Buffer, start: number, end: number, found: (line: Buffer, number: number) => void) => {
    lines++
    if (test(bytes, start, end)) owed = context
    else if (owed > 0) owed--
    else return
    found(bytes.subarray(start, Math.min(end, start + longestCarry)), lines)
  }
  return {
    get lines() { return lines },
    push(chunk, found) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let start = 0
      if (carried > 0) {
        const end = bytes.indexOf(newline)
        if (end < 0) {
          if (carried < longestCarry) { carry.push(Buffer.from(bytes.subarray(0, longestCarry - carried))); carried += bytes.length }
          return
        }
        carry.push(bytes.subarray(0, end))
        const whole = Buffer.concat(carry)
        offer(whole, 0, whole.length, found)
        carry = []
        carried = 0
        start = end + 1
      }
      for (let end = bytes.indexOf(newline, start); end >= 0; end = bytes.indexOf(newline, start)) {
        offer(bytes, start, end, found)
        start = end + 1
      }
      if (start < bytes.length) {
        carry.push(Buffer.from(bytes.subarray(start, start + longestCarry)))
        carried = bytes.length - start
      }
    },
    end(found) {
      if (carried === 0) return
      const whole = Buffer.concat(carry)
      offer(whole, 0, whole.length, found)
      carry = []
      carried = 0
    },
  }
}
