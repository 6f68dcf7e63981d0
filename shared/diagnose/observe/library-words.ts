import type { Cause } from '../../verdict/causes.ts'
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
}

const connecting: readonly Cause[] = ['client.connect', 'network.blackhole']
const reading: readonly Cause[] = ['client.first_byte', 'client.read']

/** First match wins: what names its own limit stands before what several causes share. */
export const libraryWords: readonly LibraryWords[] = [
  // names
  { pattern: /ENOTFOUND|EAI_AGAIN|gaierror|Name or service not known|Temporary failure in name resolution|no such host|UnknownHostException|NameResolutionError|getaddrinfo failed|Cannot connect to host .*(?:Name|nodename)|unable to resolve host address/, saw: 'the name could not be resolved', candidates: ['network.dns'], lead: { cause: 'network.dns', confidence: 0.93 } },
  // connecting
  { pattern: /UND_ERR_CONNECT_TIMEOUT.*?(?:timeout: (\d+)ms)?/s, saw: 'undici’s connect timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, product: 'undici', directive: 'connect.timeout', limitUnit: 'ms' },
  { pattern: /ConnectTimeout(?:Error)?\b(?:.*?connect timeout=([\d.]+))?/s, saw: 'the library’s connect timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, directive: 'timeout', limitUnit: 's' },
  { pattern: /TLS handshake timeout|SSL(?::| )handshake (?:timed out|timeout)|_ssl\.c:\d+: The handshake operation timed out/, saw: 'the TLS handshake took longer than the client allows', candidates: ['client.connect'], lead: { cause: 'client.connect', confidence: 0.92 }, directive: 'TLSHandshakeTimeout' },
  { pattern: /dial tcp [^ ]+: (?:i\/o timeout|connect: connection timed out)|dial tcp.*connection timed out/, saw: 'the dialer’s timeout passed', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.85 }, product: 'Go', directive: 'net.Dialer.Timeout' },
  { pattern: /connect ETIMEDOUT|connect timed out|(?<!Read error \()Connection timed out|ERR_CONNECTION_TIMED_OUT|Connection timeout to host|ConnectionTimeoutError|Net::OpenTimeout|failed to connect to .* after (\d+)ms/, saw: 'the connection was not made in time', candidates: connecting, lead: { cause: 'client.connect', confidence: 0.7 }, limitUnit: 'ms' },
  { pattern: /ECONNREFUSED|[Cc]onnection refused|ConnectionRefusedError|ERR_CONNECTION_REFUSED|No route to host|EHOSTUNREACH|ENETUNREACH|Network is unreachable|Connect call failed|The connection to the server \S+ was refused/, saw: 'the connection was refused', candidates: ['network.refused'], lead: { cause: 'network.refused', confidence: 0.95 } },
  { pattern: /PoolTimeout|ConnectionPoolTimeout|pool timeout/i, saw: 'no connection of the client’s own pool came free', candidates: ['client.connect', 'client.total'], lead: { cause: 'client.connect', confidence: 0.7 }, directive: 'pool timeout' },
  // protocol
  { pattern: /wrong version number|first record does not look like a TLS|server gave HTTP response to HTTPS client|EPROTO|WRONG_VERSION_NUMBER|record layer failure|CERTIFICATE_VERIFY_FAILED|certificate verify failed|x509:|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|ERR_TLS_CERT|malformed HTTP|HPE_INVALID|Parse Error|BadStatusLine|LineTooLong|HTTPParserError|BadHttpMessage|InvalidHeader|Expected HTTP\//, saw: 'client and server did not speak the same protocol', candidates: ['network.protocol'], lead: { cause: 'network.protocol', confidence: 0.92 } },
  // the client's own limits
  { pattern: /awaiting response headers/, saw: '`ResponseHeaderTimeout` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.95 }, product: 'Go', directive: 'ResponseHeaderTimeout' },
  { pattern: /Client\.Timeout (?:exceeded|or context cancellation)/, saw: '`http.Client{Timeout}` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: 'Go', directive: 'http.Client.Timeout' },
  { pattern: /context deadline exceeded|DEADLINE_EXCEEDED/, saw: 'the deadline of the call’s context passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.93 }, product: 'Go', directive: 'context.WithTimeout' },
  { pattern: /context canceled/, saw: 'the call’s context was cancelled', candidates: ['client.canceled', 'client.total'], lead: { cause: 'client.canceled', confidence: 0.85 }, product: 'Go' },
  { pattern: /UND_ERR_HEADERS_TIMEOUT|HeadersTimeoutError/, saw: 'undici’s `headersTimeout` passed', candidates: ['client.first_byte'], lead: { cause: 'client.first_byte', confidence: 0.95 }, product: 'undici', directive: 'headersTimeout' },
  { pattern: /UND_ERR_BODY_TIMEOUT|BodyTimeoutError/, saw: 'undici’s `bodyTimeout` passed', candidates: ['client.read'], lead: { cause: 'client.read', confidence: 0.95 }, product: 'undici', directive: 'bodyTimeout' },
  { pattern: /aborted due to timeout/, saw: '`AbortSignal.timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: 'Node', directive: 'AbortSignal.timeout' },
  { pattern: /TimeoutOverflowWarning/, saw: 'a timer of more than 2^31 ms fired after 1 ms', candidates: ['client.total', 'client.canceled', 'none'], lead: { cause: 'client.total', confidence: 0.7 }, product: 'Node', directive: 'setTimeout' },
  { pattern: /AbortError|operation was aborted|ERR_CANCELED|CanceledError|request aborted by (?:the )?(?:user|client)/, saw: 'the program aborted its own call', candidates: ['client.canceled', 'client.total'], lead: { cause: 'client.canceled', confidence: 0.8 }, product: 'Node', directive: 'AbortController' },
  { pattern: /timeout of (\d+)ms exceeded/, saw: 'axios’ `timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.93 }, product: 'axios', directive: 'timeout', limitUnit: 'ms' },
  { pattern: /Timeout awaiting '(?:request|response)' for (\d+)ms/, saw: 'got’s timeout passed', candidates: ['client.total', 'client.first_byte'], lead: { cause: 'client.total', confidence: 0.8 }, product: 'got', directive: 'timeout', limitUnit: 'ms' },
  { pattern: /ESOCKETTIMEDOUT|network timeout at|response timeout/i, saw: 'the library’s response timeout passed', candidates: ['client.first_byte', 'client.read', 'client.total'], lead: { cause: 'client.first_byte', confidence: 0.7 } },
  { pattern: /HttpClient\.Timeout of ([\d.]+) seconds/, saw: '`HttpClient.Timeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.95 }, product: '.NET', directive: 'HttpClient.Timeout', limitUnit: 's' },
  { pattern: /InterruptedIOException: timeout|callTimeout/, saw: '`callTimeout` passed', candidates: ['client.total'], lead: { cause: 'client.total', confidence: 0.9 }, product: 'OkHttp', directive: 'callTimeout' },
  { pattern: /WriteTimeout\b|The write operation timed out/, saw: 'the library’s write timeout passed: the server did not take the request', candidates: ['client.total', 'client.read', 'client.first_byte'], lead: { cause: 'client.total', confidence: 0.6 }, directive: 'write timeout' },
  { pattern: /Read timed out\. \(read timeout=([\d.]+)\)/, saw: 'the library’s read timeout passed', candidates: reading, lead: { cause: 'client.first_byte', confidence: 0.85 }, product: 'requests', directive: 'timeout', limitUnit: 's' },
  { pattern: /ReadTimeout(?:Error)?\b|Timeout on reading data|Read error \(Connection timed out\)|SocketTimeoutException|HttpTimeoutException|Net::ReadTimeout|Read timed out|The read operation timed out|sock_read/, saw: 'the library’s read timeout passed', candidates: reading, lead: { cause: 'client.first_byte', confidence: 0.85 }, directive: 'read timeout' },
  // silence about whose limit it was
  { pattern: /ServerTimeoutError/, saw: 'one of the library’s timeouts passed', candidates: ['client.connect', 'client.first_byte', 'client.read', 'network.blackhole'], product: 'aiohttp' },
  { pattern: /TimeoutError: timed out|socket\.timeout|urlopen error timed out/, saw: 'a socket timeout passed; it covers connecting and reading alike', candidates: ['client.first_byte', 'client.read', 'client.connect', 'network.blackhole'], directive: 'timeout' },
  { pattern: /(?:asyncio\.\w*\.?|builtins\.)TimeoutError|CancelledError|(?:^|\n)TimeoutError: ?(?:\n|$)/, saw: 'a timeout without words: a limit on the whole call, or somebody who waits for it', candidates: ['client.total', 'client.connect', 'client.first_byte', 'client.canceled', 'network.blackhole'], lead: { cause: 'client.total', confidence: 0.6 } },
  // the other side
  { pattern: /IncompleteRead|ChunkedEncodingError|unexpected EOF|ERR_INCOMPLETE_CHUNKED|ERR_CONTENT_LENGTH_MISMATCH|Response payload is not completed|ClientPayloadError|peer closed connection without sending complete message|incomplete chunked read|TypeError: terminated|Premature close|ERR_STREAM_PREMATURE_CLOSE|other side closed.*body|TransferEncodingError|ContentLengthError|ERR_HTTP2_PROTOCOL_ERROR|stream ID \d+; (?:INTERNAL|PROTOCOL)_ERROR|(?:^|\n)(?:Error: )?aborted\b/, saw: 'the body ended too early', candidates: cutShort },
  { pattern: /socket hang up/, saw: '"socket hang up": the server closed, or the program’s own timeout destroyed the call', candidates: ['client.first_byte', 'client.read', ...endWithoutByte], product: 'Node' },
  { pattern: /RemoteDisconnected|Remote end closed|Server disconnected|ServerDisconnectedError|RemoteProtocolError|other side closed|UND_ERR_SOCKET|ERR_EMPTY_RESPONSE|\bEOF\b|server closed idle connection|NoHttpResponseException|Connection closed|end of file reached|No data received/, saw: 'the connection ended without a byte of an answer', candidates: endWithoutByte },
  { pattern: /ECONNRESET|[Cc]onnection reset|ConnectionResetError|ERR_CONNECTION_RESET|ClientOSError: \[Errno 104\]/, saw: 'the connection was reset', candidates: resetBySomebody },
  { pattern: /EPIPE|Broken pipe|BrokenPipeError|ERR_SOCKET_NOT_CONNECTED/, saw: 'sending failed: the other side had closed', candidates: [...resetBySomebody, 'proxy.rejected', 'gateway.rejected', 'network.closed', 'gateway.read', 'proxy.client_body'] },
]

/** Values that a picture takes over from the words that matched. */
export type WordsPicture = Pick<Picture, 'saw' | 'candidates' | 'lead' | 'product' | 'directive' | 'limitMs'>
