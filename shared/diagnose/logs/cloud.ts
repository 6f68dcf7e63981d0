import { numberIn, parseKeyValues, textOf } from './access-fields.ts'
import { acts, factOf, fine, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { parseObject } from './unwrap.ts'
import { parseIsoTime } from './time.ts'

const albLine = /^(https?|h2|grpcs?|wss?) (\S+Z) (app\/\S+) (\S+) (\S+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (\d{3}|-) (\d{3}|-) (\d+) (\d+) "(\S+) (\S+)[^"]*" (.*)$/s

/** AWS Application Load Balancer access log: -1 and "-" tell how far a request got. */
export const albLog = lineReader('aws-alb', 'AWS ALB', (line) => {
  const match = albLine.exec(line.text)
  if (!match) return null
  const [, , time, , client, target, requestS, targetS, responseS, elb, targetStatus, , sent, method, url] = match
  const spent = [requestS, targetS, responseS].map(Number).filter((seconds) => seconds > 0)
  const request = requestOf({
    client: client ?? null, method: method ?? null, path: (url ?? '').replace(/^\w+:\/\/[^/]+/, '') || null, status: numberIn(elb), bytes: Number(sent),
    durationMs: spent.length > 0 ? spent.reduce((sum, seconds) => sum + seconds, 0) * 1000 : null, id: /"(Root=[^"]+)"/.exec(match[15] ?? '')?.[1] ?? null,
    upstreams: target === '-' ? [] : [{ address: target ?? null, status: numberIn(targetStatus), connectMs: Number(requestS) >= 0 ? Number(requestS) * 1000 : null, firstByteMs: Number(targetS) >= 0 ? Number(targetS) * 1000 : null, totalMs: null }],
  })
  return [factOf({ file: line.file, line: line.number, product: 'AWS ALB', text: line.text, timeMs: parseIsoTime(time ?? ''), request, signs: [albSign(Number(elb), targetStatus ?? '-', target ?? '-', Number(requestS), Number(targetS))] })]
})

const elbLine = /^(\S+Z) (\S+) (\S+:\d+) (\S+:\d+|-) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (\d{1,3}|-) (\d{1,3}|-) (\d+) (\d+) "(\S+) (\S+)[^"]*"/

/** AWS Classic Load Balancer access log; a backend status of 0 or "-" is one that never came. */
export const elbLog = lineReader('aws-elb', 'AWS ELB', (line) => {
  const match = elbLine.exec(line.text)
  if (!match) return null
  const [, time, , client, backend, requestS, backendS, responseS, elb, backendStatus, , sent, method, url] = match
  const spent = [requestS, backendS, responseS].map(Number).filter((seconds) => seconds > 0)
  const request = requestOf({ client: client ?? null, method: method === '-' ? null : method ?? null, path: (url ?? '').replace(/^\w+:\/\/[^/]+/, '') || null, status: numberIn(elb), bytes: Number(sent), durationMs: spent.length > 0 ? spent.reduce((sum, seconds) => sum + seconds, 0) * 1000 : null })
  const sign = albSign(Number(elb), Number(backendStatus) > 0 ? backendStatus ?? '-' : '-', backend ?? '-', Number(requestS), Number(backendS))
  return [factOf({ file: line.file, line: line.number, product: 'AWS ELB', text: line.text, timeMs: parseIsoTime(time ?? ''), request, signs: [{ ...sign, directive: sign.directive === 'idle_timeout.timeout_seconds' ? 'connection-idle-timeout' : sign.directive }] })]
})

