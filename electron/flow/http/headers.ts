/** Header fields in the order they came, names as written. */
export type Headers = readonly (readonly [name: string, value: string])[]

/** The first value of a header, whatever its case; null when absent. */
export function headerOf(headers: Headers, name: string): string | null {
  const wanted = name.toLowerCase()
  return headers.find(([candidate]) => candidate.length === wanted.length && candidate.toLowerCase() === wanted)?.[1] ?? null
}

/** Does a list header (`Connection`, `Transfer-Encoding`) contain this token? */
export function hasToken(headers: Headers, name: string, token: string): boolean {
  const wanted = name.toLowerCase()
  return headers.some(([candidate, value]) => candidate.length === wanted.length && candidate.toLowerCase() === wanted && value.toLowerCase().split(',').some((part) => part.trim() === token))
}

/** A message head as bytes. */
export function headBytes(startLine: string, headers: Headers): Buffer {
  let text = `${startLine}\r\n`
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

const reasons: Record<number, string> = {
  200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed', 408: 'Request Timeout', 413: 'Request Entity Too Large', 431: 'Request Header Fields Too Large',
  499: 'Client Closed Request', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout', 505: 'HTTP Version Not Supported',
}

/** `502 Bad Gateway`. */
export function statusText(status: number): string {
  return `${status} ${reasons[status] ?? 'Unknown'}`
}
