import { acts, factOf, hint, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseIsoTime } from './time.ts'

const product = 'stunnel'
const logLine = /^(?:(\d{4}\.\d{2}\.\d{2} \d{2}:\d{2}:\d{2}) )?LOG\d\[([^\]]+)\]: (.*)$/s

const phrases: [RegExp, () => Sign][] = [
  [/TIMEOUTidle exceeded/, () => acts('proxy.idle', 'neither side sent anything for `TIMEOUTidle`', { directive: 'TIMEOUTidle' })],
  [/TIMEOUTconnect exceeded|s_connect: .*(?:timed out|ETIMEDOUT)/, () => acts('proxy.connect', 'the server behind did not accept within `TIMEOUTconnect`', { directive: 'TIMEOUTconnect' })],
  [/TIMEOUTbusy exceeded/, () => acts('proxy.client_header', 'the client did not go on with its TLS handshake for `TIMEOUTbusy`', { directive: 'TIMEOUTbusy' })],
  [/TIMEOUTclose exceeded/, () => hint('proxy.idle', 'the other side did not close within `TIMEOUTclose`', { directive: 'TIMEOUTclose', confidence: 0.3 })],
  [/s_connect: .*(?:Connection refused|No route|unreachable)/, () => acts('proxy.refused', 'the server behind could not be reached')],
  [/Cannot resolve|Error resolving|getaddrinfo/, () => acts('network.dns', 'the server’s name could not be resolved', { confidence: 0.85 })],
  [/wrong version number|http request|unknown protocol/, () => acts('network.protocol', 'one side spoke TLS, the other plain text')],
  [/(?:writesocket|readsocket|SSL_read|SSL_write).*(?:Connection reset|Broken pipe)/, () => hint('network.reset', 'one side reset the connection', { confidence: 0.5 })],
  [/Too many (?:clients|open files)|Connection rejected: too many/, () => acts('proxy.rejected', 'stunnel had no room for another connection', { confidence: 0.85 })],
]

/** stunnel's log: the name of the limit stands in the line. */
export const stunnelLog = lineReader('stunnel', product, (line) => {
  const match = logLine.exec(line.text)
  if (!match) return null
  const message = match[3] ?? ''
  const found = phrases.find(([pattern]) => pattern.test(message))
  if (!found) return []
  return [factOf({ file: line.file, line: line.number, product, text: line.text, thread: match[2] ?? null, timeMs: parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs, signs: [found[1]()] })]
})
