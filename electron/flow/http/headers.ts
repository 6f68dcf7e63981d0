/** Header fields in the order they came, names as written. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** The first value of a header, whatever its case; null when absent. */
export function headerOf(headers: Headers, name: string): string | null {
  for (const field of headers) if (isNamed(field[0], name)) return field[1]
  return null
}

/** Does a list header (`Connection`, `Transfer-Encoding`) contain this token? */
export function hasToken(headers: Headers, name: string, token: string): boolean {
  return headers.some((field) => isNamed(field[0], name) && field[1].toLowerCase().split(',').some((part) => part.trim() === token))
}

/** Is it this header? By length first: this is asked for every header of every message. */
export function isNamed(candidate: string, name: string): boolean {
  return candidate.length === name.length && candidate.toLowerCase() === name.toLowerCase()
}

/** A message head as bytes, and what follows it. */
export function headBytes(startLine: string, headers: Headers, body?: Buffer): Buffer {
  let text = `${startLine}\r\n`
  for (const field of headers) text += `${field[0]}: ${field[1]}\r\n`
  text += '\r\n'
  if (!body || body.length === 0) return Buffer.from(text, 'latin1')
  const bytes = Buffer.allocUnsafe(text.length + body.length)
  bytes.write(text, 0, 'latin1')
  bytes.set(body, text.length)
  return bytes
}

const reasons: Record<number, string> = {
  200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed', 408: 'Request Timeout', 413: 'Request Entity Too Large', 431: 'Request Header Fields Too Large',
  499: 'Client Closed Request', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout', 505: 'HTTP Version Not Supported',
}

/** `502 Bad Gateway`. */
export function statusText(status: number): string {
  return `${status} ${reasons[status] ?? 'Unknown'}`
}
