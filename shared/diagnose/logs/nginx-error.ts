import { acts, factOf, hint, requestOf, sees, type LogFact, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseAnyTime, parseIsoTime } from './time.ts'

const product = 'nginx'
const errorLine = /^(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}) \[(\w+)\] \d+#\d+: (?:\*(\d+) )?(.*)$/s

/** Collectors take the head off: these words are nobody else's. Kong and OpenResty write them behind a head of their own. */
const ownWords = /(?:upstream timed out \(\d+: [^)]+\) while |upstream prematurely closed connection while |no live upstreams while connecting to upstream|connect\(\) failed \(\d+: [^)]+\) while connecting to upstream|client timed out \(\d+: [^)]+\) while |upstream sent too big header while |recv\(\) failed \(\d+: [^)]+\) while reading response header from upstream).*/s

/** nginx's error log: the phrase tells what happened, "while ..." in which phase. */
export const nginxErrorLog = lineReader('nginx-error', product, (line) => {
  const match = errorLine.exec(line.text)
  const message = match?.[4] ?? ownWords.exec(line.text)?.[0]
  if (message === undefined) return null
  const signs = signsOf(message)
  if (signs.length === 0) return []
  return [factOf({
    file: line.file, line: line.number, product, text: line.text, timeMs: (match ? parseIsoTime(match[1] ?? '') : parseAnyTime(line.text)) ?? line.wrapperTimeMs,
    thread: match?.[3] ?? null, signs, request: requestIn(message),
  })]
})

function requestIn(message: string): LogFact['request'] {
  const request = /, request: "(\S+) (\S+)[^"]*"/.exec(message)
  const client = /, client: ([^,]+)/.exec(message)
  const upstream = /, upstream: "([^"]+)"/.exec(message)
  if (!request && !client) return null
  const address = upstream?.[1]?.replace(/^\w+:\/\//, '').split('/')[0] ?? null
  return requestOf({
    client: client?.[1] ?? null, method: request?.[1] ?? null, path: request?.[2] ?? null,
    upstreams: address ? [{ address, status: null, connectMs: null, firstByteMs: null, totalMs: null }] : [],
  })
}

/** `proxy_read_timeout`, or the name of the module that talked to this upstream. */
function timeoutOf(phase: 'connect' | 'read' | 'send', message: string): string {
  const scheme = /, upstream: "(fastcgi|uwsgi|suwsgi|scgi|grpcs?|memcached):/.exec(message)?.[1] ?? 'http'
  const module = { fastcgi: 'fastcgi', uwsgi: 'uwsgi', suwsgi: 'uwsgi', scgi: 'scgi', grpc: 'grpc', grpcs: 'grpc', memcached: 'memcached' }[scheme] ?? 'proxy'
  return `${module}_${phase}_timeout`
}

const phrases: [RegExp, (match: RegExpExecArray, message: string) => Sign | null][] = [
  [/FastCGI sent in stderr: .*Maximum execution time of (\d+) seconds? exceeded/, (match) => acts('gateway.worker', 'PHP ended the script after `max_execution_time`', { product: 'PHP', directive: 'max_execution_time', limitMs: Number(match[1]) * 1000 })],
  [/FastCGI sent in stderr: .*Allowed memory size of (\d+) bytes exhausted/, () => acts('script.exception', 'PHP ended the script at its `memory_limit`', { product: 'PHP', directive: 'memory_limit' })],
  [/upstream timed out \(\d+: [^)]*\) while ([^,]+)/, (match, message) => upstreamTimedOut(match[1] ?? '', message)],
  [/^upstream timed out(?! \(\d+: [^)]*\) while)/, () => hint('proxy.read', 'the upstream timed out; the rest of the entry, which says in which phase, is missing', { confidence: 0.6, orElse: ['proxy.connect', 'proxy.send'] })],
  [/connection timed out .*while proxying|timed out.*while proxying/, () => acts('proxy.idle', 'neither side of the proxied connection sent anything for `proxy_timeout`', { directive: 'proxy_timeout' })],
  [/no live upstreams/, () => acts('proxy.backend_down', 'every upstream server was marked as failed (max_fails, fail_timeout)')],
  [/connect\(\) (?:to \S+ )?failed \((\d+): ([^)]+)\)/, (match) => connectFailed(Number(match[1]), match[2] ?? '')],
  [/could not be resolved \((\d+): ([^)]+)\)/, (match) => acts('network.dns', match[1] === '110' ? 'the name server did not answer within `resolver_timeout`' : `the upstream’s name could not be resolved: ${match[2]}`, { directive: match[1] === '110' ? 'resolver_timeout' : null })],
  [/no resolver defined to resolve|host not found in upstream/, () => acts('network.dns', 'the upstream’s name could not be resolved')],
  [/client timed out \(\d+: [^)]*\)(?: while ([^,]+))?/, (match) => clientTimedOut(match[1] ?? '')],
  [/client intended to send too large (?:chunked )?body/, () => acts('proxy.rejected', 'the request body is larger than `client_max_body_size`', { directive: 'client_max_body_size' })],
  [/client sent (?:too (?:long|large)|invalid|no required SSL certificate|duplicate)|client SSL certificate verify error/, () => acts('proxy.rejected', 'nginx refused the request as it came: too long, invalid, or without the certificate it demands', { confidence: 0.88 })],
  [/limiting requests, excess/, () => acts('proxy.rejected', 'more requests than `limit_req` allows', { directive: 'limit_req' })],
  [/limiting connections by zone/, () => acts('proxy.rejected', 'more connections than `limit_conn` allows', { directive: 'limit_conn' })],
  [/access forbidden by rule/, () => acts('proxy.rejected', 'a deny rule refused the request', { directive: 'deny' })],
  [/upstream sent too big header/, () => acts('proxy.bad_gateway', 'the upstream’s header does not fit `proxy_buffer_size`', { directive: 'proxy_buffer_size' })],
  [/upstream sent (?:no valid|invalid|unsupported|duplicate|unexpected)/, () => sees('proxy.bad_gateway', 'the upstream’s answer was not valid HTTP')],
  [/upstream (?:prematurely closed|unexpectedly closed|rejected)/, () => sees('proxy.bad_gateway', 'the upstream closed the connection before its answer was complete')],
  // Somebody connected and sent nothing: a health check, a port scan.
  [/client (?:prematurely )?closed connection while (?:waiting for request|SSL handshaking)|peer closed connection in SSL handshake .*while SSL handshaking(?! to upstream)/, () => null],
  [/client (?:prematurely closed|closed connection|canceled stream|disconnected)|reported that client prematurely closed/, () => sees('client.canceled', 'nginx’s client left first')],
  [/peer closed connection in SSL handshake .*to upstream|SSL_do_handshake\(\) failed (?!.*(?:wrong version number|http request)).*to upstream|upstream SSL certificate/, () => sees('proxy.bad_gateway', 'the TLS handshake with the upstream failed')],
  [/client sent plain HTTP request to HTTPS port/, () => acts('network.protocol', 'the client spoke plain HTTP to a TLS port')],
  [/(?:plain )?http request.*while SSL handshaking|SSL_do_handshake\(\) failed .*(?:http request|wrong version number)/, () => acts('network.protocol', 'one side spoke TLS, the other plain HTTP')],
  [/(?:recv|readv|send|sendfile|writev|SSL_read|SSL_write)\(\) failed \((\d+): ([^)]+)\)(?: while ([^,]+))?/, (match) => socketBroke(match[2] ?? '', match[3] ?? '')],
  [/worker process \d+ exited on signal (\d+)/, (match) => acts('proxy.stopped', `an nginx worker died of signal ${match[1]} with the requests it held`)],
  [/worker_connections are not enough/, () => acts('proxy.rejected', '`worker_connections` were used up', { directive: 'worker_connections' })],
  [/failed \(24: Too many open files\)/, () => acts('os.open_files', 'nginx had no file descriptor left', { directive: 'worker_rlimit_nofile' })],
  [/gracefully shutting down/, () => hint('proxy.stopped', 'an old worker was shutting down (reload); `worker_shutdown_timeout` ends its requests', { directive: 'worker_shutdown_timeout' })],
  [/signal (?:15|2) \(SIG(?:TERM|INT)\) received/, () => hint('proxy.stopped', 'nginx was told to stop at once', { confidence: 0.2 })],
]

