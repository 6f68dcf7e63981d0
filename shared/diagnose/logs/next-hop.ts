import { factOf, type LogFact } from './fact.ts'
import { lineReader } from './reader.ts'

/** What the next hop saw of one request. */
export interface HopRequest {
  /** Seconds since the hop's start, as ms. */
  startMs: number
  request: string | null
  /** Its peer left before the answer was complete: how, and how long after the request. */
  left: { how: 'FIN' | 'RST' | 'error'; afterMs: number } | null
  /** What this hop did at its end. */
  did: 'answered' | 'closed' | 'reset' | 'cut short' | 'reset short' | 'aborted' | null
  didMs: number | null
}

const hopLine = /^ *(\d+\.\d{3}) (?:#(\d+) )?(listening|request .*|peer .*|(?:FIN|RST) without response|responded .*|partial(?:fin|rst).*|big .*|chunk\w*.*|aborted.*)$/

/** Whether a line is of a next hop's own view. */
export function isHopLine(text: string): boolean {
  return hopLine.test(text)
}

/** The requests of a next hop's view, in order; lines that are none are passed over. */
export function parseHopView(lines: readonly string[]): HopRequest[] {
  const open = new Map<string, HopRequest>()
  const all: HopRequest[] = []
  for (const text of lines) {
    const match = hopLine.exec(text)
    if (!match) {
      const last = all.at(-1)
      if (last && /ConnectionAbortedError|Software caused connection abort/.test(text)) last.did = 'aborted'
      continue
    }
    const atMs = Number(match[1]) * 1000
    const words = match[3] ?? ''
    const id = match[2] ?? ''
    if (words.startsWith('request ')) {
      const request: HopRequest = { startMs: atMs, request: words.slice(8), left: null, did: null, didMs: null }
      open.set(id, request)
      all.push(request)
      continue
    }
    const request = open.get(id)
    if (request) note(request, words, atMs)
  }
  return all
}

function note(request: HopRequest, words: string, atMs: number): void {
  const left = /^peer left \((FIN|RST)\)(?: after (\d+) ms)?/.exec(words)
  if (left) request.left = { how: left[1] === 'RST' ? 'RST' : 'FIN', afterMs: left[2] ? Number(left[2]) : atMs - request.startMs }
  else if (/^peer (?:reset|error)/.test(words) && request.did !== 'answered') request.left = { how: 'error', afterMs: atMs - request.startMs }
  const did = words.startsWith('FIN without') ? 'closed' : words.startsWith('RST without') ? 'reset' : words.startsWith('partialfin') ? 'cut short' : words.startsWith('partialrst') ? 'reset short' : /^responded|^big sent/.test(words) ? 'answered' : null
  if (did && request.did === null) {
    request.did = did
    request.didMs = atMs - request.startMs
  }
}

/** A file with a next hop's view: its lines are kept as facts without a sign and read together by the judge. */
export const nextHopLog = lineReader('next-hop', 'next hop', (line): LogFact[] | null => {
  if (!isHopLine(line.text)) return /ConnectionAbortedError/.test(line.text) ? [factOf({ file: line.file, line: line.number, product: 'next hop', text: line.text })] : null
  return [factOf({ file: line.file, line: line.number, product: 'next hop', text: line.text })]
})