function albSign(status: number, targetStatus: string, target: string, requestS: number, targetS: number): Sign {
  if (status === 460) return sees('client.canceled', '460: the client closed before the load balancer’s idle timeout')
  if (status === 463 || status === 464 || status === 400 || status === 403) return acts('proxy.rejected', `${status}: the load balancer refused the request`, { confidence: targetStatus === '-' ? 0.92 : 0.3 })
  if (targetStatus !== '-') return fine(`the target itself answered ${targetStatus}`)
  if (status === 504) return requestS < 0 && target === '-' ? acts('proxy.connect', '504 and nothing sent to a target: the connection was not made within 10 s', { directive: 'connection timeout', limitMs: 10_000, confidence: 0.85 }) : acts('proxy.read', '504 without a target status: the target was silent for the idle timeout', { directive: 'idle_timeout.timeout_seconds', confidence: 0.9, orElse: ['proxy.connect'] })
  if (status === 502) return sees('proxy.bad_gateway', targetS < 0 ? '502: the target closed or reset the connection (often its keep-alive is shorter than the load balancer’s 60 s)' : '502: the target’s answer was malformed')
  if (status === 503) return acts('proxy.backend_down', '503: no healthy target')
  if (status === 408) return acts('proxy.client_body', '408: the request body did not arrive within the idle timeout', { directive: 'idle_timeout.timeout_seconds', confidence: 0.85 })
  return fine(`answered ${status}`)
}

const herokuCodes: Record<string, (fields: Record<string, string>) => Sign> = {
  H12: () => acts('platform.duration', 'H12: no first byte within the router’s 30 s', { directive: 'H12 request timeout', limitMs: 30_000, orElse: ['proxy.read'] }),
  H13: () => sees('proxy.bad_gateway', 'H13: the dyno closed the connection without an answer', { orElse: ['gateway.worker', 'gateway.write'] }),
  H17: () => sees('proxy.bad_gateway', 'H17: the dyno’s answer was not valid HTTP'),
  H18: () => sees('proxy.bad_gateway', 'H18: the dyno broke off in the middle of its answer', { orElse: ['gateway.worker', 'gateway.stopped'] }),
  H15: () => acts('proxy.idle', 'H15: the connection was idle for 55 s', { directive: 'H15 idle connection', limitMs: 55_000 }),
  H28: () => acts('proxy.client_body', 'H28: the client sent nothing for 55 s', { directive: 'H28 client idle', limitMs: 55_000, orElse: ['proxy.idle'] }),
  H26: () => acts('proxy.rejected', 'H26: the request was not valid', { confidence: 0.85 }),
  H27: () => sees('client.canceled', 'H27: the client left first'),
  H10: () => acts('proxy.refused', 'H10: the app crashed and is not running', { orElse: ['proxy.backend_down'] }),
  H11: () => acts('proxy.queue', 'H11: the backlog was too deep'),
  H14: () => acts('proxy.backend_down', 'H14: no web dynos running'),
  H19: () => acts('proxy.connect', 'H19: the dyno did not accept within 5 s', { directive: 'H19 backend connection timeout', limitMs: 5000 }),
  H20: () => acts('proxy.refused', 'H20: the dyno did not boot within 75 s', { directive: 'H20 app boot timeout', limitMs: 75_000, confidence: 0.85 }),
  H21: () => acts('proxy.refused', 'H21: the dyno refused the connection'),
  H22: () => acts('proxy.queue', 'H22: too many connections to the dyno', { confidence: 0.88, orElse: ['proxy.rejected'] }),
  H23: () => acts('proxy.rejected', 'H23: the endpoint is misconfigured', { confidence: 0.8 }),
  H24: () => acts('proxy.stopped', 'H24: the router closed by force a connection that outlived its shutdown', { confidence: 0.85 }),
  H25: () => acts('platform.payload', 'H25: the header was malformed or too large', { confidence: 0.8 }),
  H31: () => acts('proxy.rejected', 'H31: misdirected request'),
  H32: () => acts('proxy.client_body', 'H32: the request body was not sent in time', { confidence: 0.8 }),
  H80: () => acts('proxy.rejected', 'H80: the app is in maintenance'),
  H99: () => acts('proxy.stopped', 'H99: an error of the platform', { confidence: 0.7 }),
}

