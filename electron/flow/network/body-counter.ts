/** Lets an answer's head and so many bytes of its body through. */
export interface BodyCounter {
  /** How many of these bytes may pass. */
  allow(bytes: Buffer): number
}

/** An informational answer (100, 103) comes before the one that is meant; 101 ends HTTP on the connection. */
const informational = /^HTTP\/1\.\d 1(?!01)\d\d\b/
const statusLineBytes = 12
const nothing: Buffer = Buffer.alloc(0)

/** Counts the body of a connection's first answer; what comes after it on the same connection counts as more of it. */
export function countBody(allowedBytes: number): BodyCounter {
  let left = allowedBytes
  let inBody = false
  /** The first bytes of the head that is being read, which say what kind it is. */
  let start = ''
  /** The last bytes of it: the empty line may be cut anywhere between two pieces. */
  let tail = nothing

  /** Where in `bytes` the head ends that goes on at `from`; -1 where it does not end in them. */
  const endOfHead = (bytes: Buffer, from: number): number => {
    if (start.length < statusLineBytes) start += bytes.toString('latin1', from, from + statusLineBytes - start.length)
    const joined = tail.length === 0 ? bytes.subarray(from) : Buffer.concat([tail, bytes.subarray(from)])
    const end = joined.indexOf('\r\n\r\n', 0, 'latin1')
    if (end < 0) {
      tail = joined.subarray(-3)
      return -1
    }
    const after = from + end + 4 - tail.length
    tail = nothing
    return after
  }
  return {
    allow(bytes) {
      let from = 0
      while (!inBody) {
        from = endOfHead(bytes, from)
        if (from < 0) return bytes.length
        inBody = !informational.test(start)
        start = ''
      }
      const taken = Math.min(left, bytes.length - from)
      left -= taken
      return from + taken
    },
  }
}
