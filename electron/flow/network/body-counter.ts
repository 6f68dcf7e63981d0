/** An informational answer (100, 103) comes before the one that is meant; 101 ends HTTP on the connection. */
const informational = /^HTTP\/1\.\d 1(?!01)\d\d\b/
const statusLineBytes = 12
const one = '1'.charCodeAt(0)
const statusAt = 'HTTP/1.1 '.length
const headEnd = Buffer.from('\r\n\r\n')
const nothing: Buffer = Buffer.alloc(0)

/**
 * Lets the head of a connection's first answer and so many bytes of its body through; what comes after it on the same connection counts
 * as more of it. A class, and a short way for a head that comes in one piece: what a link adds to a request is measured.
 */
export class BodyCounter {
  #left: number
  #inBody = false
  /** The first bytes of the head that is being read, which say what kind it is. */
  #start = ''
  /** The last bytes of it: the empty line may be cut anywhere between two pieces. */
  #tail = nothing

  constructor(allowedBytes: number) {
    this.#left = allowedBytes
  }

  /** How many of these bytes may pass. */
  allow(bytes: Buffer): number {
    let from = 0
    while (!this.#inBody) {
      from = this.#endOfHead(bytes, from)
      if (from < 0) return bytes.length
    }
    const taken = Math.min(this.#left, bytes.length - from)
    this.#left -= taken
    return from + taken
  }

  /** Where in `bytes` the head ends that goes on at `from`; -1 where it does not end in them. */
  #endOfHead(bytes: Buffer, from: number): number {
    if (this.#tail.length === 0 && this.#start === '' && bytes[from + statusAt] !== one) {
      const end = bytes.indexOf(headEnd, from)
      this.#inBody = end >= 0 && end - from >= statusLineBytes
      if (this.#inBody) return end + headEnd.length
    }
    if (this.#start.length < statusLineBytes) this.#start += bytes.toString('latin1', from, from + statusLineBytes - this.#start.length)
    const joined = this.#tail.length === 0 ? bytes.subarray(from) : Buffer.concat([this.#tail, bytes.subarray(from)])
    const end = joined.indexOf(headEnd)
    if (end < 0) {
      this.#tail = joined.subarray(-3)
      return -1
    }
    const after = from + end + headEnd.length - this.#tail.length
    this.#tail = nothing
    this.#inBody = !informational.test(this.#start)
    this.#start = ''
    return after
  }
}
