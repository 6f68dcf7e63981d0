import { numberIn, textOf } from './access-fields.ts'
import { acts, factOf, fine, requestOf, sees, type LogFact, type RequestFact, type Sign } from './fact.ts'
import { lineReader, type Line } from './reader.ts'
import { parseAnyTime, parseClfTime, parseIsoTime } from './time.ts'
import { parseObject } from './unwrap.ts'

type Fields = Readonly<Record<string, unknown>>

/** Access logs that platforms deliver as JSON of their own: API Gateway, Azure's gateways, Cloudflare. */
export const cloudJsonLog = lineReader('cloud-json', '', (line): LogFact[] | null => {
  if (line.text.charCodeAt(0) !== 0x7b || !/"(?:integrationLatency|integrationStatus|EdgeResponseStatus|ApplicationGatewayAccess\w*|FrontDoorAccessLog|FrontdoorAccessLog)"/.test(line.text)) return null
  const fields = parseObject(line.text)
  if (!fields) return null
  if ('EdgeResponseStatus' in fields) return [cloudflare(line, fields)]
  const properties = fields['properties']
  return typeof properties === 'object' && properties !== null ? [azure(line, fields, properties as Fields)] : [apiGateway(line, fields)]
})

function factFor(line: Line, product: string, timeMs: number | null, request: Partial<RequestFact>, sign: Sign): LogFact {
  return factOf({ file: line.file, line: line.number, product, text: line.text, timeMs: timeMs ?? line.wrapperTimeMs, thread: request.id ?? null, request: requestOf(request), signs: [sign] })
}

/** What API Gateway may give an integration; a quota can raise it. */
const integrationLimits = [29_000, 30_000]

function apiGateway(line: Line, fields: Fields): LogFact {
  const status = numberIn(fields['status'])
  const latency = numberIn(fields['integrationLatency'])
  const durationMs = numberIn(fields['responseLatency']) ?? latency
  const atLimit = latency !== null && integrationLimits.some((limit) => Math.abs(latency - limit) <= 100)
  const timedOut = status === 504 || (status === 503 && atLimit)
  const sign = timedOut ? acts('platform.duration', 'API Gateway’s integration timeout passed', { directive: 'TimeoutInMillis', limitMs: atLimit && latency !== null ? Math.floor(latency / 1000) * 1000 : null, confidence: atLimit ? 0.93 : 0.8, orElse: ['proxy.read'] })
    : status === 502 || status === 503 ? sees('proxy.bad_gateway', `${status}: the integration gave no usable answer`, { confidence: 0.8, orElse: ['script.bad_output'] }) : fine(`answered ${status}`)
  return factFor(line, 'AWS API Gateway', parseAnyTime(textOf(fields['requestTime']) ?? '') ?? parseClfTime(textOf(fields['requestTime']) ?? ''), { id: textOf(fields['requestId']), client: textOf(fields['ip']), method: textOf(fields['httpMethod']), path: textOf(fields['path'] ?? fields['resourcePath']), status, durationMs }, sign)
}

