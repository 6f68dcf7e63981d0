import type { LibraryWords } from './library-words.ts'
import { cutShort, endWithoutByte, resetBySomebody } from './picture.ts'

const networkTab = [{ what: 'the browser’s own name of the error (net::ERR_..., NS_ERROR_...): pages are told less than the network tab', how: 'F12, Network, "Save all as HAR", then: cutoff diagnose --saw <file>.har' }]

/** What browsers and mobile systems say: Chrome’s `net::ERR_`, Firefox’ `NS_ERROR_` and pages, Apple’s NSURLErrorDomain, and the little that `fetch` tells a page. */
export const browserWords: readonly LibraryWords[] = [
  { pattern: /ERR_NAME_(?:NOT_RESOLVED|RESOLUTION_FAILED)|DNS_PROBE_\w+|NS_ERROR_UNKNOWN_HOST|server IP address could not be found|trouble finding that site|hostname could not be found|NSURLErrorDomain(?: error| Code=)? ?-1003/, saw: 'the browser could not resolve the name', candidates: ['network.dns'], lead: { cause: 'network.dns', confidence: 0.93 } },
  { pattern: /NS_ERROR_CONNECTION_REFUSED|refused to connect|can[’']t establish a connection to the server|Could not connect to the server|NSURLErrorDomain(?: error| Code=)? ?-1004|ERR_ADDRESS_UNREACHABLE|ERR_INTERNET_DISCONNECTED|ERR_(?:PROXY|TUNNEL)_CONNECTION_FAILED/, saw: 'the browser was refused the connection', candidates: ['network.refused'], lead: { cause: 'network.refused', confidence: 0.9 } },
  { pattern: /ERR_CONNECTION_TIMED_OUT/, saw: 'the connection was not made in time', candidates: ['client.connect', 'network.blackhole'], lead: { cause: 'client.connect', confidence: 0.7 } },
  { pattern: /took too long to respond|The connection has timed out|is taking too long to respond|NS_ERROR_NET_TIMEOUT/, saw: 'the browser gave up waiting: to connect, or for the first byte', candidates: ['client.connect', 'client.first_byte', 'network.blackhole'] },
  { pattern: /ERR_TIMED_OUT|NSURLErrorDomain(?: error| Code=)? ?-1001/, saw: 'the client’s own limit passed', candidates: ['client.total', 'client.first_byte', 'client.connect', 'network.blackhole'], lead: { cause: 'client.total', confidence: 0.6 } },
  { pattern: /ERR_SSL_|ERR_CERT_|SSL_ERROR_RX_RECORD_TOO_LONG|SEC_ERROR_|NSURLErrorDomain(?: error| Code=)? ?-120\d/, saw: 'TLS could not be agreed on', candidates: ['network.protocol'], lead: { cause: 'network.protocol', confidence: 0.92 } },
  { pattern: /ERR_ABORTED|NS_BINDING_ABORTED|signal is aborted without reason|The user aborted a request|NSURLErrorDomain(?: error| Code=)? ?-999|ERR_BLOCKED_BY_CLIENT/, saw: 'the page or the user gave the call up', candidates: ['client.canceled', 'client.total'], lead: { cause: 'client.canceled', confidence: 0.8 } },
  { pattern: /PR_CONNECT_RESET_ERROR|The connection was reset|connection to the server was reset/, saw: 'the browser’s connection was reset', candidates: resetBySomebody },
  { pattern: /PR_END_OF_FILE_ERROR/, saw: 'the connection ended during the TLS handshake', candidates: ['network.closed', 'network.protocol', 'proxy.stopped', 'gateway.stopped', 'proxy.rejected'] },
  { pattern: /ERR_HTTP2_PING_FAILED|ERR_QUIC_PROTOCOL_ERROR\.QUIC_NETWORK_IDLE_TIMEOUT/, saw: 'the browser’s ping was not answered: the connection was dead', candidates: ['network.blackhole', 'network.idle_drop', 'gateway.stopped', 'proxy.stopped'] },
  { pattern: /ERR_QUIC_PROTOCOL_ERROR|NS_ERROR_NET_INTERRUPT/, saw: 'the answer was broken off', candidates: [...cutShort, 'network.reset'] },
  { pattern: /network connection was lost|NSURLErrorDomain(?: error| Code=)? ?-1005|unexpectedly closed the connection|didn[’']t send any data/, saw: 'the connection ended before an answer; a reset is told in the same words', candidates: [...endWithoutByte, 'network.reset', 'network.idle_drop'] },
  { pattern: /Failed to fetch|Load failed|NetworkError when attempting to fetch|Network request failed|AxiosError: Network Error|ERR_NETWORK\b|net::ERR_FAILED/, saw: 'the page was only told that its call failed: no connection, a broken one, or an answer without leave for other origins (CORS)', candidates: ['network.refused', 'network.dns', 'network.protocol', 'network.reset', 'network.closed', 'gateway.stopped', 'gateway.write', 'proxy.stopped', 'proxy.rejected', 'client.canceled'], need: networkTab },
]