function signsOf(message: string): Sign[] {
  for (const [pattern, signOf] of phrases) {
    const match = pattern.exec(message)
    if (!match) continue
    const sign = signOf(match, message)
    return sign ? [sign] : []
  }
  return []
}

function upstreamTimedOut(phase: string, message: string): Sign {
  if (/^connecting|^SSL handshaking/.test(phase)) return acts('proxy.connect', `the upstream did not accept within \`${timeoutOf('connect', message)}\``, { directive: timeoutOf('connect', message) })
  if (/^sending/.test(phase)) return acts('proxy.send', `the upstream did not take the request within \`${timeoutOf('send', message)}\``, { directive: timeoutOf('send', message) })
  // A websocket’s idle time is proxy_read_timeout, which is between two reads.
  if (/^proxying upgraded/.test(phase)) return acts('proxy.read', 'nothing came over the upgraded connection for `proxy_read_timeout`', { directive: timeoutOf('read', message), orElse: ['proxy.idle'] })
  if (/^proxying/.test(phase)) return acts('proxy.idle', 'the proxied connection was idle for `proxy_timeout`', { directive: 'proxy_timeout' })
  return acts('proxy.read', `nothing came from the upstream for \`${timeoutOf('read', message)}\` (${phase})`, { directive: timeoutOf('read', message) })
}

function connectFailed(code: number, words: string): Sign {
  if (code === 110) return acts('proxy.connect', 'the kernel gave up connecting to the upstream', { directive: 'proxy_connect_timeout' })
  if (code === 13) return acts('proxy.refused', 'nginx is not permitted to connect to the upstream')
  return acts('proxy.refused', `the upstream could not be reached: ${words}`)
}

function clientTimedOut(phase: string): Sign {
  if (/body/.test(phase)) return acts('proxy.client_body', 'the request body stalled for `client_body_timeout`', { directive: 'client_body_timeout' })
  if (/^sending|^writing|to client/.test(phase)) return acts('proxy.client_write', 'the client did not read the answer for `send_timeout`', { directive: 'send_timeout' })
  if (/keepalive/.test(phase)) return acts('proxy.idle', 'the kept-alive connection was idle', { directive: 'keepalive_timeout' })
  if (phase === '' || /header|request line|waiting for request|handshak|PROXY protocol|client request$/.test(phase)) return acts('proxy.client_header', 'the request header did not arrive within `client_header_timeout`', { directive: 'client_header_timeout' })
  return acts('proxy.client_write', `the client stalled while ${phase}`, { directive: 'send_timeout', confidence: 0.8 })
}

/** A socket error belongs to the side named in the phase. */
function socketBroke(words: string, phase: string): Sign | null {
  if (/resolving/.test(phase)) return hint('network.dns', `the name server could not be asked: ${words}`)
  if (/upstream/.test(phase)) return sees('proxy.bad_gateway', `the connection to the upstream broke (${words}) while ${phase}`)
  return sees('client.canceled', `the client’s connection broke (${words})${phase ? ` while ${phase}` : ''}`)
}
