/**
 * What a line of a huge file is to a reader: 0 = not worth decoding, else the kind of ending it shows (a status, a word). Asked once per
 * line of a gigabyte, so it must be quick and allocate nothing.
 */
export type LineTest = (bytes: Uint8Array, start: number, end: number) => number

const quote = 0x22
const space = 0x20
const dash = 0x2d
const digit0 = 0x30
/** Kinds of lines that have no status of their own. */
const odd = 1
const slow = 2
/** The shortest line head there can be: `h [17/Jun/2026:03:12:44] `. The quoted request is behind it. */
const shortestHead = 24
/** `GET / HTTP/1.1`, and the bare `-` of a client that sent nothing. */
const quietErrors = new Set([400, 401, 402, 404, 405, 406, 407, 409, 410, 411, 412, 415, 416, 417, 418, 422, 423, 424, 426, 428])

/** Common Log Format: the status stands behind the quoted request. `tail` asks about the fields behind it. */
export function accessTest(tail: LineTest): LineTest {
  return (bytes, start, end) => {
    let index = start + shortestHead
    while (index < end && bytes[index] !== quote) index++
    for (index++; index < end; index++) {
      if (bytes[index] !== quote || bytes[index + 1] !== space) continue
      const first = bytes[index + 2] as number
      if ((first === 0x32 || first === 0x33) && bytes[index + 5] === space) return tail(bytes, index + 6, end)
      return kindOfStatus(first, bytes[index + 3] as number, bytes[index + 4] as number) || tail(bytes, Math.min(end, index + 6), end)
    }
    return end > start ? odd : 0
  }
}

/** The status, 0 where it tells of no cut (a wrong path, no login), 1 where there is none. */
function kindOfStatus(first: number, second: number, third: number): number {
  const status = (first - digit0) * 100 + (second - digit0) * 10 + third - digit0
  if (!(status >= 0 && status < 1000)) return odd
  return quietErrors.has(status) ? 0 : Math.max(odd, status)
}

/** HAProxy: a session that ended normally has `----` and a status below 500; every other pair of letters is a kind of its own. */
export const haproxyTest: LineTest = (bytes, start, end) => {
  // Every fourth byte is enough to meet a run of four.
  for (let index = start + 4; index < end; index += 4) {
    if (bytes[index] !== dash) continue
    let first = index
    while (first > start && index - first < 3 && bytes[first - 1] === dash) first--
    if (bytes[first + 1] !== dash || bytes[first + 2] !== dash || bytes[first + 3] !== dash || bytes[first - 1] !== space || bytes[first + 4] !== space) continue
    const digit = statusBefore(bytes, start, first)
    return digit >= 0x35 && digit <= 0x39 ? digit : 0
  }
  return end > start ? stateOf(bytes, start, end) : 0
}

/** The two letters of ` sH-- ` as a number; 1 where no state is found. */
function stateOf(bytes: Uint8Array, start: number, end: number): number {
  for (let index = start + 1; index < end - 5; index++) {
    if (bytes[index] !== space || bytes[index + 5] !== space || (bytes[index + 4] !== dash && bytes[index + 3] !== dash)) continue
    if (isLetter(bytes[index + 1]) && (isLetter(bytes[index + 2]) || bytes[index + 2] === dash)) return ((bytes[index + 1] as number) << 8) | (bytes[index + 2] as number)
  }
  return odd
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
}

/** First digit of the status: `504 198 - - ----`, four words in front of the state. */
function statusBefore(bytes: Uint8Array, start: number, state: number): number {
  let words = 0
  for (let index = state - 2; index > start; index--) {
    if (bytes[index] === space && ++words === 4) return bytes[index + 1] ?? 0
  }
  return 0
}

/** What is asked of fields behind the status; `at` is the first byte of the value. */
const tailFields: { name: string; kind: (bytes: Uint8Array, at: number) => number }[] = [
  // Ten seconds and more have two digits in front of the point.
  { name: ' rt=', kind: (bytes, at) => isDigit(bytes[at]) && isDigit(bytes[at + 1]) ? slow : 0 },
  // nginx's $request_completion is empty where the answer was not delivered whole.
  { name: ' rc="', kind: (bytes, at) => bytes[at] === quote ? slow + 1 : 0 },
  // Apache's %X: the connection was aborted before the answer was complete.
  { name: ' conn=', kind: (bytes, at) => bytes[at] === 0x58 ? slow + 2 : 0 },
]

/**
 * A test of the fields behind the status, for those that the log's beginning has. They stand near the line's end, at about the same
 * distance from it in every line: that is where they are looked for first.
 */
export function tailTest(beginning: Buffer): LineTest {
  const lines = beginning.toString('latin1').split('\n').slice(0, -1).slice(0, 300)
  const fields = tailFields.flatMap(({ name, kind }) => {
    const distances = lines.flatMap((line) => (line.includes(name) ? [line.length - line.indexOf(name)] : []))
    return distances.length === 0 ? [] : [{ name: Buffer.from(name, 'latin1'), kind, nearest: Math.min(...distances) - 12, farthest: Math.max(...distances) + 12 }]
  })
  if (fields.length === 0) return () => 0
  return (bytes, start, end) => {
    for (const { name, kind, nearest, farthest } of fields) {
      let at = findName(bytes, name, Math.max(start, end - farthest), Math.min(end, end - nearest + name.length))
      if (at < 0) at = findName(bytes, name, start, end)
      const found = at < 0 ? 0 : kind(bytes, at)
      if (found !== 0) return found
    }
    return 0
  }
}

/** Where the value behind a name begins; -1 without it. The second last byte of every name is rarer than its first, a space. */
function findName(bytes: Uint8Array, name: Uint8Array, from: number, to: number): number {
  const length = name.length
  const second = name[1] as number
  for (let index = from; index + length <= to; index++) {
    if (bytes[index + 1] !== second || bytes[index] !== space) continue
    let same = 2
    while (same < length && bytes[index + same] === name[same]) same++
    if (same === length) return index + length
  }
  return -1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
