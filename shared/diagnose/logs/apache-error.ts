import { acts, factOf, hint, requestOf, sees, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseCtime, parseIsoTime } from './time.ts'

const product = 'Apache httpd'
const errorLine = /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d [\d:.]+ \d{4}|\d{4}-\d{2}-\d{2}[T ][\d:.]+)\] \[(?:(\w+):)?(\w+)\] (?:\[pid [^\]]+\] )?(.*)$/s

/** Apache's error log. (70007) is time; 20014, 104, 70008, 70014 are a broken partner; AH codes tell the place. */
export const apacheErrorLog = lineReader('apache-error', product, (line) => {
  const match = errorLine.exec(line.text)
  if (!match) return null
  const message = match[4] ?? ''
  const sign = signOf(message)
  if (!sign) return []
  const client = /\[client ([^\]]+)\]/.exec(message)?.[1] ?? null
  const path = /returned by (\S+)/.exec(message)?.[1] ?? null
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: parseCtime(match[1] ?? '') ?? parseIsoTime(match[1] ?? '') ?? line.wrapperTimeMs,
    signs: [sign], thread: client, request: client || path ? requestOf({ client, path }) : null,
  })]
})

type Rule = [RegExp, (message: string) => Sign | null]

const timedOut = /^(?:.*?)\((?:70007|110)\)/
const rules: Rule[] = [
  [/AH01382: Request header read timeout/, () => acts('proxy.client_header', 'the request header did not arrive within `RequestReadTimeout header=`', { directive: 'RequestReadTimeout' })],
  [/AH01382: Request body read timeout/, () => acts('proxy.client_body', 'the request body did not arrive within `RequestReadTimeout body=`', { directive: 'RequestReadTimeout' })],
  [/(?:Script timed out before returning headers|AH02813|AH01220|Timeout waiting for output from CGI script)/, () => acts('connector.python', 'the CGI script did not answer within `CGIDScriptTimeout`, or `Timeout` where that is not set', { directive: 'CGIDScriptTimeout' })],
  [/AH01075: Error dispatching request to/, (message) => timedOut.test(message) || /\(polling\)/.test(message) ? acts('proxy.read', 'the FastCGI server did not answer in time', { directive: 'ProxyTimeout' }) : sees('proxy.bad_gateway', 'the FastCGI server broke off')],
  [/AH00957|AH02454|attempt to connect to .* failed/, connectFailed],
  [/AH01094/, () => null],
  [/AH01084|AH01086|AH01097|pass request body failed/, (message) => timedOut.test(message) ? acts('proxy.send', 'the upstream did not take the request body in time', { directive: 'ProxyTimeout' }) : sees('proxy.bad_gateway', 'the upstream broke off while it was being sent the request')],
  [/AH02609|AH01095: prefetch|read request body failed/, (message) => timedOut.test(message) ? acts('proxy.client_body', 'the request body did not arrive in time', { directive: 'Timeout' }) : sees('client.canceled', 'the client left while its request body was read', { confidence: 0.85 })],
  [/AH01102|AH01110|AH01107|error reading (?:status line|response|headers?)|AH00992|AH01030|AH00893/, readFailed],
  [/AH00898: Error reading from remote server|AH01106|AH01098/, () => hint('proxy.bad_gateway', 'Apache could not read the upstream’s answer', { confidence: 0.3, orElse: ['proxy.read'] })],
  [/AH01114|AH01079|failed to make connection to backend/, () => hint('proxy.refused', 'Apache could not connect to the upstream', { confidence: 0.4, orElse: ['proxy.connect'] })],
  [/AH00959|AH00940: \S+: disabled connection|AH01170|All workers are in error state|No protocol handler|AH01144/, () => hint('proxy.backend_down', 'the upstream is marked as failed for a while', { confidence: 0.6 })],
  [/DNS lookup failure for|AH00898: DNS lookup failure/, () => acts('network.dns', 'the upstream’s name could not be resolved')],
  [/AH00051|AH00052|child pid \d+ exit signal/, () => acts('proxy.stopped', 'an Apache child died of a signal with the requests it held', { confidence: 0.9 })],
  [/AH00484|AH03490|server reached MaxRequestWorkers|scoreboard is full/, () => hint('proxy.queue', 'every worker was busy: requests waited in the backlog (`MaxRequestWorkers`)', { directive: 'MaxRequestWorkers' })],
  [/AH01630: client denied|AH01797/, () => acts('proxy.rejected', 'an access rule refused the request', { confidence: 0.85 })],
  [/AH00566|AH00567|exceeds the configured limit|AH01587|AH01588|larger than the configured limit/, () => acts('proxy.rejected', 'the request is larger than a configured limit', { directive: 'LimitRequestBody', confidence: 0.85 })],
  [/AH02032|speaking plain HTTP to an SSL|AH01996|HTTP spoken on HTTPS port/, () => acts('network.protocol', 'one side spoke TLS, the other plain HTTP')],
  [/AH00045|AH00046|AH00047/, () => hint('proxy.stopped', 'Apache was killing children that did not stop')],
  [/exceptions?\.TimeoutError|mod_wsgi .*Daemon process .*(?:(?:request|deadlock|inactivity) timeout|request time limit exceeded|deadlock timer expired)|Timeout when reading response headers from daemon process/, (message) => /Timeout when reading/.test(message) ? acts('proxy.read', 'the WSGI daemon did not answer within `socket-timeout`', { directive: 'socket-timeout' }) : acts('gateway.worker', 'mod_wsgi ended its daemon process after a timeout', { directive: 'request-timeout' })],
]

function signOf(message: string): Sign | null {
  for (const [pattern, rule] of rules) if (pattern.test(message)) return rule(message)
  return null
}

function connectFailed(message: string): Sign {
  if (/\((?:110|70007)\)/.test(message)) return acts('proxy.connect', 'the upstream did not accept in time', { directive: 'ProxyTimeout' })
  return acts('proxy.refused', /\(111\)/.test(message) ? 'the upstream’s port was closed' : 'the upstream could not be reached')
}

function readFailed(message: string): Sign {
  if (/\((?:110|70007)\)/.test(message)) return acts('proxy.read', 'nothing came from the upstream for `ProxyTimeout` (which is `Timeout` where not set)', { directive: 'ProxyTimeout' })
  return sees('proxy.bad_gateway', 'the upstream closed or broke the connection before its answer was complete')
}
