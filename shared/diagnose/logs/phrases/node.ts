import { acts, hint, sees } from '../fact.ts'
import type { Phrase } from './phrase.ts'

/** Texts of Node, undici, axios and proxy libraries, spoken by a gateway about its call to the next hop. */
export const nodePhrases: readonly Phrase[] = [
  { pattern: /JavaScript heap out of memory|FATAL ERROR: .*(?:Allocation failed|heap)/, sign: () => acts('gateway.stopped', 'the gateway’s own heap was full and Node ended (exit 134)', { directive: '--max-old-space-size' }) },
  { pattern: /ERR_CHILD_PROCESS_STDIO_MAXBUFFER|maxBuffer length exceeded/, sign: () => acts('script.output_limit', 'the script wrote more than `maxBuffer`', { directive: 'maxBuffer' }) },
  { pattern: /spawn (\S+) ENOENT|"code":"ENOENT".{0,80}spawn/, sign: () => acts('python.not_found', 'the interpreter to start does not exist', { confidence: 0.93, orElse: ['script.not_accessible'] }) },
  { pattern: /spawn (\S+) EACCES/, sign: () => acts('python.unusable', 'the interpreter could not be executed') },
  { pattern: /spawn (\S+) (?:EAGAIN|ENOMEM)/, sign: () => acts('os.processes', 'no further process could be started', { confidence: 0.85 }) },
  { pattern: /spawn \S+ EMFILE|EMFILE: too many open files|ENFILE/, sign: () => acts('os.open_files', 'the process had no file descriptor left') },
  { pattern: /ENOSPC/, sign: () => acts('os.disk_full', 'the disk was full', { confidence: 0.9 }) },
  { pattern: /ETIMEDOUT.{0,40}(?:spawn|exec)|spawnSync .* ETIMEDOUT/, sign: () => acts('connector.python', 'the child process was ended after its `timeout`', { directive: 'timeout' }) },
  { pattern: /"killed":\s*true.{0,120}"signal":\s*"(\w+)"|killed[=: ]+true.{0,80}signal[=: ]+'?(SIG(?:TERM|KILL|INT)\w*)/, sign: () => acts('connector.python', 'Node killed its child: the `timeout` option passed', { directive: 'timeout', confidence: 0.92, orElse: ['script.output_limit', 'client.canceled'] }) },
  { pattern: /child (?:timeout|timed out)|(?:kill(?:ed|ing)|timeout).{0,40}child|transform timed out|script timed out/i, sign: () => acts('connector.python', 'the connector ended the script after its limit', { directive: 'timeout', confidence: 0.9 }) },
  { pattern: /child (?:exit|close)\b.{0,10}\b(?:null|undefined) (SIGTERM|SIGKILL)/, sign: (match) => hint('connector.python', `the child ended by ${match[1]}: the connector’s limit, or a request that was given up`, { confidence: 0.75, orElse: ['client.canceled', 'os.killed', 'os.oom_kill'] }) },
  { pattern: /child (?:exit|close)\b.{0,10}\b(?:null|undefined) (SIGSEGV|SIGABRT|SIGBUS)/, sign: () => acts('script.crashed', 'the script’s process crashed', { confidence: 0.9 }) },
  { pattern: /UND_ERR_CONNECT_TIMEOUT|ConnectTimeoutError(?!\()/, sign: () => acts('proxy.connect', 'the next hop did not accept within undici’s connect timeout', { directive: 'connect.timeout' }) },
  { pattern: /UND_ERR_HEADERS_TIMEOUT|HeadersTimeoutError|Headers Timeout Error/, sign: () => acts('proxy.read', 'no header came from the next hop within `headersTimeout`', { directive: 'headersTimeout' }) },
  { pattern: /UND_ERR_BODY_TIMEOUT|BodyTimeoutError|Body Timeout Error/, sign: () => acts('proxy.read', 'the next hop paused longer than `bodyTimeout`', { directive: 'bodyTimeout' }) },
  { pattern: /TimeoutError\b.{0,80}aborted due to timeout|The operation was aborted due to timeout/, sign: () => acts('proxy.read', 'the gateway gave up its call to the next hop (`AbortSignal.timeout`)', { directive: 'AbortSignal.timeout', orElse: ['gateway.handler', 'connector.context', 'proxy.connect'] }) },
  { pattern: /Timeout awaiting '(connect|secureConnect|lookup|request|response|socket|read|send)' for (\d+)ms/, sign: (match) => /connect|lookup/i.test(match[1] ?? '') ? acts('proxy.connect', 'the next hop did not accept within got’s limit', { directive: `timeout.${match[1]}`, limitMs: Number(match[2]) }) : acts('proxy.read', 'the gateway’s call took longer than got’s limit', { directive: `timeout.${match[1]}`, limitMs: Number(match[2]), orElse: ['gateway.handler'] }) },
  { pattern: /timeout of (\d+)ms exceeded/, sign: (match) => acts('proxy.read', 'the gateway’s axios call took longer than its `timeout`', { directive: 'timeout', limitMs: Number(match[1]), orElse: ['gateway.handler'] }) },
  { pattern: /\b(?:client|request|upstream|proxy(?:Req)?) timeout(?: event)?\b/i, sign: () => acts('proxy.read', 'the call to the next hop ran into its socket timeout', { directive: 'http.get timeout', orElse: ['gateway.handler', 'connector.context'] }) },
  { pattern: /\[HPM\] Error occurred.*\[(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)\]|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/, sign: () => acts('proxy.refused', 'the next hop could not be reached') },
  { pattern: /getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|\b(?:ENOTFOUND|EAI_AGAIN)\b/, sign: () => acts('network.dns', 'the next hop’s name could not be resolved') },
  { pattern: /connect ETIMEDOUT/, sign: () => acts('proxy.connect', 'the next hop did not accept in time', { confidence: 0.9 }) },
  { pattern: /ESOCKETTIMEDOUT/, sign: () => acts('proxy.read', 'the call to the next hop ran into its socket timeout', { directive: 'timeout', confidence: 0.9, orElse: ['proxy.connect'] }) },
  { pattern: /\[HPM\] Error occurred.*\[ECONNRESET\]|proxy error:? ECONNRESET|proxy error.*socket hang up/, sign: () => sees('proxy.bad_gateway', 'ECONNRESET: the next hop broke off, or the proxy’s own timeout destroyed the call; the text is the same', { confidence: 0.5, orElse: ['proxy.read'] }) },
  { pattern: /fetch failed.{0,80}(?:UND_ERR_SOCKET|ECONNRESET)|other side closed|UND_ERR_SOCKET|\bterminated\b.{0,60}(?:other side|socket)/, sign: () => sees('proxy.bad_gateway', 'the next hop closed the connection before its answer was complete') },
  { pattern: /(?:HPE_INVALID|Parse Error|HTTPParserError)/, sign: () => sees('proxy.bad_gateway', 'the next hop’s answer was not valid HTTP', { confidence: 0.85 }) },
  { pattern: /wrong version number|EPROTO/, sign: () => acts('network.protocol', 'one side spoke TLS, the other plain HTTP') },
  { pattern: /req(?:uest)? (?:was )?aborted|res close, writableFinished= ?false|client (?:closed|disconnected|aborted)|request aborted/i, sign: () => sees('client.canceled', 'the gateway’s client left before the answer') },
  { pattern: /(?:req|handler) error ECONNRESET aborted|\baborted\b.{0,40}\bECONNRESET\b|"message":"aborted".{0,200}|Error: aborted/, sign: () => sees('client.canceled', 'the client went away while its request was being read') },
  { pattern: /PayloadTooLargeError|request entity too large|FST_ERR_CTP_BODY_TOO_LARGE/, sign: () => acts('gateway.rejected', 'the request body is larger than the framework allows', { directive: 'bodyLimit' }) },
  { pattern: /ERR_HTTP_REQUEST_TIMEOUT|HPE_.*TIMEOUT|Request timeout.*clientError/, sign: () => acts('gateway.read', 'the request did not arrive within `requestTimeout` or `headersTimeout`', { directive: 'requestTimeout', orElse: ['gateway.read_header'] }) },
  { pattern: /FST_REPLY_FROM_(?:GATEWAY_TIMEOUT|TIMEOUT)/, sign: () => acts('proxy.read', 'fastify’s proxy waited for its upstream in vain', { product: 'fastify', directive: 'http.requestOptions.timeout', confidence: 0.9, orElse: ['proxy.connect'] }) },
  { pattern: /FST_REPLY_FROM_SERVICE_UNAVAILABLE/, sign: () => sees('proxy.refused', 'fastify’s proxy could not reach its upstream', { product: 'fastify', confidence: 0.8, orElse: ['proxy.bad_gateway'] }) },
  { pattern: /TimeoutError: Timeout has occurred|ExceptionsHandler\] Timeout has occurred/, sign: () => acts('gateway.handler', 'a limit that the program set around its own work passed (rxjs `timeout`)', { directive: 'timeout', confidence: 0.85, orElse: ['proxy.read'] }) },
  { pattern: /exceeds --max-memory-restart value/, sign: () => acts('gateway.stopped', 'PM2 restarted the process at its memory limit', { product: 'PM2', directive: '--max-memory-restart' }) },
  { pattern: /Bun\.serve\(\) timed out a request after (\d+) seconds/, sign: (match) => acts('gateway.idle', 'Bun closed a connection that was silent for `idleTimeout`', { product: 'Bun', directive: 'idleTimeout', limitMs: Number(match[1]) * 1000, orElse: ['gateway.handler'] }) },
  { pattern: /ServiceUnavailableError: Response timeout|Response timeout|handler timed out/i, sign: () => acts('gateway.handler', 'the gateway’s own limit on its handler passed', { directive: 'timeout', confidence: 0.85 }) },
  { pattern: /client error (?:ECONNRESET )?socket hang up|socket hang up/, sign: () => hint('proxy.bad_gateway', '"socket hang up": the next hop closed, or the call’s own timeout destroyed it; the text is the same', { orElse: ['proxy.read'] }) },
]

/** What Node prints when it ends by an error nobody caught. */
export const nodeCrash = /^(?:Uncaught )?(?:[\w.]*(?:Error|Exception|Rejection)\b.*|\[?UnhandledPromiseRejection.*)$/
