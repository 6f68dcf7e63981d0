import { acts, hint, sees } from '../fact.ts'
import type { Phrase } from './phrase.ts'

/** A gateway of one’s own about what a script printed. */
export const badOutput = /\b(?:script|transform\w*|python|child|connector)\b.{0,40}\b(?:output|result|response|stdout)\b.{0,40}\b(?:not|in|un\w*)\W?(?:valid|parse\w*|decod\w*|JSON).{0,40}|invalid JSON (?:from|output|in the output of) (?:the )?(?:script|transform|python)/i

/** "within 700ms", "after 5 s". */
function withinOf(text: string): number | null {
  const match = /(?:within|after|in) (\d+(?:\.\d+)?) ?(ms|s)\b/.exec(text)
  return match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : null
}

/** A program that calls somebody says the same whether it stands in the middle of a flow or at its beginning. */
const anyProgram = 0.88

/** Texts of HTTP clients in Python, on the JVM, .NET, Ruby and PHP, as a gateway writes them about its call to the next hop. */
export const clientLibraryPhrases: readonly Phrase[] = [
  { pattern: /\bno (?:free|idle|available) (?:worker|slot|executor)s?\b|\b(?:job|task|worker|request|connector|execution) queue (?:is |was )?full\b|\bqueue (?:wait )?time(?:d )?-?out\b|waited too long (?:for a (?:worker|slot)|in (?:the )?queue)|(?:timeout|timed out) (?:while )?waiting for (?:a )?(?:free )?(?:worker|slot|executor|queue)/i, sign: (match) => acts('connector.queue', 'no worker came free in time', { confidence: 0.9, limitMs: withinOf(match.input), orElse: ['gateway.rejected'] }) },
  { pattern: /(?:ConnectTimeout(?:Error)?\b|connect timed out|failed to connect to .* after \d+ms)(?:.{0,400}\(connect timeout=([\d.]+)\))?|\(connect timeout=([\d.]+)\)/i, sign: (match) => acts('proxy.connect', 'the next hop did not accept within the client’s connect timeout', { directive: 'connect timeout', limitMs: Number(match[1] ?? match[2]) * 1000 || null }) },
  { pattern: badOutput, sign: () => acts('script.bad_output', 'the script’s output was not one JSON value', { confidence: 0.9 }) },
  { pattern: /subprocess\.TimeoutExpired: .{0,2000}timed out after ([\d.]+) seconds/, sign: (match) => acts('connector.python', 'the limit on the child process passed', { product: 'Python', directive: 'timeout', limitMs: Number(match[1]) * 1000 }) },
  { pattern: /Rack::Timeout::RequestTimeout\w+.{0,200}?(?:longer than (\d+)ms)?/, sign: (match) => acts('gateway.handler', 'rack-timeout’s `service_timeout` passed', { product: 'rack-timeout', directive: 'service_timeout', limitMs: Number(/longer than (\d+)ms/.exec(match.input)?.[1] ?? Number.NaN) || null }) },
  { pattern: /AsyncRequestTimeoutException/, sign: () => acts('gateway.handler', 'Spring’s limit on an asynchronous request passed', { product: 'Spring', directive: 'spring.mvc.async.request-timeout' }) },
  { pattern: /python[\d.]*: can't open file '|can't open file '[^']*\.py'/, sign: () => acts('script.not_accessible', 'the script’s file could not be opened', { product: 'Python' }) },
  { pattern: /TimeoutException: Response took longer than timeout: PT([\d.]+)S/, sign: (match) => acts('proxy.read', 'Spring Cloud Gateway’s `response-timeout` passed', { product: 'Spring Cloud Gateway', directive: 'response-timeout', limitMs: Number(match[1]) * 1000 }) },
  { pattern: /HystrixRuntimeException: .*timed-out|TimeLimiter '.*' recorded a timeout/, sign: () => acts('gateway.handler', 'a limit on the wrapped call passed', { directive: 'timeoutInMilliseconds', confidence: 0.9 }) },
  { pattern: /Read timed out\. \(read timeout=([\d.]+)\)/, sign: (match) => acts('proxy.read', 'nothing came from the next hop within the client’s read timeout', { directive: 'timeout', limitMs: Number(match[1]) * 1000, confidence: anyProgram, orElse: ['client.first_byte'] }) },
  { pattern: /\b(?:httpx|httpcore)\.ReadTimeout|ReadTimeoutError|SocketTimeoutException: (?:Read timed out|timeout)|HttpTimeoutException|ReadTimeoutException|Net::ReadTimeout|Read timed out|Timeout on reading data from socket/, sign: () => acts('proxy.read', 'nothing came from the next hop within the client’s read timeout', { directive: 'read timeout', confidence: anyProgram, orElse: ['client.first_byte', 'client.total', 'gateway.handler', 'connector.context'] }) },
  { pattern: /HttpClient\.Timeout of ([\d.]+) seconds elapsing/, sign: (match) => acts('proxy.read', 'the call took longer than `HttpClient.Timeout`', { directive: 'HttpClient.Timeout', limitMs: Number(match[1]) * 1000, confidence: anyProgram, orElse: ['client.total'] }) },
  { pattern: /callTimeout|InterruptedIOException: timeout/, sign: () => acts('proxy.read', 'the call took longer than `callTimeout`', { directive: 'callTimeout', confidence: anyProgram, orElse: ['client.total'] }) },
  { pattern: /DEADLINE_EXCEEDED|StatusCode\.DEADLINE_EXCEEDED/, sign: () => acts('proxy.read', 'a gRPC deadline passed; it may have come in with the request', { directive: 'deadline', confidence: 0.85, orElse: ['client.total', 'connector.context'] }) },
  { pattern: /RemoteDisconnected|Remote end closed connection|ServerDisconnectedError|RemoteProtocolError|NoHttpResponseException|Premature EOF|EOFException|IncompleteRead/, sign: () => sees('proxy.bad_gateway', 'the next hop closed the connection before its answer was complete', { confidence: 0.85 }) },
  { pattern: /Name or service not known|Temporary failure in name resolution|nodename nor servname|UnknownHostException|gaierror/, sign: () => acts('network.dns', 'the next hop’s name could not be resolved') },
  { pattern: /\[Errno 111\]|Connection refused|ConnectException/, sign: () => acts('proxy.refused', 'the next hop could not be reached', { confidence: 0.9 }) },
  { pattern: /canceling statement due to statement timeout/, sign: () => hint('gateway.handler', 'the database ended a statement at its `statement_timeout`: whoever served the request failed with it', { directive: 'statement_timeout', confidence: 0.75, orElse: ['script.exception'] }) },
  { pattern: /Connection is not available, request timed out after (\d+)ms/, sign: (match) => hint('gateway.handler', 'no connection of the pool came free within HikariCP’s `connectionTimeout`: whoever served the request failed with it', { directive: 'connectionTimeout', limitMs: Number(match[1]), confidence: 0.75, orElse: ['connector.queue'] }) },
  { pattern: /Terminating timed out worker(?:.{0,80}within (\d+) seconds)?/, sign: (match) => acts('gateway.worker', 'Puma killed a worker that did not report for `worker_timeout`', { product: 'Puma', directive: 'worker_timeout', limitMs: match[1] ? Number(match[1]) * 1000 : null }) },
  { pattern: /timed out because it was not sent by the client at a minimum of \d+ bytes\/second/, sign: () => acts('gateway.read', 'Kestrel gave up on a request that came slower than `MinRequestBodyDataRate`', { product: 'Kestrel', directive: 'MinRequestBodyDataRate' }) },
  { pattern: /timed out because it was not read by the client at a minimum of \d+ bytes\/second/, sign: () => acts('gateway.write', 'Kestrel gave up on a client that read slower than `MinResponseDataRate`', { product: 'Kestrel', directive: 'MinResponseDataRate' }) },
  { pattern: /QueuePool limit of size \d+ overflow \d+ reached, connection timed out, timeout ([\d.]+)/, sign: (match) => hint('gateway.handler', 'no connection of the pool came free within SQLAlchemy’s `pool_timeout`: whoever served the request failed with it', { directive: 'pool_timeout', limitMs: Number(match[1]) * 1000, confidence: 0.75, orElse: ['connector.queue'] }) },
  { pattern: /redis\.exceptions\.TimeoutError: Timeout (reading|connecting)/, sign: (match) => acts(match[1] === 'reading' ? 'proxy.read' : 'proxy.connect', 'Redis did not answer within the client’s `socket_timeout`', { directive: match[1] === 'reading' ? 'socket_timeout' : 'socket_connect_timeout', confidence: 0.9 }) },
  { pattern: /connection closed before message completed/, sign: () => sees('proxy.bad_gateway', 'the next hop closed the connection before its answer was complete (hyper)') },
  { pattern: /\bline \d+: +\d+ Killed\b/, sign: () => hint('os.killed', 'the shell says that its program got SIGKILL: from somebody, or from the OOM killer', { product: 'Linux', confidence: 0.6, orElse: ['os.oom_kill'] }) },
  { pattern: /Maximum execution time of (\d+) seconds? exceeded/, sign: (match) => acts('gateway.worker', 'PHP ended the script after `max_execution_time`', { product: 'PHP', directive: 'max_execution_time', limitMs: Number(match[1]) * 1000 }) },
  { pattern: /execution timed out \(([\d.]+) sec\), terminating|request_terminate_timeout/, sign: (match) => acts('gateway.worker', 'PHP-FPM killed a worker after `request_terminate_timeout`', { product: 'PHP-FPM', directive: 'request_terminate_timeout', limitMs: Math.floor(Number(match[1])) * 1000 || null }) },
  { pattern: /Terminating due to java\.lang\.OutOfMemoryError/, sign: () => acts('gateway.stopped', 'the JVM’s own memory was used up and it ended', { product: 'Java', directive: '-Xmx', confidence: 0.92 }) },
  { pattern: /java\.lang\.OutOfMemoryError/, sign: () => hint('gateway.stopped', 'the JVM’s own memory was used up: whoever served the request failed with it', { product: 'Java', directive: '-Xmx', confidence: 0.7, orElse: ['script.exception', 'gateway.handler'] }) },
  { pattern: /ClientAbortException|AsyncRequestNotUsableException|org\.eclipse\.jetty\.io\.EofException/, sign: () => sees('client.canceled', 'the client had left when the answer was written', { product: 'Java' }) },
  { pattern: /Hard time limit \(([\d.]+)s\) exceeded/, sign: (match) => acts('connector.python', 'Celery killed the task after `task_time_limit`', { directive: 'task_time_limit', limitMs: Number(match[1]) * 1000 }) },
  { pattern: /Soft time limit \(([\d.]+)s\) exceeded/, sign: (match) => acts('connector.python', 'Celery interrupted the task after `task_soft_time_limit`', { directive: 'task_soft_time_limit', limitMs: Number(match[1]) * 1000 }) },
  { pattern: /SoftTimeLimitExceeded/, sign: () => acts('connector.python', 'Celery interrupted the task after `task_soft_time_limit`', { directive: 'task_soft_time_limit' }) },
  { pattern: /exec_timeout reached|killed due to exec_timeout: ?(\d+)s|ExecTimeout: (\d+)s/, sign: (match) => acts('connector.python', 'the watchdog killed the function after `exec_timeout`', { directive: 'exec_timeout', limitMs: Number(match[1] ?? match[2]) * 1000 || null }) },
  { pattern: /Connection aborted\.|Connection reset by peer|ECONNRESET/, sign: () => hint('proxy.bad_gateway', 'a connection was reset', { orElse: ['network.reset', 'client.canceled'] }) },
]
