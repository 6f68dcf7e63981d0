import { describe, expect, test } from 'vitest'
import { MalformedMessage, type RequestHead, type ResponseHead } from '../../../../electron/flow/http/head.ts'
import { readRequest, readResponse, type MessageReader } from '../../../../electron/flow/http/message-reader.ts'

interface Read { head: ResponseHead | RequestHead | null; body: string; raw: string; ended: boolean; rest: string; reader: MessageReader }

function readerOf(kind: 'request' | 'response', method = 'POST'): Read {
  const read: Omit<Read, 'reader'> = { head: null, body: '', raw: '', ended: false, rest: '' }
  const listener = {
    head(head: ResponseHead | RequestHead) { read.head = head },
    body(data: Buffer) { read.body += data.toString('latin1') },
    rawBody(bytes: Buffer) { read.raw += bytes.toString('latin1') },
    end(rest: Buffer) { read.ended = true; read.rest = rest.toString('latin1') },
  }
  return Object.assign(read, { reader: kind === 'request' ? readRequest(listener) : readResponse(method, listener) })
}

const answers: [string, string, string][] = [
  ['Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext="a;b"\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n', 'hello'],
  ['100 Continue first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  ['no body at all', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ['an empty body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
]

describe('an answer', () => {
  test.each(answers)('with %s is read whole, in one piece or byte by byte', (_, text, body) => {
    for (const size of [text.length, 7, 1]) {
      const read = readerOf('response')
      for (let at = 0; at < text.length; at += size) read.reader.push(Buffer.from(text.slice(at, at + size), 'latin1'))
      expect(read).toMatchObject({ body, ended: true, rest: '' })
    }
  })
  test('without a length ends with the connection', () => {
    const read = readerOf('response')
    read.reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhel'))
    read.reader.push(Buffer.from('lo'))
    expect(read.ended).toBe(false)
    expect(read.reader.finish()).toBe('complete')
    expect(read).toMatchObject({ body: 'hello', ended: true })
  })
  test('that breaks off is truncated, wherever it does', () => {
    const text = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'
    expect(readerOf('response').reader.finish()).toBe('nothing')
    for (let length = 1; length < text.length; length++) {
      const read = readerOf('response')
      read.reader.push(Buffer.from(text.slice(0, length)))
      expect(read.reader.finish()).toBe('truncated')
    }
  })
  test('to HEAD has no body whatever its length says', () => {
    const read = readerOf('response', 'HEAD')
    read.reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'))
    expect(read).toMatchObject({ body: '', ended: true })
  })
  test('of 5 MB in odd pieces arrives as it was sent', () => {
    const read = readerOf('response')
    const body = Buffer.alloc(5_000_000, 'abcdefg')
    read.reader.push(Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`))
    for (let at = 0; at < body.length; at += 65_521) read.reader.push(body.subarray(at, at + 65_521))
    expect(read.ended).toBe(true)
    expect(read.body === body.toString('latin1')).toBe(true)
  })
})

describe('a request', () => {
  test('keeps header names and order, and leaves what follows to the next reader', () => {
    const read = readerOf('request')
    read.reader.push(Buffer.from('POST /a?b HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nContent-Length: 2\r\n\r\n{}GET / HTTP/1.1\r\n'))
    expect(read.head).toMatchObject({ method: 'POST', target: '/a?b', version: '1.1', headers: [['Host', 'x'], ['X-One', '1'], ['Content-Length', '2']] })
    expect(read).toMatchObject({ body: '{}', rest: 'GET / HTTP/1.1\r\n', ended: true })
  })
  test('keeps chunk framing for who passes it on', () => {
    const read = readerOf('request')
    read.reader.push(Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'))
    expect(read).toMatchObject({ body: '{}', raw: '2\r\n{}\r\n0\r\n\r\n', ended: true })
  })
})

describe('what is not HTTP is refused:', () => {
  const refused: [string, string][] = [
    ['binary bytes', '\x16\x03\x01\x02\x00'],
    ['a line that is no request', 'hello there\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost x\r\n\r\n'],
    ['a header name with a blank', 'GET / HTTP/1.1\r\nHo st: x\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n'],
    ['a zero byte in a header', 'GET / HTTP/1.1\r\nA: b\0c\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a negative length', 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
    ['length and chunks at once', 'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['an unknown coding', 'POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['a chunk size that is no number', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a chunk longer than it says', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n'],
    ['a chunk line without end', `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${'1'.repeat(9000)}`],
  ]
  test.each(refused)('%s', (_, text) => {
    expect(() => readerOf('request').reader.push(Buffer.from(text, 'latin1'))).toThrow(MalformedMessage)
  })
  test('a head of more than 1 MB, with 431', () => {
    const { reader } = readerOf('request')
    expect(() => { for (let i = 0; i < 20; i++) reader.push(Buffer.from(`X-${'a'.repeat(100_000)}`)) }).toThrow(expect.objectContaining({ status: 431 }))
  })
})

/** Numbers that look random and are the same every time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('whatever comes, in whatever pieces,', () => {
  const seeds = [
    'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nX: y\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', '\r\n\r\nGET / HTTP/1.0\r\n\r\nrest',
  ]
  const bits = ['\r\n', '\n', '\r', '\0', ' ', ':', 'Content-Length: 3\r\n', 'Transfer-Encoding: chunked\r\n', '\r\n\r\n', '0\r\n\r\n', 'HTTP/1.1', '\xff', 'ffffffff\r\n', '\t']
  /** What a reader makes of it; an error that is not MalformedMessage fails the test. */
  function outcomeOf(kind: 'request' | 'response', bytes: Buffer, pieces: () => number): string {
    const read = readerOf(kind)
    let at = 0
    try {
      while (at < bytes.length && read.reader.phase !== 'done') {
        const next = at + pieces()
        read.reader.push(bytes.subarray(at, next))
        at = next
      }
    } catch (error) {
      if (error instanceof MalformedMessage) return 'malformed'
      throw error
    }
    return JSON.stringify([read.head, read.body, read.ended, read.ended ? read.rest + bytes.toString('latin1', at) : read.reader.finish()])
  }
  test('the reader says the same, and nothing but "malformed" is thrown', () => {
    const random = randomFrom(1)
    const below = (count: number) => Math.floor(random() * count)
    const outcomes = new Set<string>()
    for (let round = 0; round < 2000; round++) {
      let text = seeds[below(seeds.length)] ?? ''
      for (let change = below(4); change > 0; change--) {
        const at = below(text.length)
        text = text.slice(0, at) + (random() < 0.6 ? bits[below(bits.length)] : '') + text.slice(at + below(4))
      }
      const bytes = Buffer.from(text, 'latin1')
      for (const kind of ['request', 'response'] as const) {
        const whole = outcomeOf(kind, bytes, () => bytes.length)
        expect(outcomeOf(kind, bytes, () => 1), JSON.stringify(text)).toBe(whole)
        expect(outcomeOf(kind, bytes, () => 1 + below(20)), JSON.stringify(text)).toBe(whole)
        outcomes.add(whole)
      }
    }
    expect(outcomes.size).toBeGreaterThan(100)
  })
  test('a head of 900 KB that comes byte by byte is read in passable time', () => {
    const read = readerOf('response')
    const text = `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(900_000)}\r\nContent-Length: 0\r\n\r\n`
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at++) read.reader.push(bytes.subarray(at, at + 1))
    expect(read.ended).toBe(true)
  })
})
