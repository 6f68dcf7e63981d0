import { createChunkedDecoder, type ChunkedDecoder } from './chunked.ts'
import { framingOfRequest, framingOfResponse, MalformedMessage, parseRequestHead, parseResponseHead, type Framing, type RequestHead, type ResponseHead } from './head.ts'

/** What a reader tells, in the order the bytes came. */
export interface ReaderListener<Head> {
  head(head: Head, framing: Framing): void
  /** Body as the sender meant it: without chunk framing. */
  body(data: Buffer): void
  /** The message is complete; `rest` is what came after it. */
  end(rest: Buffer): void
  /** Body bytes as they stood on the wire, chunk framing included; for who passes them on. */
  rawBody?(bytes: Buffer): void
}

/** Reads one HTTP/1.1 message from a byte stream, however it is cut into pieces. */
export interface MessageReader {
  /** Throws MalformedMessage. After `end`, further pushes are a mistake. */
  push(bytes: Buffer): void
  /** The stream ended. `complete` also where the body's end is the end of the stream. */
  finish(): 'complete' | 'truncated' | 'nothing'
  /** Where it stands: `head` until the empty line was read. */
  readonly phase: 'head' | 'body' | 'done'
  /** Bytes taken so far. */
  readonly bytes: number
}

/** What Go takes at most as a head (DefaultMaxHeaderBytes, 1 MB). */
const largestHead = 1 << 20

export function readRequest(listener: ReaderListener<RequestHead>): MessageReader {
  return createReader(parseRequestHead, framingOfRequest, () => false, listener)
}

/** `method` is that of the request that is answered. Informational answers (100) are passed over. */
export function readResponse(method: string, listener: ReaderListener<ResponseHead>): MessageReader {
  return createReader(parseResponseHead, (head) => framingOfResponse(head, method), (head) => head.status < 200 && head.status !== 101, listener)
}

function createReader<Head>(parse: (text: string) => Head, framingOf: (head: Head) => Framing, passOver: (head: Head) => boolean, listener: ReaderListener<Head>): MessageReader {
  let phase: MessageReader['phase'] = 'head'
  let held: Buffer = Buffer.alloc(0)
  let framing: Framing = { kind: 'none' }
  let left = 0
  let chunks: ChunkedDecoder | null = null
  let total = 0

  const end = (rest: Buffer) => {
    phase = 'done'
    listener.end(rest)
  }
  const takeHead = (bytes: Buffer) => {
    const from = Math.max(0, held.length - 3)
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    const first = held[0]
    // Every head starts with a token or a blank line; rubbish is told from it at once, not after a megabyte.
    if (first !== undefined && first !== 13 && first !== 10 && (first < 33 || first > 126)) throw new MalformedMessage(`malformed message: it starts with byte 0x${first.toString(16).padStart(2, '0')}`)
    const split = held.indexOf('\r\n\r\n', from, 'latin1')
    if (split < 0) {
      if (held.length > largestHead) throw new MalformedMessage('head larger than 1 MB', 431)
      return
    }
    const head = parse(held.toString('latin1', 0, split).replace(/^(?:\r?\n)+/, ''))
    const rest = held.subarray(split + 4)
    held = Buffer.alloc(0)
    if (passOver(head)) { if (rest.length > 0) takeHead(rest); return }
    framing = framingOf(head)
    phase = 'body'
    if (framing.kind === 'length') left = framing.bytes
    if (framing.kind === 'chunked') chunks = createChunkedDecoder((data) => listener.body(data))
    listener.head(head, framing)
    if (framing.kind === 'none') end(rest)
    else if (rest.length > 0) takeBody(rest)
  }
  const takeBody = (bytes: Buffer) => {
    let used = bytes.length
    if (framing.kind === 'length') used = Math.min(left, bytes.length)
    if (chunks) {
      used = chunks.push(bytes)
      listener.rawBody?.(bytes.subarray(0, used))
    } else {
      const data = bytes.subarray(0, used)
      listener.rawBody?.(data)
      listener.body(data)
    }
    left -= used
    if (chunks?.done || (framing.kind === 'length' && left === 0)) end(bytes.subarray(used))
  }
  return {
    get phase() { return phase },
    get bytes() { return total },
    push(bytes) {
      total += bytes.length
      if (phase === 'head') takeHead(bytes)
      else if (phase === 'body') takeBody(bytes)
    },
    finish() {
      if (phase === 'done') return 'complete'
      if (phase === 'body' && framing.kind === 'by_close') {
        end(Buffer.alloc(0))
        return 'complete'
      }
      return total === 0 ? 'nothing' : 'truncated'
    },
  }
}
