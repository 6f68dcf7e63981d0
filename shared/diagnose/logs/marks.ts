import type { LogFact } from './fact.ts'

/** A moment of the request's way that an application's own message marks. */
export interface Mark {
  stage: NonNullable<LogFact['stage']>
  tookMs: number | null
  /** The answer was written without an error, as far as the writer could tell. */
  answered: boolean
}

const marks: [RegExp, (match: RegExpExecArray) => Mark][] = [
  [/wrote (\d+) bytes,? err=(?:<nil>|nil|null)(?:.{0,40}?(\d+(?:\.\d+)?) ?(ms|s)\b)?/, (match) => ({ stage: 'response_returned', tookMs: ms(match[2], match[3]), answered: true })],
  [/(?:response (?:sent|written)|(?:request|handler|response) (?:completed|done|finished|handled|ok|complete))\b(?:.{0,80}?(\d+(?:\.\d+)?) ?(ms|s)\b)?/i, (match) => ({ stage: 'response_returned', tookMs: ms(match[1], match[2]), answered: true })],
  [/Starting Python script execution/, () => ({ stage: 'script_started', tookMs: null, answered: false })],
  [/Python script execution (?:completed|timed out)/, () => ({ stage: 'script_finished', tookMs: null, answered: false })],
  [/Connector processing started|connector (?:started|processing)/i, () => ({ stage: 'connector_started', tookMs: null, answered: false })],
  [/child (?:exit|close)\b.{0,40}?(\d+(?:\.\d+)?) ?(ms|s)\b/, (match) => ({ stage: 'script_finished', tookMs: ms(match[1], match[2]), answered: false })],
  [/Request received|incoming request|request start/i, () => ({ stage: 'request_received', tookMs: null, answered: false })],
]

/** The stage a message marks; null if it marks none. */
export function markIn(message: string, fields: Readonly<Record<string, unknown>>): Mark | null {
  for (const [pattern, markOf] of marks) {
    const match = pattern.exec(message)
    if (!match) continue
    const mark = markOf(match)
    const field = fields['execution_time_ms'] ?? fields['duration_ms']
    return { ...mark, tookMs: mark.tookMs ?? (typeof field === 'number' ? field : typeof field === 'string' && /^\d/.test(field) ? Number(field) : null) }
  }
  return null
}

function ms(value: string | undefined, unit: string | undefined): number | null {
  if (value === undefined) return null
  return unit === 's' ? Number(value) * 1000 : Number(value)
}
