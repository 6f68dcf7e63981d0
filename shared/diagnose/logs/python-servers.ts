import { acts, factOf, hint, type LogFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { parseClfTime } from './time.ts'

const httpServerLine = /^(\S{1,255}) - - \[(\d{2}\/[A-Z][a-z]{2}\/\d{4} \d{2}:\d{2}:\d{2})\] (Request timed out.*|code \d{3}.*)$/s

/** Python's `http.server`: its access lines are common, this is the line it writes when its socket timeout fires. */
export const httpServerLog = lineReader('http.server', 'http.server', (line) => {
  if (/^Exception (?:occurred|happened) during processing of request from/.test(line.text)) return []
  const match = httpServerLine.exec(line.text)
  if (!match) return null
  if (!/^Request timed out/.test(match[3] ?? '')) return []
  return [factOf({
    file: line.file, line: line.number, product: 'http.server', text: line.text, timeMs: parseClfTime(match[2] ?? '') ?? line.wrapperTimeMs,
    signs: [acts('gateway.read', 'the socket timeout fired while the handler waited for header or body of the request', { directive: 'BaseHTTPRequestHandler.timeout', confidence: 0.92, orElse: ['gateway.read_header', 'gateway.idle'] })],
  })]
})

const uvicornPhrases: [RegExp, () => Sign][] = [
  [/Cancel \d+ running task\(s\), timeout graceful shutdown exceeded/, () => acts('gateway.stopped', 'the stopping server cancelled running requests after `--timeout-graceful-shutdown`', { directive: '--timeout-graceful-shutdown' })],
  [/Exceeded concurrency limit/, () => acts('gateway.rejected', 'more requests at once than `--limit-concurrency`', { directive: '--limit-concurrency' })],
  [/Maximum request limit of \d+ exceeded/, () => hint('gateway.stopped', 'the worker ended after `--limit-max-requests`', { directive: '--limit-max-requests' })],
  [/Child process \[\d+\] died/, () => acts('gateway.stopped', 'a worker process died', { confidence: 0.9 })],
  [/ASGI callable returned without (?:starting|completing) response/, () => acts('gateway.stopped', 'the application ended without an answer', { confidence: 0.85 })],
  [/Invalid HTTP request received/, () => acts('gateway.rejected', 'the request was not valid HTTP', { confidence: 0.8 })],
  [/^Shutting down$/, () => hint('gateway.stopped', 'the server was told to stop', { confidence: 0.2 })],
]

/** uvicorn's process lines: `INFO:     words`. */
export const uvicornLog = lineReader('uvicorn', 'uvicorn', (line: Line): LogFact[] | null => {
  const match = /^(INFO|WARNING|ERROR|CRITICAL|DEBUG): +(.*)$/s.exec(line.text)
  if (!match) return null
  const found = uvicornPhrases.find(([pattern]) => pattern.test(match[2] ?? ''))
  if (found) return [factOf({ file: line.file, line: line.number, product: 'uvicorn', text: line.text, timeMs: line.wrapperTimeMs, signs: [found[1]()] })]
  return /server process|application (?:startup|shutdown)|Uvicorn running|connections to close|Finished|Shutting down/i.test(match[2] ?? '') ? [] : null
})
