import { acts, factOf, requestOf, sees, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'

const product = 'h2o'
const logLine = /^\[lib\/[\w./]+\.c\] in request:(\S*?):(.*)$/s

const phrases: [RegExp, () => Sign][] = [
  [/first byte timeout/i, () => acts('proxy.read', 'no header came from the upstream within `proxy.timeout.first_byte`', { directive: 'proxy.timeout.first_byte' })],
  [/connection timeout|connect timeout/i, () => acts('proxy.connect', 'the upstream did not accept within `proxy.timeout.connect`', { directive: 'proxy.timeout.connect' })],
  [/I\/O (?:error|timeout)/i, () => acts('proxy.read', 'the upstream paused longer than `proxy.timeout.io`', { directive: 'proxy.timeout.io', confidence: 0.85, orElse: ['proxy.bad_gateway'] })],
  [/connection failed|connection refused/i, () => acts('proxy.refused', 'the upstream could not be reached')],
  [/lookup failure|host not found/i, () => acts('network.dns', 'the upstream’s name could not be resolved')],
  [/closed by (?:upstream|the server)|connection closed|malformed|invalid|failed to parse/i, () => sees('proxy.bad_gateway', 'the upstream closed or sent something invalid')],
]

/** h2o's error log: `[lib/core/proxy.c] in request:/path:words`. */
export const h2oLog = lineReader('h2o', product, (line) => {
  const match = logLine.exec(line.text)
  if (!match) return null
  const found = phrases.find(([pattern]) => pattern.test(match[2] ?? ''))
  if (!found) return []
  return [factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: line.wrapperTimeMs, signs: [found[1]()], request: requestOf({ path: match[1] || null }) })]
})