/** `error_info` of Application Gateway and `errorInfo` of Front Door (their access logs' references). */
const azureErrors: Record<string, (product: string) => Sign> = {
  ERRORINFO_UPSTREAM_TIMED_OUT: () => acts('proxy.read', 'the backend did not answer within `requestTimeout`', { directive: 'requestTimeout' }),
  ERRORINFO_UPSTREAM_CLOSED_CONNECTION: () => sees('proxy.bad_gateway', 'the backend closed the connection'), ERRORINFO_UPSTREAM_RESPONSE_NOT_COMPLETE: () => sees('proxy.bad_gateway', 'the backend broke off in the middle of its answer'),
  ERRORINFO_UPSTREAM_NO_LIVE: () => acts('proxy.backend_down', 'no healthy backend'), ERRORINFO_CLIENT_CLOSED_REQUEST: () => sees('client.canceled', 'the client left first'), ERRORINFO_CLIENT_TIMED_OUT: () => acts('proxy.client_body', 'the request did not arrive in time', { orElse: ['proxy.client_header'] }),
  OriginTimeout: () => acts('proxy.read', 'the origin did not answer within the origin response timeout', { directive: 'originResponseTimeoutSeconds' }), OriginConnectionError: () => acts('proxy.refused', 'no connection to the origin could be made', { orElse: ['proxy.connect'], confidence: 0.88 }),
  OriginConnectionRefused: () => acts('proxy.refused', 'the origin refused the connection'), OriginConnectionReset: () => sees('proxy.bad_gateway', 'the origin reset the connection'), OriginConnectionAborted: () => sees('proxy.bad_gateway', 'the origin broke off'),
  ClientDisconnected: () => sees('client.canceled', 'the client left first'), ClientGeoBlocked: () => acts('proxy.rejected', 'the client’s country is blocked'), DNSFailure: () => acts('network.dns', 'the origin’s name could not be resolved'), DNSTimeout: () => acts('network.dns', 'the origin’s name was not resolved in time'), DNSNameNotResolved: () => acts('network.dns', 'the origin’s name could not be resolved'),
  SSLHandshakeError: () => acts('network.protocol', 'the TLS handshake with the origin failed'), SSLInvalidCipher: () => acts('network.protocol', 'the TLS handshake with the origin failed'),
}

function azure(line: Line, fields: Fields, properties: Fields): LogFact {
  const isFrontDoor = /front-?door/i.test(`${textOf(fields['category']) ?? ''}`)
  const status = numberIn(properties['httpStatus'] ?? properties['httpStatusCode'])
  const seconds = numberIn(properties['timeTaken'])
  const error = textOf(properties['error_info'] ?? properties['errorInfo']) ?? ''
  const product = isFrontDoor ? 'Azure Front Door' : 'Azure Application Gateway'
  const sign = azureErrors[error]?.(product) ?? fine(`answered ${status}`)
  return factFor(line, product, parseIsoTime(textOf(fields['time'] ?? fields['timeStamp']) ?? ''), { id: textOf(properties['trackingReference'] ?? properties['transactionId']), client: textOf(properties['clientIP'] ?? properties['clientIp']), method: textOf(properties['httpMethod']), path: (textOf(properties['requestUri']) ?? '').replace(/^https?:\/\/[^/]+/, '') || null, status, durationMs: seconds === null ? null : seconds * 1000 }, sign)
}

/** Cloudflare's own statuses (its documentation, "Troubleshooting 5xx errors"). */
function edgeSign(status: number | null): Sign {
  switch (status) {
    case 499: return sees('client.canceled', '499: the client left first')
    case 520: return sees('proxy.bad_gateway', '520: the origin gave an empty, broken or unknown answer')
    case 521: return acts('proxy.refused', '521: the origin refused the connection')
    case 522: return acts('proxy.connect', '522: no connection to the origin within 19 s, or no acknowledgement within 90 s', { directive: '522 connection timed out' })
    case 523: return acts('proxy.refused', '523: the origin is unreachable', { confidence: 0.88, orElse: ['network.dns'] })
    case 524: return acts('proxy.read', '524: the origin sent nothing for 100 s (more for paying plans)', { directive: '524 proxy read timeout' })
    case 525: case 526: return acts('network.protocol', `${status}: the TLS handshake with the origin failed`)
    case 530: return acts('network.dns', '530: the origin’s name could not be resolved', { confidence: 0.7 })
    default: return fine(`answered ${status}`)
  }
}

function cloudflare(line: Line, fields: Fields): LogFact {
  const status = numberIn(fields['EdgeResponseStatus'])
  const at = fields['EdgeStartTimestamp']
  return { ...factFor(line, 'Cloudflare', parseAnyTime(String(at ?? '')), { id: textOf(fields['RayID']), client: textOf(fields['ClientIP']), method: textOf(fields['ClientRequestMethod']), path: textOf(fields['ClientRequestURI']), status, durationMs: numberIn(fields['OriginResponseDurationMs']) }, edgeSign(status)), timeOf: 'start' }
}
