import { isNamed, type Headers } from './headers.ts'

export interface RequestHead { method: string; target: string; version: string; headers: Headers }
export interface ResponseHead { status: number; reason: string; version: string; headers: Headers; /** with the empty line at its end */ bytes: number }

/** How the length of a body is known (RFC 9112, section 6.3). */
export type Framing = { kind: 'none' } | { kind: 'length'; bytes: number } | { kind: 'chunked' } | { kind: 'by_close' }

/** A message that is not HTTP. `status` is what a server would answer to it. */
export class MalformedMessage extends Error {
  readonly status: number
  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** A target may hold anything but blanks and control characters. */
const requestLine = /^(\S+) ([^\0-\x20\x7f]+) HTTP\/(\d\.\d)$/
/** What must not stand inside a line: a zero byte, or half a line end. Both are how headers are smuggled in. */
const forbidden = /\0|\r(?!\n)|(?<!\r)\n/

/** Parses a request's head (without the empty line). Throws MalformedMessage. */
export function parseRequestHead(text: string): RequestHead {
  const [line, headers] = splitHead(text)
  const match = requestLine.exec(line)
  if (!match?.[1] || !match[2] || !match[3] || !token.test(match[1])) throw new MalformedMessage(`malformed request line ${shown(line)}`)
  if (!match[3].startsWith('1.')) throw new MalformedMessage(`unsupported protocol version HTTP/${match[3]}`, 505)
  return { method: match[1], target: match[2], version: match[3], headers }
}

/** What stands between a head and its body: two line ends. */
const emptyLine = 4

/** Parses an answer's head (without the empty line, a byte a character). Throws MalformedMessage. */
export function parseResponseHead(text: string): ResponseHead {
  const [line, headers] = splitHead(text)
  const match = /^HTTP\/(\d\.\d) ([1-9]\d{2})(?: (.*))?$/.exec(line)
  if (!match?.[1] || !match[2]) throw new MalformedMessage(`malformed status line ${shown(line)}`)
  return { version: match[1], status: Number(match[2]), reason: match[3] ?? '', headers, bytes: text.length + emptyLine }
}

function splitHead(text: string): [string, Headers] {
  if (forbidden.test(text)) throw new MalformedMessage('malformed head: control characters in a line')
  const [line = '', ...rest] = text.split('\r\n')
  return [line, rest.map((field) => {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon)
    if (colon < 1 || !isName(name)) throw new MalformedMessage(`malformed header ${shown(field)}`)
    return [name, withoutBlanks(field.slice(colon + 1))] as const
  })]
}

/** Only these two are white space in HTTP. `trim` knows more, and "\x0bchunked" must not become "chunked". */
function withoutBlanks(value: string): string {
  let from = 0
  let to = value.length
  while (from < to && (value[from] === ' ' || value[from] === '\t')) from++
  while (to > from && (value[to - 1] === ' ' || value[to - 1] === '\t')) to--
  return value.slice(from, to)
}

/** Names that were found good before; there are few, and every message brings the same. */
const knownNames = new Set<string>()
const mostKnownNames = 200

function isName(name: string): boolean {
  if (knownNames.has(name)) return true
  if (!token.test(name)) return false
  if (knownNames.size < mostKnownNames && name.length < 40) knownNames.add(name)
  return true
}

export function framingOfRequest(head: RequestHead): Framing {
  return declaredFraming(head) ?? { kind: 'none' }
}

/** `method` is that of the request that is answered. */
export function framingOfResponse(head: ResponseHead, method: string): Framing {
  if (method === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304) return { kind: 'none' }
  return declaredFraming(head) ?? { kind: 'by_close' }
}

function declaredFraming({ headers, version }: { headers: Headers; version: string }): Framing | null {
  let length: string | null = null
  let coding: string | null = null
  for (const field of headers) {
    const value = field[1]
    if (isNamed(field[0], 'content-length')) {
      if (length !== null && length !== value) throw new MalformedMessage(`bad Content-Length ${shown(`${length}, ${value}`)}`)
      length = value
    } else if (isNamed(field[0], 'transfer-encoding')) coding = coding === null ? value : `${coding}, ${value}`
  }
  if (coding !== null) {
    // Both at once is how requests are smuggled. nginx refuses it too; Go goes by the chunks.
    if (length !== null) throw new MalformedMessage('both Transfer-Encoding and Content-Length')
    if (version === '1.0') throw new MalformedMessage('Transfer-Encoding in HTTP/1.0')
    if (coding.toLowerCase() !== 'chunked') throw new MalformedMessage(`unsupported transfer encoding ${shown(coding)}`, 501)
    return { kind: 'chunked' }
  }
  if (length === null) return null
  if (!/^\d{1,15}$/.test(length)) throw new MalformedMessage(`bad Content-Length ${shown(length)}`)
  return Number(length) === 0 ? { kind: 'none' } : { kind: 'length', bytes: Number(length) }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
