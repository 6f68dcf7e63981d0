/** Lets an answer's head and so many bytes of its body through. */
export interface BodyCounter {
  /** How many of these bytes may pass. */
  allow(bytes: Buffer): number
}

export function countBody(allowedBytes: number): BodyCounter {
  let left = allowedBytes
  let inBody = false
  let tail = Buffer.alloc(0)
  return {
    allow(bytes) {
      let from = 0
      if (!inBody) {
        // The empty line may be cut anywhere between two pieces.
        const joined = Buffer.concat([tail, bytes])
        const end = joined.indexOf('\r\n\r\n', 0, 'latin1')
        if (end < 0) {
          tail = joined.subarray(-3)
          return bytes.length
        }
        inBody = true
        from = end + 4 - tail.length
      }
      const taken = Math.min(left, bytes.length - from)
      left -= taken
      return from + taken
    },
  }
}
