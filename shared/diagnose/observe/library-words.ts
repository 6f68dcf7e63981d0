import type { Cause } from '../../verdict/causes.ts'
import type { Need } from '../diagnosis.ts'
import { cutShort, endWithoutByte, resetBySomebody, type Picture } from './picture.ts'

/** Words of one HTTP client library about one kind of end. */
export interface LibraryWords {
  pattern: RegExp
  saw: string
  candidates: readonly Cause[]
  lead?: { cause: Cause; confidence: number }
  product?: string
  directive?: string
  /** Group 1 of the pattern is the limit, in this unit. */
  limitUnit?: 'ms' | 's'
  need?: Need[]
}

const connecting: readonly Cause[] = ['client.connect', 'network.blackhole']
const reading: readonly Cause[] = ['client.first_byte', 'client.read']

/** First match wins: what names its own limit stands before what several causes share. */
export const libraryWords: readonly LibraryWords[] = [
  // names
  { pattern: /ENOTFOUND|EAI_AGAIN|gaierror|Name or service not known|Temporary failure in name resolution|no such host|UnknownHostException|NameResolutionError|getaddrinfo failed|No such host is known|Cannot connect to host .*(?:Name|nodename)|unable to resolve host address/, saw: 'the name could not be resolved', candidates: ['network.dns'], lead: { cause: 'network.dns', confidence: 0.93 } },
  { pattern: /lookup [^\n]{1,200}i\/o timeout[^\n]*(?:Client\.Timeout|context deadline)/, saw: 'the client’s own limit passed while the name was being resolved', candidates: ['client.total', 'network.dns', 'client.connect'], lead: { cause: 'client.total', confidence: 0.75 }, product: 'Go', directive: 'http.Client.Timeout' },
  { pattern: /lookup [^\n]{1,200}i\/o timeout/, saw: 'the name server did not answer in time', candidates: ['network.dns', 'client.connect', 'client.total'], lead: { cause: 'network.dns', confidence: 0.8 }, product: 'Go' },
  // connecting
  { pattern: /(?:UND_ERR_CONNECT_TIMEOUT|Connect Timeout Error)(?:[^\n]{0,300}?timeout: (\d+)ms)?/, saw: 'undici’s connect timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, product: 'undici', directive: 'connect.timeout', limitUnit: 'ms' },
  { pattern: /ConnectTimeout(?:Error)?\b(?:.*?connect timeout=([\d.]+))?/s, saw: 'the library’s connect timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, directive: 'timeout', limitUnit: 's' },
  { pattern: /TLS handshake timeout|SSL(?::| )handshake (?:timed out|timeout)|_ssl\.c:\d+: The handshake operation timed out/, saw: 'the TLS handshake took longer than the client allows', candidates: ['client.connect'], lead: { cause: 'client.connect', confidence: 0.92 }, directive: 'TLSHandshakeTimeout' },
  { pattern: /dial tcp [^ ]+: (?:i\/o timeout|connect: connection timed out)|dial tcp.*connection timed out/, saw: 'the dialer’s timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, product: 'Go', directive: 'net.Dialer.Timeout' },
  { pattern: /connect ETIMEDOUT|connect timed out|(?<!Read error \()Connection timed out|ERR_CONNECTION_TIMED_OUT|Connection timeout to host|ConnectionTimeoutError|Net::OpenTimeout|failed to connect to .* after (\d+)ms/, saw: 'the connection was not made in time', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.7 }, limitUnit: 'ms' },
  { pattern: /ECONNREFUSED|:econnrefused|actively refused it|[Cc]onnection refused|ConnectionRefusedError|ERR_CONNECTION_REFUSED|No route to host|EHOSTUNREACH|ENETUNREACH|Network is unreachable|Connect call failed|The connection to the server \S+ was refused/, saw: 'the connection was refused', candidates: ['network.refused'], lead: { cause: 'network.refused', confidence: 0.95 } },
  { pattern: /(?<!Read error \()\bconnect(?:ion|ing)? ?time(?:d )?-?out\b/i, saw: 'the connection was not made in time', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.75 } },
  { pattern: /PoolTimeout|ConnectionPoolTimeout|pool timeout/i, saw: 'no connection of the client’s own pool came free', candidates: ['client.connect', 'client.total'], lead: { cause: 'client.connect', confidence: 0.7 }, directive: 'pool timeout' },
  // protocol
  { pattern: /SSL connection could not be established|wrong version number|first record does not look like a TLS|server gave HTTP response to HTTPS client|EPROTO|WRONG_VERSION_NUMBER|record layer failure|CERTIFICATE_VERIFY_FAILED|certificate verify failed|x509:|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|ERR_TLS_CERT|malformed HTTP|HPE_INVALID|Parse Error|BadStatusLine|LineTooLong|HTTPParserError|BadHttpMessage|InvalidHeader|Expected HTTP\//, saw: 'client and server did not speak the same protocol', candidates: ['network.protocol'], lead: { cause: 'network.protocol', confidence: 0.92 } },
  // the client's own limits
  { pattern: /awaiting response headers/, saw: '`ResponseHeaderTimeout` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.95 }, product: 'Go', directive: 'ResponseHeaderTimeout' },
  { pattern: /Client\.Timeout (?:exceeded|or context cancellation)/, saw: '`http.Client{Timeout}` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: 'Go', directive: 'http.Client.Timeout' },
  { pattern: /context deadline exceeded|DEADLINE_EXCEEDED/, saw: 'the deadline of the call’s context passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.93 }, product: 'Go', directive: 'context.WithTimeout' },
  { pattern: /context canceled/, saw: 'the call’s context was cancelled', candidates: ['client.canceled', 'client.total'], lead: { cause: 'client.canceled', confidence: 0.85 }, product: 'Go' },
  { pattern: /UND_ERR_HEADERS_TIMEOUT|HeadersTimeoutError/, saw: 'undici’s `headersTimeout` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.95 }, product: 'undici', directive: 'headersTimeout' },
  { pattern: /UND_ERR_BODY_TIMEOUT|BodyTimeoutError/, saw: 'undici’s `bodyTimeout` passed', candidates: ['client.read'], lead: { cause: 'client.read', confidence: 0.95 }, product: 'undici', directive: 'bodyTimeout' },
  { pattern: /aborted due to timeout/, saw: '`AbortSignal.timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: 'Node', directive: 'AbortSignal.timeout' },
  { pattern: /TimeoutOverflowWarning/, saw: 'a timer of more than 2^31 ms fired after 1 ms', candidates: ['client.total', 'client.canceled', 'none'], lead: { cause: 'client.total', confidence: 0.7 }, product: 'Node', directive: 'setTimeout' },
  { pattern: /AbortError|operation was aborted|ERR_CANCELED|CanceledError|TaskCanceledException: (?:A task|The operation) was canceled|request aborted by (?:the )?(?:user|client)/, saw: 'the program aborted its own call', candidates: ['client.canceled', 'client.total'], lead: { cause: 'client.canceled', confidence: 0.8 }, product: 'Node', directive: 'AbortController' },
  { pattern: /Response timeout of (\d+)ms exceeded/, saw: 'superagent’s `timeout.response` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.94 }, product: 'superagent', directive: 'timeout.response', limitUnit: 'ms' },
  { pattern: /Timeout of (\d+)ms exceeded/, saw: 'superagent’s `timeout.deadline` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.93 }, product: 'superagent', directive: 'timeout.deadline', limitUnit: 'ms' },
  { pattern: /timeout of (\d+)ms exceeded/, saw: 'axios’ `timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.93 }, product: 'axios', directive: 'timeout', limitUnit: 'ms' },
  { pattern: /Timeout awaiting 'request' for (\d+)ms/, saw: 'got’s `timeout.request` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.94 }, product: 'got', directive: 'timeout.request', limitUnit: 'ms' },
  { pattern: /Timeout awaiting '(?:lookup|connect|secureConnect)' for (\d+)ms/, saw: 'got’s limit on connecting passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.88 }, product: 'got', directive: 'timeout.connect', limitUnit: 'ms' },
  { pattern: /Timeout awaiting 'response' for (\d+)ms/, saw: 'got’s `timeout.response` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.94 }, product: 'got', directive: 'timeout.response', limitUnit: 'ms' },
  { pattern: /Timeout awaiting 'read' for (\d+)ms/, saw: 'got’s `timeout.read` passed: the answer had begun', candidates: ['client.read'], lead: { cause: 'client.read', confidence: 0.92 }, product: 'got', directive: 'timeout.read', limitUnit: 'ms' },
  { pattern: /Timeout awaiting 'socket' for (\d+)ms/, saw: 'got’s `timeout.socket` passed: nothing moved on the socket', candidates: ['client.first_byte', 'client.read', 'client.connect'], lead: { cause: 'client.first_byte', confidence: 0.8 }, product: 'got', directive: 'timeout.socket', limitUnit: 'ms' },
  { pattern: /Timeout awaiting 'send' for (\d+)ms/, saw: 'got’s `timeout.send` passed: the server did not take the request', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.85 }, product: 'got', directive: 'timeout.send', limitUnit: 'ms' },
  { pattern: /AxiosError[\s\S]*\bcode "?(?:ECONNABORTED|ETIMEDOUT)\b(?![\s\S]*\b(?:connect|read) ETIMEDOUT)/, saw: 'axios gave the call up itself: with this code that is its `timeout`', candidates: ['client.total', 'client.canceled'], lead: { cause: 'client.total', confidence: 0.85 }, product: 'axios', directive: 'timeout' },
  { pattern: /\(read timeout=None\)/, saw: 'the call had no read timeout of its own, yet its read timed out: something else in the program ended it, or the kernel gave up', candidates: ['client.total', 'client.canceled', 'network.blackhole'] },
  { pattern: /Request timed out: [A-Z]+ |[Rr]equest time(?:d )?-?out(?: after (\d+) ?ms)?|[Tt]he operation has timed out|reqwest::Error[^\n]*TimedOut|error sending request for url [^\n]{1,300}operation timed out|(?:^|\n)TimeoutError: \S/, saw: 'the client’s own limit on the call passed', candidates: ['client.total', 'client.first_byte'], lead: { cause: 'client.total', confidence: 0.8 }, directive: 'timeout', limitUnit: 'ms' },
  { pattern: /ESOCKETTIMEDOUT|network timeout at|response timeout/i, saw: 'the library’s response timeout passed', candidates: ['client.first_byte', 'client.read', 'client.total'], lead: { cause: 'client.first_byte', confidence: 0.7 } },
  { pattern: /HttpClient\.Timeout of ([\d.]+) seconds/, saw: '`HttpClient.Timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: '.NET', directive: 'HttpClient.Timeout', limitUnit: 's' },
  { pattern: /InterruptedIOException: timeout|callTimeout/, saw: '`callTimeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.9 }, product: 'OkHttp', directive: 'callTimeout' },
  { pattern: /WriteTimeout\b|The write operation timed out/, saw: 'the library’s write timeout passed: the server did not take the request', candidates: ['client.total', 'client.read', 'client.first_byte'], lead: { cause: 'client.total', confidence: 0.6 }, directive: 'write timeout' },
  { pattern: /Read timed out\. \(read timeout=([\d.]+)\)/, saw: 'the library’s read timeout passed', candidates: reading, lead: { cause: 'client.first_byte', confidence: 0.85 }, product: 'requests', directive: 'timeout', limitUnit: 's' },
  { pattern: /ReadTimeout(?:Error)?\b|Timeout on reading data|Read error \(Connection timed out\)|SocketTimeoutException|HttpTimeoutException|Net::ReadTimeout|HTTPoison\.Error\)? :timeout|reason: :timeout|Read timed out|The read operation timed out|sock_read/, saw: 'the library’s read timeout passed', candidates: reading, lead: { cause: 'client.first_byte', confidence: 0.85 }, directive: 'read timeout' },
  // silence about whose limit it was
  { pattern: /ServerTimeoutError/, saw: 'one of the library’s timeouts passed', candidates: ['client.connect', 'client.first_byte', 'client.read', 'network.blackhole'], product: 'aiohttp' },
  { pattern: /TimeoutError: timed out|socket\.timeout|urlopen error timed out/, saw: 'a socket timeout passed; it covers connecting and reading alike', candidates: ['client.first_byte', 'client.read', 'client.connect', 'network.blackhole'], directive: 'timeout' },
  { pattern: /(?:asyncio\.\w*\.?|builtins\.)TimeoutError|CancelledError|execution expired|(?:^|\n)(?:\w+Error: )?(?:TimeoutError:? ?|Timeout::Error:? ?)(?:\n|$)/, saw: 'a timeout without words: a limit on the whole call, or somebody who waits for it', candidates: ['client.total', 'client.connect', 'client.first_byte', 'client.canceled', 'network.blackhole'], lead: { cause: 'client.total', confidence: 0.6 } },
  { pattern: /(?:read|write) tcp [^\n]{1,200}i\/o timeout/, saw: 'a deadline on the connection passed', candidates: ['client.read', 'client.first_byte', 'client.total'], lead: { cause: 'client.read', confidence: 0.6 }, product: 'Go', directive: 'SetReadDeadline' },
  { pattern: /\bETIMEDOUT\b/, saw: 'the connection was not made in time', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.7 } },
  // the other side
  { pattern: /read ECONNRESET|[Cc]onnection reset by peer|ConnectionResetError|ERR_CONNECTION_RESET|\[Errno 104\]|NS_ERROR_NET_RESET|forcibly closed by the remote host/, saw: 'the connection was reset', candidates: resetBySomebody },
  { pattern: /IncompleteRead|ChunkedEncodingError|unexpected EOF|ERR_INCOMPLETE_CHUNKED|ERR_CONTENT_LENGTH_MISMATCH|Response payload is not completed|ClientPayloadError|peer closed connection without sending complete message|incomplete chunked read|TypeError: terminated|stream has been aborted|Premature end of (?:Content-Length|chunk)|StreamResetException|ended prematurely, with at least \d+ additional bytes|end of file before message length reached|error decoding response body|NS_ERROR_NET_PARTIAL_TRANSFER|Premature close|ERR_STREAM_PREMATURE_CLOSE|other side closed.*body|TransferEncodingError|ContentLengthError|ERR_HTTP2_PROTOCOL_ERROR|stream ID \d+; (?:INTERNAL|PROTOCOL)_ERROR/, saw: 'the body ended too early', candidates: cutShort },
  { pattern: /(?:^|\n)(?:Error: )?aborted\b/, saw: 'the answer was broken off: Node says the same of an end and of a reset', candidates: [...cutShort, 'network.reset'] },
  { pattern: /socket hang up/, saw: '"socket hang up": the server closed, or the program’s own timeout destroyed the call', candidates: ['client.first_byte', 'client.read', ...endWithoutByte], product: 'Node' },
  { pattern: /server sent GOAWAY and closed the connection|http2: client connection (?:lost|force closed)|RemoteDisconnected|Remote end closed|Server disconnected|ServerDisconnectedError|RemoteProtocolError|other side closed|UND_ERR_SOCKET|ERR_EMPTY_RESPONSE|\bEOF\b|server closed idle connection|NoHttpResponseException|Connection closed|end of file reached|unexpected end of stream|connection closed before message completed|response ended prematurely|reason: :closed|No data received/, saw: 'the connection ended without a byte of an answer', candidates: endWithoutByte },
  { pattern: /ECONNRESET|[Cc]onnection reset|ConnectionResetError|ERR_CONNECTION_RESET|ClientOSError: \[Errno 104\]/, saw: 'the connection was reset', candidates: resetBySomebody },
  { pattern: /EPIPE|[Bb]roken pipe|BrokenPipeError|ERR_SOCKET_NOT_CONNECTED/, saw: 'sending failed: the other side had closed', candidates: [...resetBySomebody, 'proxy.rejected', 'gateway.rejected', 'network.closed', 'gateway.read', 'proxy.client_body'] },
  // an answer that came, and was not what the program awaited
  { pattern: /Unexpected token '?<'?|invalid character '<' looking for beginning of value|Unexpected character \('<'|JSON Parse error: Unrecognized token '<'|unexpected character: '<' at|JSON\.parse: unexpected character at line 1 column 1|JSONDecodeError: Expecting value: line 1 column 1 \(char 0\)|ContentTypeError: .*Attempt to decode JSON with unexpected mimetype/, saw: 'a page of HTML came where JSON was awaited: most likely the error page of a proxy', candidates: ['proxy.read', 'proxy.bad_gateway', 'proxy.refused', 'proxy.connect', 'proxy.backend_down', 'proxy.rejected', 'gateway.handler', 'platform.duration'] },
  { pattern: /HTTP request failed!/, saw: 'PHP’s stream got no answer: it ended, or `default_socket_timeout` passed; the words are the same', candidates: ['client.first_byte', 'client.read', ...endWithoutByte], product: 'PHP', directive: 'default_socket_timeout' },
]

/** Values that a picture takes over from the words that matched. */
export type WordsPicture = Pick<Picture, 'saw' | 'candidates' | 'lead' | 'product' | 'directive' | 'limitMs'>