/** The Heroku router's lines: `at=error code=H12 desc="..." method=GET path="/"`. */
export const herokuLog = lineReader('heroku', 'Heroku', (line: Line): LogFact[] | null => {
  if (!/\bat=(?:info|error|warning)\b/.test(line.text) || !/\b(?:code=H\d{2}|dyno=|heroku\[router\])/.test(line.text)) return null
  const fields = parseKeyValues(line.text)
  const code = fields['code'] ?? ''
  const status = numberIn(fields['status'])
  const sign = herokuCodes[code]?.(fields) ?? (status !== null && code === '' ? fine(`the dyno answered ${status}`) : hint('unknown', `router code ${code}`))
  const service = numberIn((fields['service'] ?? '').replace(/ms$/, ''))
  return [factOf({
    file: line.file, line: line.number, product: 'Heroku', text: line.text, timeMs: parseIsoTime(line.text) ?? line.wrapperTimeMs, signs: [sign],
    request: requestOf({ id: textOf(fields['request_id']), client: textOf(fields['fwd']), method: textOf(fields['method']), path: textOf(fields['path']), status, durationMs: service, bytes: numberIn(fields['bytes']) }),
  })]
})

/** Its timeout is set in whole seconds, and the report tells just that time. */
function wholeSeconds(ms: number | null): number | null {
  return ms === null || ms < 1000 ? null : Math.floor(ms / 1000) * 1000
}

/** The JSON format's `platform.report`. */
function lambdaEvent(line: Line): LogFact[] | null {
  if (!line.text.includes('"platform.')) return null
  const event = parseObject(line.text)
  const record = event?.['record']
  if (!event || typeof record !== 'object' || record === null) return null
  const { requestId, status, metrics } = record as { requestId?: unknown; status?: unknown; metrics?: Record<string, unknown> }
  const tookMs = numberIn(metrics?.['durationMs'])
  const full = (numberIn(metrics?.['maxMemoryUsedMB']) ?? 0) >= (numberIn(metrics?.['memorySizeMB']) ?? Infinity)
  if (event['type'] !== 'platform.report') return []
  const signs: Sign[] = []
  if (status === 'timeout') signs.push(acts('platform.duration', 'Lambda ended the invocation at its timeout', { directive: 'Timeout', limitMs: wholeSeconds(tookMs) }))
  else if (full) signs.push(acts('platform.memory', 'the runtime ended with all of its memory in use', { directive: 'MemorySize', confidence: status === 'success' ? 0.4 : 0.9, orElse: ['os.oom_kill'] }))
  return [factOf({ file: line.file, line: line.number, product: 'AWS Lambda', text: line.text, timeMs: parseIsoTime(String(event['time'] ?? '')), thread: textOf(requestId), tookMs, signs, request: requestOf({ id: textOf(requestId), durationMs: tookMs }) })]
}

const lambdaReport = /^REPORT RequestId: ([\w-]+)\s+Duration: ([\d.]+) ms\s.*?Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB(.*)$/s

/** Lambda's START, END and REPORT lines; used memory equal to the size is how its OOM shows. */
export const lambdaLog = lineReader('aws-lambda', 'AWS Lambda', (line) => {
  if (line.text.charCodeAt(0) === 0x7b) return lambdaEvent(line)
  const bare = /^(?:START|END|INIT_START)\b.*?(?:RequestId: ([\w-]+))?/.exec(line.text)
  const report = lambdaReport.exec(line.text.replace(/^\d{4}-\S+Z?\s+/, ''))
  if (!report) return bare && /RequestId: |Runtime Version/.test(line.text) ? [] : null
  const [, id, duration, size, used, rest] = report
  const signs: Sign[] = []
  if (/Status: timeout/.test(rest ?? '')) signs.push(acts('platform.duration', 'Lambda ended the invocation at its timeout', { directive: 'Timeout', limitMs: wholeSeconds(Number(duration)) }))
  if (Number(used) >= Number(size)) signs.push(hint('platform.memory', 'all of the memory was in use', { directive: 'MemorySize', confidence: 0.7, orElse: ['os.oom_kill'] }))
  if (/Error Type: Runtime\.(?:ExitError|OutOfMemory)/.test(rest ?? '') && Number(used) >= Number(size)) signs.push(acts('platform.memory', 'the runtime ended with all of its memory in use', { directive: 'MemorySize', confidence: 0.9, orElse: ['os.oom_kill'] }))
  return [factOf({ file: line.file, line: line.number, product: 'AWS Lambda', text: line.text, timeMs: line.wrapperTimeMs, thread: id ?? null, tookMs: Number(duration), stage: 'script_finished', signs, request: requestOf({ id: id ?? null, durationMs: Number(duration) }) })]
})
