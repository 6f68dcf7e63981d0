import { acts, hint, sees } from '../fact.ts'
import type { Phrase } from './phrase.ts'

/**
 * Texts of Go's standard library. A gateway written in Go forwards as a proxy (`http: proxy error`, `Get "http..."`), starts
 * processes as a connector (`signal: killed`) and serves (`http: panic serving`): the text tells in which role it speaks.
 */
export const goPhrases: readonly Phrase[] = [
  { pattern: /signal: killed \(ctx: context deadline exceeded\)|signal: killed.{0,80}context deadline exceeded|context deadline exceeded.{0,80}signal: killed/, sign: () => acts('connector.context', 'the context around the script passed its deadline and Go killed the process', { directive: 'exec.CommandContext' }) },
  { pattern: /signal: killed \(ctx: context canceled\)|signal: killed.{0,80}context canceled|context canceled.{0,80}signal: killed/, sign: () => sees('client.canceled', 'the request’s context was cancelled (its client left) and Go killed the process') },
  { pattern: /python script execution timed out|Python script execution timed out/i, sign: () => acts('connector.context', 'the service’s own limit on the script passed', { directive: 'context.WithTimeout' }) },
  { pattern: /(?:\bscripts?\b|\bpython3?\b|subprocess|child process|exec\b).{0,200}context deadline exceeded/i, sign: () => acts('connector.context', 'the context around the script passed its deadline', { directive: 'context.WithTimeout', confidence: 0.92 }) },
  { pattern: /http: panic serving|panic: |^panic\(\{0x|^net\/http\.\(\*conn\)\.serve\.func1|fatal error: (?:concurrent map|all goroutines|runtime: out of memory|stack overflow)|runtime: goroutine stack exceeds/, sign: () => acts('gateway.stopped', 'the handler panicked: net/http drops the connection without an answer') },
  { pattern: /http: Handler timeout/, sign: () => acts('gateway.handler', '`http.TimeoutHandler` had answered 503 before the handler wrote', { directive: 'http.TimeoutHandler' }) },
  { pattern: /http: request body too large|MaxBytesReader/, sign: () => acts('gateway.rejected', 'the request body is larger than `http.MaxBytesHandler` allows', { directive: 'http.MaxBytesHandler' }) },
  { pattern: /http: TLS handshake error from .*(?:i\/o timeout|deadline)/, sign: () => acts('gateway.read_header', 'the TLS handshake did not finish within `ReadHeaderTimeout`', { directive: 'ReadHeaderTimeout', confidence: 0.85 }) },
  { pattern: /http: TLS handshake error from .*(?:first record does not look like a TLS|HTTP request)/, sign: () => acts('network.protocol', 'one side spoke TLS, the other plain HTTP') },
  { pattern: /http: response\.WriteHeader on hijacked|http: superfluous response/, sign: () => null },
  { pattern: /lookup [^\s:]+.*(?:no such host|server misbehaving|i\/o timeout|Temporary failure)/, sign: () => acts('network.dns', 'the next hop’s name could not be resolved') },
  { pattern: /dial (?:tcp|unix)\S* [^ ]+: (?:i\/o timeout|connect: connection timed out)/, sign: () => acts('proxy.connect', 'the next hop did not accept within the dialer’s timeout', { directive: 'net.Dialer.Timeout' }) },
  { pattern: /dial (?:tcp|unix)\S* .*(?:connection refused|no route to host|network is unreachable|no such file)/, sign: () => acts('proxy.refused', 'the next hop could not be reached') },
  { pattern: /TLS handshake timeout/, sign: () => acts('proxy.connect', 'the TLS handshake with the next hop took longer than `TLSHandshakeTimeout`', { directive: 'TLSHandshakeTimeout' }) },
  { pattern: /timeout awaiting response headers/, sign: () => acts('proxy.read', 'no header came from the next hop within `ResponseHeaderTimeout`', { directive: 'ResponseHeaderTimeout' }) },
  { pattern: /Client\.Timeout (?:exceeded|or context cancellation)/, sign: () => acts('proxy.read', 'the call to the next hop took longer than `http.Client{Timeout}`', { directive: 'http.Client', orElse: ['gateway.handler', 'connector.context'] }) },
  { pattern: /(?:http: proxy error|reverse ?proxy|upstream).{0,200}(?:context canceled|abort Handler)/i, sign: () => sees('client.canceled', 'the proxied request was given up: the client left') },
  { pattern: /(?:http: proxy error|reverse ?proxy|upstream).{0,200}context deadline exceeded|(?:Get|Post|Put|Patch|Delete|Head) \\?".{0,500}context deadline exceeded/i, sign: () => acts('proxy.read', 'the context around the call to the next hop passed its deadline', { directive: 'context.WithTimeout', confidence: 0.9, orElse: ['gateway.handler', 'connector.context'] }) },
  { pattern: /(?:http: proxy error|reverse ?proxy|upstream|(?:Get|Post|Put|Patch|Delete|Head) \\?").{0,400}(?:\bEOF\b|connection reset by peer|malformed HTTP|server closed idle connection|unexpected EOF|broken pipe)/i, sign: () => sees('proxy.bad_gateway', 'the next hop closed the connection before its answer was complete') },
  { pattern: /httputil: ReverseProxy read error during body copy: .*(?:context canceled)/, sign: () => sees('client.canceled', 'the client left while the body was copied') },
  { pattern: /httputil: ReverseProxy read error during body copy/, sign: () => sees('proxy.bad_gateway', 'the next hop broke off while its body was copied') },
  { pattern: /suppressing panic for copyResponse error/, sign: () => hint('client.canceled', 'the answer could not be copied to the client', { orElse: ['proxy.bad_gateway'] }) },
  { pattern: /read(?:ing)?\b.{0,60}(?:body|request).{0,200}i\/o timeout|body.{0,80}read tcp.*i\/o timeout/i, sign: () => acts('gateway.read', 'the request body did not arrive within `ReadTimeout`', { directive: 'ReadTimeout' }) },
  { pattern: /write tcp .*i\/o timeout|err(?:or)?=.{0,40}write .*i\/o timeout/, sign: () => acts('gateway.write', 'the answer was written after `WriteTimeout` had passed', { directive: 'WriteTimeout' }) },
  { pattern: /read tcp .*i\/o timeout/, sign: () => acts('gateway.read', 'the request did not arrive within `ReadTimeout`', { directive: 'ReadTimeout', confidence: 0.85, orElse: ['proxy.read'] }) },
  { pattern: /write tcp .*(?:broken pipe|connection reset by peer)|read(?:ing)? .{0,60}(?:body|request).{0,120}(?:unexpected EOF|connection reset)/i, sign: () => sees('client.canceled', 'the client had left when the answer was written', { confidence: 0.85 }) },
  { pattern: /exec: "?([^":\s]+)"?: executable file not found|exec: .*(python)\S*.*no such file/, sign: (match) => /python|pypy/.test(match[1] ?? match[2] ?? '') ? acts('python.not_found', 'no Python interpreter was found') : acts('python.not_found', `the program ${match[1] ?? ''} was not found`, { confidence: 0.75, orElse: ['script.not_accessible'] }) },
  { pattern: /python3 not found, trying python/, sign: () => hint('python.not_found', 'python3 was not found; python was tried', { confidence: 0.2 }) },
  { pattern: /script file not accessible|Script file not accessible/i, sign: () => acts('script.not_accessible', 'the script’s file could not be read') },
  { pattern: /fork\/exec .*(?:no such file or directory)/, sign: (match) => /python/.test(match[0]) ? acts('python.not_found', 'the interpreter’s path does not exist', { confidence: 0.9 }) : acts('script.not_accessible', 'what was to be started does not exist', { confidence: 0.8, orElse: ['python.not_found'] }) },
  { pattern: /fork\/exec .*permission denied/, sign: () => acts('python.unusable', 'the interpreter could not be executed') },
  { pattern: /fork\/exec .*(?:resource temporarily unavailable)/, sign: () => acts('os.processes', 'no further process could be started') },
  { pattern: /fork\/exec .*(?:cannot allocate memory)/, sign: () => acts('os.address_space', 'no memory was left to start a process', { confidence: 0.8 }) },
  { pattern: /too many open files/, sign: () => acts('os.open_files', 'the process had no file descriptor left', { confidence: 0.9 }) },
  { pattern: /no space left on device/, sign: () => acts('os.disk_full', 'the disk was full', { confidence: 0.9 }) },
  { pattern: /http: Server closed|received (?:signal:? ?)?(?:SIGTERM|terminated|interrupt)/i, sign: () => hint('gateway.stopped', 'the gateway was told to stop', { confidence: 0.3 }) },
  { pattern: /signal: killed/, sign: () => acts('os.killed', 'the script was killed by SIGKILL; who sent it is not said', { confidence: 0.55, orElse: ['connector.context', 'os.oom_kill', 'client.canceled', 'connector.python'] }) },
  { pattern: /signal: (?:segmentation fault|aborted|bus error)/, sign: () => acts('script.crashed', 'the script’s process crashed', { confidence: 0.9 }) },
  { pattern: /context deadline exceeded/, sign: () => acts('gateway.handler', 'a context passed its deadline', { directive: 'context.WithTimeout', confidence: 0.7, orElse: ['connector.context', 'proxy.read'] }) },
  { pattern: /context canceled/, sign: () => sees('client.canceled', 'the request’s context was cancelled: usually its client left', { confidence: 0.75 }) },
]
