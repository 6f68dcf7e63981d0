import { acts, factOf, fine, requestOf, sees, hint, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseIsoTime } from './time.ts'
import { parseObject } from './unwrap.ts'

const product = 'Traefik'

/** Traefik's access log in JSON: its fields are named in capitals, durations are nanoseconds (its documentation, "Access Logs"). */
export const traefikLog = lineReader('traefik', product, (line) => {
  if (!line.text.startsWith('{') || !/"DownstreamStatus":\d/.test(line.text) || !/"(?:OriginDuration|RouterName|Overhead|ServiceName)":/.test(line.text)) return null
  const fields = parseObject(line.text)
  if (!fields) return null
  const number = (name: string) => (typeof fields[name] === 'number' ? fields[name] : null)
  const text = (name: string) => (typeof fields[name] === 'string' && fields[name] !== '' ? fields[name] : null)
  const status = number('DownstreamStatus')
  const ms = (name: string) => { const ns = number(name); return ns === null ? null : ns / 1e6 }
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: parseIsoTime(text('StartUTC') ?? '') ?? line.wrapperTimeMs, timeOf: 'start', thread: text('RequestID'),
    request: requestOf({ id: text('request_X-Request-Id') ?? text('RequestID'), client: text('ClientAddr'), method: text('RequestMethod'), path: text('RequestPath'), status, bytes: number('DownstreamContentSize'), durationMs: ms('Duration') }),
    signs: status === null ? [] : [signOf(status, number('OriginContentSize') ?? number('DownstreamContentSize'))],
  })]
})

/** Of its own errors Traefik writes nothing but their name: an answer of just that length is its own, any other came from behind. */
function signOf(status: number, bytes: number | null): Sign {
  const own = { 499: 'Client Closed Request', 502: 'Bad Gateway', 503: 'no available server', 504: 'Gateway Timeout' }[status]
  const isOwn = bytes !== null && own !== undefined && (bytes === own.length || bytes === own.length + 1)
  if (status === 499) return sees('client.canceled', '499: the client left first')
  if (status === 504 && isOwn) return acts('proxy.read', '504 in Traefik’s own words: a service did not answer, or did not accept, in time', { directive: 'forwardingTimeouts.responseHeaderTimeout', confidence: 0.85, orElse: ['proxy.connect'] })
  if (status === 502 && isOwn) return sees('proxy.bad_gateway', '502 in Traefik’s own words: a service refused or broke off', { confidence: 0.8, orElse: ['proxy.refused'] })
  if (status === 503 && isOwn) return acts('proxy.backend_down', '503 in Traefik’s own words: no server of the service was available', { confidence: 0.88 })
  if (status === 504) return hint('proxy.read', '504: Traefik’s, or that of a service behind it', { confidence: 0.45, orElse: ['proxy.connect', 'gateway.handler'] })
  if (status === 502) return hint('proxy.bad_gateway', '502: Traefik’s, or that of a service behind it', { confidence: 0.45, orElse: ['proxy.refused'] })
  return fine(`answered ${status}`)
}
