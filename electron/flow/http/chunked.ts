import { MalformedMessage } from './head.ts'

/** Takes chunked coding apart as it arrives. */
export interface ChunkedDecoder {
  /** Data found in `bytes` goes to `onData`. Returns how many bytes were used; fewer than given once the body is over. Throws MalformedMessage. */
  push(bytes: Buffer): number
  readonly done: boolean
}

/** Longest line of a chunk size or trailer that is taken. */
const longestLine = 8192

export function createChunkedDecoder(onData: (data: Buffer) => void): ChunkedDecoder {
  let state: 'size' | 'data' | 'data_end' | 'trailer' | 'done' = 'size'
  let line = ''
  let left = 0
  const takeLine = (bytes: Buffer, from: number): number => {
    const end = bytes.indexOf(10, from)
    line += bytes.toString('latin1', from, end < 0 ? bytes.length : end)
    if (line.length > longestLine) throw new MalformedMessage('chunk line too long')
    return end < 0 ? -1 : end + 1
  }
  const lineDone = () => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    line = ''
    return text
  }
  return {
    get done() { return state === 'done' },
    push(bytes) {
      let at = 0
      while (at < bytes.length && state !== 'done') {
        if (state === 'data') {
          const end = Math.min(bytes.length, at + left)
          onData(bytes.subarray(at, end))
          left -= end - at
          at = end
          if (left === 0) state = 'data_end'
          continue
        }
        const next = takeLine(bytes, at)
        if (next < 0) return bytes.length
        at = next
        const text = lineDone()
        if (state === 'size') {
          const size = text.replace(/;.*$/s, '').trim()
          if (!/^[0-9a-f]{1,12}$/i.test(size)) throw new MalformedMessage('malformed chunk size')
          left = Number.parseInt(size, 16)
          state = left === 0 ? 'trailer' : 'data'
        } else if (state === 'data_end') {
          if (text !== '') throw new MalformedMessage('malformed chunk end')
          state = 'size'
        } else if (text === '') state = 'done'
      }
      return at
    },
  }
}
