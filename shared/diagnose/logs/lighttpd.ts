import { acts, factOf, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseIsoTime } from './time.ts'

const product = 'lighttpd'
const errorLine = /^(?:(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}): )?\(([\w.-]+\.c)\.\d+\) (.*)$/s

const phrases: [RegExp, (match: RegExpExecArray) => Sign][] = [
  [/read timeout on CGI/, () => acts('connector.python', 'the CGI program sent nothing for `cgi.limits` read-timeout', { directive: 'cgi.limits read-timeout' })],
  [/write timeout on CGI/, () => acts('connector.python', 'the CGI program did not read its input for `cgi.limits` write-timeout', { directive: 'cgi.limits write-timeout', confidence: 0.9 })],
  [/timed out after writing \d+ bytes\. We waited (\d+) seconds/, (match) => acts('proxy.client_write', 'the client did not read the answer for `server.max-write-idle`', { directive: 'server.max-write-idle', limitMs: Number(match[1]) * 1000 })],
  [/(?:a request from \S+ .*|connection closed - |request) ?(?:timed out|read timeout)|server\.max-read-idle/, () => acts('proxy.client_body', 'the client sent nothing for `server.max-read-idle`', { directive: 'server.max-read-idle', confidence: 0.85, orElse: ['proxy.client_header'] })],
  [/connection closed - keep-alive timeout/, () => acts('proxy.idle', 'the kept-alive connection was idle for `server.max-keep-alive-idle`', { directive: 'server.max-keep-alive-idle' })],
  [/establishing connection failed: .*(?:Connection timed out|timed out)|connect timeout|connection timeout/i, () => acts('proxy.connect', 'the backend did not accept within connect-timeout', { directive: 'connect-timeout' })],
  [/establishing connection failed|connect failed|connection refused/i, () => acts('proxy.refused', 'the backend could not be reached')],
  [/read timeout on (?:socket|backend)|read.timeout.*(?:backend|tcp:|unix:)/, () => acts('proxy.read', 'the backend sent nothing for read-timeout', { directive: 'read-timeout' })],
  [/write timeout on (?:socket|backend)|write.timeout.*(?:backend|tcp:|unix:)/, () => acts('proxy.send', 'the backend did not take the request for write-timeout', { directive: 'write-timeout' })],
  [/all handlers for .* are down|backend is overloaded|no (?:fcgi|proxy|gw)-?\w* ?(?:handler|backend) found/i, () => hint('proxy.backend_down', 'every backend of this address was marked as failed', { confidence: 0.6 })],
  [/(?:response not received|unexpected end-of-file|backend (?:died|closed)|connection was dropped|read\(\) failed|premature|end of file)/i, () => sees('proxy.bad_gateway', 'the backend closed before its answer was complete')],
  [/request-size too long|413|max-request-size/, () => acts('proxy.rejected', 'the request is larger than `server.max-request-size`', { directive: 'server.max-request-size', confidence: 0.85 })],
]

/** lighttpd's error log, as `(file.c.line) words`; its access log is the common one. */
export const lighttpdErrorLog = lineReader('lighttpd-error', product, (line) => {
  const match = errorLine.exec(line.text)
  if (!match) return null
  const message = match[3] ?? ''
  const facts: LogFact[] = []
  for (const [pattern, signOf] of phrases) {
    const found = pattern.exec(message)
    if (!found) continue
    const path = / for (\/\S*)/.exec(message)?.[1] ?? null
    facts.push(factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs, signs: [signOf(found)], request: path ? requestOf({ path }) : null }))
    break
  }
  return facts
})
