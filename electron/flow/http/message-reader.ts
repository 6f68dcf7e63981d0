import { createChunkedDecoder, type ChunkedDecoder } from './chunked.ts'
import { framingOfRequest, framingOfResponse, MalformedMessage, parseRequestHead, parseResponseHead, type Framing, type RequestHead, type ResponseHead } from './head.ts'
import { HeldBytes } from './held-bytes.ts'
import { checkSize, goRules, type ServerRules } from './server-rules.ts'

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

/** Reads a request as the server of these rules would take it; the default is Go's. */
export function readRequest(listener: ReaderListener<RequestHead>, rules: ServerRules = goRules): MessageReader {
  const framingOf = (head: RequestHead) => {
    rules.check(head)
    return framingOfRequest(head)
  }
  return createReader(parseRequestHead, framingOf, () => false, listener, rules)
}

/** `method` is that of the request that is answered. Informational answers (100) are passed over. */
export function readResponse(method: string, listener: ReaderListener<ResponseHead>): MessageReader {
  return createReader(parseResponseHead, (head) => framingOfResponse(head, method), (head) => head.status < 200 && head.status !== 101, listener, goRules)
}

function createReader<Head>(parse: (text: string) => Head, framingOf: (head: Head) => Framing, passOver: (head: Head) => boolean, listener: ReaderListener<Head>, sizes: ServerRules): MessageReader {
  let phase: MessageReader['phase'] = 'head'
  const held = new HeldBytes()
  let framing: Framing = { kind: 'none' }
  let left = 0
  let chunks: ChunkedDecoder | null = null
  let total = 0

  const end = (rest: Buffer) => {
    phase = 'done'
    listener.end(rest)
  }
  const takeHead = (piece: Buffer) => {
    let bytes = withoutEmptyLines(held.length === 0 ? piece : held.add(piece))
    let from = Math.max(0, bytes.length - piece.length - 3)
    for (;;) {
      const first = bytes[0]
      if (first === undefined) { held.clear(); return }
      // Every head starts with a token; rubbish is told from it at once, not after a megabyte. A lone CR may still become an empty line.
      if ((first < 33 || first > 126) && !(first === 13 && bytes.length === 1)) throw new MalformedMessage(`malformed message: it starts with byte 0x${first.toString(16).padStart(2, '0')}`)
      const split = bytes.indexOf('\r\n\r\n', from, 'latin1')
      if (split < 0) {
        if (held.length === 0) bytes = held.add(bytes)
        refuseLoneLineEnds(bytes, from)
        checkSize(bytes, sizes)
        return
      }
      if (split > 1024) checkSize(bytes.subarray(0, split), sizes)
      const head = parse(bytes.toString('latin1', 0, split))
      held.clear()
      const rest = bytes.subarray(split + 4)
      if (!passOver(head)) { beginBody(head, rest); return }
      bytes = withoutEmptyLines(rest)
      from = 0
    }
  }
  const beginBody = (head: Head, rest: Buffer) => {
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

/** RFC 9112, 2.2: empty lines before a message are to be overlooked. */
function withoutEmptyLines(bytes: Buffer): Buffer {
  let from = 0
  while (bytes[from] === 13 && bytes[from + 1] === 10) from += 2
  return from === 0 ? bytes : bytes.subarray(from)
}

/** A head whose lines end with half a line end has no end that could be waited for. Throws MalformedMessage. */
function refuseLoneLineEnds(held: Buffer, from: number): void {
  for (let at = held.indexOf(10, from); at >= 0; at = held.indexOf(10, at + 1)) {
    if (held[at - 1] !== 13) throw new MalformedMessage('malformed head: a line that ends without CR')
  }
  for (let at = held.indexOf(13, from); at >= 0 && at < held.length - 1; at = held.indexOf(13, at + 1)) {
    if (held[at + 1] !== 10) throw new MalformedMessage('malformed head: a line that ends without LF')
  }
}
