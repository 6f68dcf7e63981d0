import { redacted } from './redact-text.ts'

/** A private key has no more lines than this; what never ends is none. */
const mostLines = 200
const begins = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const ends = /-----END [A-Z ]*PRIVATE KEY-----/
/** Base64, and the headers of old keys. Other sources may write in between: what they say stays. */
const body = /^\s*(?:[\w+/=-]{1,120}|(?:Proc-Type|DEK-Info): .*)\s*$/

/** Lines of a log, one after another, without those that are the body of a private key: each line alone tells nothing. */
export function withoutKeyLines(): (line: string) => string {
  let left = 0
  return (line) => {
    if (begins.test(line)) { left = ends.test(line) ? 0 : mostLines; return line }
    if (left === 0) return line
    left = ends.test(line) ? 0 : left - 1
    return body.test(line) && !ends.test(line) ? redacted : line
  }
}
