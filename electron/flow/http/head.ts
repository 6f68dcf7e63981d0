import { hasToken, headerOf, type Headers } from './headers.ts'

export interface RequestHead { method: string; target: string; version: string; headers: Headers }
export interface ResponseHead { status: number; reason: string; version: string; headers: Headers }

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

/** Parses a request's head (without the empty line). Throws MalformedMessage. */
export function parseRequestHead(text: string): RequestHead {
  const [line, headers] = splitHead(text)
  const match = /^(\S+) (\S+) HTTP\/(\d\.\d)$/.exec(line)
  if (!match?.[1] || !match[2] || !match[3] || !token.test(match[1])) throw new MalformedMessage(`malformed request line ${shown(line)}`)
  return { method: match[1], target: match[2], version: match[3], headers }
}

/** Parses an answer's head (without the empty line). Throws MalformedMessage. */
export function parseResponseHead(text: string): ResponseHead {
  const [line, headers] = splitHead(text)
  const match = /^HTTP\/(\d\.\d) (\d{3})(?: (.*))?$/.exec(line)
  if (!match?.[1] || !match[2]) throw new MalformedMessage(`malformed status line ${shown(line)}`)
  return { version: match[1], status: Number(match[2]), reason: match[3] ?? '', headers }
}

function splitHead(text: string): [string, Headers] {
  const [line = '', ...rest] = text.split('\r\n')
  return [line, rest.map((field) => {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon)
    if (colon < 1 || !token.test(name)) throw new MalformedMessage(`malformed header ${shown(field)}`)
    const value = field.slice(colon + 1).trim()
    // A bare control character in a value is how headers are smuggled in.
    if (/[\0\r\n]/.test(value)) throw new MalformedMessage(`malformed header ${shown(field)}`)
    return [name, value] as const
  })]
}

export function framingOfRequest(head: RequestHead): Framing {
  return declaredFraming(head.headers) ?? { kind: 'none' }
}

/** `method` is that of the request that is answered. */
export function framingOfResponse(head: ResponseHead, method: string): Framing {
  if (method === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304) return { kind: 'none' }
  return declaredFraming(head.headers) ?? { kind: 'by_close' }
}

function declaredFraming(headers: Headers): Framing | null {
  const coding = headerOf(headers, 'transfer-encoding')
  const lengths = new Set(headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value))
  if (coding !== null) {
    // Both at once is how requests are smuggled; Go and nginx refuse it as well.
    if (lengths.size > 0) throw new MalformedMessage('both Transfer-Encoding and Content-Length')
    if (!hasToken(headers, 'transfer-encoding', 'chunked')) throw new MalformedMessage(`unsupported transfer encoding ${shown(coding)}`, 501)
    return { kind: 'chunked' }
  }
  if (lengths.size === 0) return null
  const [length] = lengths
  if (lengths.size > 1 || length === undefined || !/^\d{1,15}$/.test(length)) throw new MalformedMessage(`bad Content-Length ${shown([...lengths].join(', '))}`)
  return Number(length) === 0 ? { kind: 'none' } : { kind: 'length', bytes: Number(length) }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
