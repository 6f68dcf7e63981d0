import type { LineTest } from './line-tests.ts'

/** `kind` is what the test said; 0 for a line that follows one of interest. */
export type FoundLine = (line: Buffer, number: number, kind: number) => void

/**
 * Splits a byte stream into lines and hands on those of interest; the others are never decoded, so that a gigabyte of successes
 * costs little more than reading it. Lines may span chunks. What is handed on is only valid during the call.
 */
export interface LineScanner {
  push(chunk: Uint8Array, found: FoundLine): void
  /** The last line, if it has no terminator. */
  end(found: FoundLine): void
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

  const offer = (bytes: Buffer, start: number, end: number, found: FoundLine) => {
    lines++
    const kind = test(bytes, start, Math.min(end, start + longestCarry))
    if (kind !== 0) owed = context
    else if (owed > 0) owed--
    else return
    found(bytes.subarray(start, Math.min(end, start + longestCarry)), lines, kind)
  }
  const keep = (bytes: Buffer) => {
    if (carried < longestCarry) carry.push(Buffer.from(bytes.subarray(0, longestCarry - carried)))
    carried += bytes.length
  }
  const offerCarried = (found: FoundLine) => {
    const whole = carry.length === 1 ? carry[0] as Buffer : Buffer.concat(carry)
    carry = []
    carried = 0
    offer(whole, 0, whole.length, found)
  }
  return {
    get lines() { return lines },
    push(chunk, found) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let start = 0
      if (carried > 0) {
        const end = bytes.indexOf(newline)
        keep(end < 0 ? bytes : bytes.subarray(0, end))
        if (end < 0) return
        offerCarried(found)
        start = end + 1
      }
      for (let end = bytes.indexOf(newline, start); end >= 0; end = bytes.indexOf(newline, start)) {
        offer(bytes, start, end, found)
        start = end + 1
      }
      if (start < bytes.length) keep(bytes.subarray(start))
    },
    end(found) {
      if (carried > 0) offerCarried(found)
    },
  }
}
