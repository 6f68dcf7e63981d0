import { hint, mostText, type LogFact } from './fact.ts'
import { logReaders } from './index.ts'
import type { Line, Reading } from './reader.ts'
import { unwrapLine } from './unwrap.ts'

/** Longest line that is parsed; what is longer is cut, because no log line carries its meaning behind 16 KiB. */
export const longestLine = 16_384

export interface LogOutcome {
  /** Reader ids and how many lines each took. */
  readers: Map<string, number>
  lines: number
}

/** Reads one file's lines; facts come out as they are found. Memory does not grow with the file. */
export interface LogFile {
  take(text: string, number: number): LogFact[]
  close(): LogFact[]
  outcome: LogOutcome
}

/** Readers whose presence in a file makes its tracebacks those of a server, not of the user's script. */
const servers = new Set(['gunicorn', 'uwsgi', 'uvicorn', 'http.server', 'next-hop', 'access'])

/** Starts reading a log of any product or mixture of products. `year` completes dates without one. */
export function openLog(file: string, year: number): LogFile {
  const readings: { id: string; reading: Reading }[] = logReaders.map((reader) => ({ id: reader.id, reading: reader.open(file) }))
  const outcome: LogOutcome = { readers: new Map(), lines: 0 }
  let latest = 0
  let piece: { text: string; timeMs: number | null; origin: string | null } | null = null
  const offer = (line: Line, index: number): LogFact[] | null => {
    const found = readings[index]?.reading.take(line) ?? null
    if (found === null) return null
    const id = readings[index]?.id ?? ''
    outcome.readers.set(id, (outcome.readers.get(id) ?? 0) + 1)
    if (id !== 'app') latest = index
    return id === 'traceback' ? found.map((fact) => ownTraceback(fact, outcome.readers)) : found
  }
  const offerAll = (line: Line): LogFact[] => {
    const mostLikely = latest
    const first = offer(line, mostLikely)
    if (first) return first
    for (let index = 0; index < readings.length; index++) {
      const found = index === mostLikely ? null : offer(line, index)
      if (found) return found
    }
    return []
  }
  return {
    outcome,
    take: (text, number) => {
      outcome.lines++
      const unwrapped = unwrapLine(text.length > longestLine ? text.slice(0, longestLine) : text, year)
      const whole = piece ? { ...unwrapped, text: `${piece.text}${unwrapped.text}`.slice(0, longestLine), timeMs: piece.timeMs } : unwrapped
      piece = unwrapped.partial ? whole : null
      if (piece) return []
      const line: Line = { file, number, text: whole.text, wrapperTimeMs: whole.timeMs, origin: whole.origin }
      return asWritten(offerAll(line), line, text)
    },
    close: () => readings.flatMap(({ id, reading }) => (id === 'traceback' ? reading.close().map((fact) => ownTraceback(fact, outcome.readers)) : reading.close())),
  }
}

/** Colours are taken off to understand a line; what is quoted of it is what the file has, control characters and all. */
function asWritten(facts: LogFact[], line: Line, text: string): LogFact[] {
  return text.includes('\u001b[') ? facts.map((fact) => fact.line === line.number ? { ...fact, text: text.slice(0, mostText) } : fact) : facts
}

/** A traceback in a server's own log is the gateway's trouble. */
function ownTraceback(fact: LogFact, readers: ReadonlyMap<string, number>): LogFact {
  if (![...readers.keys()].some((id) => servers.has(id))) return fact
  return { ...fact, signs: fact.signs.map((sign) => !/^(?:script|os|python)\./.test(sign.cause) ? sign : hint(sign.cause, `the server’s own code raised an error (${sign.means})`, { confidence: 0.6, orElse: ['gateway.stopped'] })) }
}
