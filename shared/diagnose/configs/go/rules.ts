import type { LayerId } from '../../../flow/layers.ts'
import type { Cause } from '../../../verdict/causes.ts'
import type { Counts } from '../../diagnosis.ts'

/** What a field or an argument of Go code limits. */
export interface Kind { layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }

const serverFields: Record<string, Kind> = {
  ReadTimeout: { layer: 'gateway', cause: 'gateway.read', alsoCauses: ['gateway.read_header', 'gateway.idle'], counts: 'request', meaning: 'Header and body must have been read; no effect after that. Stands in for IdleTimeout where that is not set.' },
  ReadHeaderTimeout: { layer: 'gateway', cause: 'gateway.read_header', counts: 'request', meaning: 'The request header must have been read.' },
  WriteTimeout: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'An answer written later is lost. It does not interrupt the handler: the client hears of it when the handler ends.' },
  IdleTimeout: { layer: 'gateway', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' },
}
const clientFields: Record<string, Kind> = { Timeout: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning: 'For the whole call, reading the body included.' } }
const transportFields: Record<string, Kind> = {
  ResponseHeaderTimeout: { layer: 'client', cause: 'client.first_byte', alsoCauses: ['proxy.read'], counts: 'wait', meaning: 'For the answer’s header.' },
  TLSHandshakeTimeout: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For the TLS handshake.' },
  IdleConnTimeout: { layer: 'client', cause: null, counts: 'idle', meaning: 'How long an idle connection is kept for reuse.' },
  ExpectContinueTimeout: { layer: 'client', cause: null, counts: 'wait', meaning: 'For a 100 Continue.' },
}
const dialerFields: Record<string, Kind> = { Timeout: { layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting.' } }
const handler: Kind = { layer: 'gateway', cause: 'gateway.handler', counts: 'total', meaning: 'The handler must have answered; 503 and a cancelled context when it passes.' }

/** Fields of literals, by the type's name; source: the documentation of net/http, net, and of the frameworks. */
export const literals: Record<string, { fields: Record<string, Kind>; prefix: string }> = {
  'http.Server': { fields: serverFields, prefix: '' }, 'fasthttp.Server': { fields: serverFields, prefix: '' }, 'fiber.Config': { fields: serverFields, prefix: '' }, 'http.Client': { fields: clientFields, prefix: 'http.Client.' },
  'http.Transport': { fields: transportFields, prefix: '' }, 'net.Dialer': { fields: dialerFields, prefix: 'net.Dialer.' },
  'middleware.TimeoutConfig': { fields: { Timeout: { ...handler, meaning: 'The router’s limit on a handler: its context is cancelled.' } }, prefix: 'middleware.' },
}

/** Fields that are assigned: `srv.WriteTimeout = ...`, `client.Timeout = ...`, `cmd.WaitDelay = ...`. */
export const assignedFields: Record<string, Kind & { directive?: string }> = {
  ...serverFields, ...transportFields, Timeout: { ...clientFields['Timeout'] as Kind, directive: 'http.Client.Timeout' },
  WaitDelay: { layer: 'connector', cause: 'connector.python', counts: 'stop', directive: 'exec.Cmd.WaitDelay', meaning: 'After the context ended, pipes that a grandchild still holds are closed when it passes.' },
}

/** Arguments of calls. */
export const calls: readonly { pattern: RegExp; argument: number; directive: string; kind: Kind; near?: RegExp }[] = [
  { pattern: /\bcontext\.WithTimeout(?:Cause)?\(/g, argument: 1, directive: 'context.WithTimeout', kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['gateway.handler', 'proxy.read', 'client.total'], counts: 'total', meaning: 'Whatever runs under this context is cancelled when it passes.' } },
  { pattern: /\bcontext\.WithDeadline(?:Cause)?\([^()]{1,80}(?:\(\)[^()]{0,40})?,\s*time\.Now\(\)\.Add\(/g, argument: 0, directive: 'context.WithDeadline', kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['gateway.handler', 'proxy.read', 'client.total'], counts: 'total', meaning: 'Whatever runs under this context is cancelled when it passes.' } },
  { pattern: /\bhttp\.TimeoutHandler\(/g, argument: 1, directive: 'http.TimeoutHandler', kind: handler },
  { pattern: /\bnet\.DialTimeout\(/g, argument: 2, directive: 'net.DialTimeout', kind: dialerFields['Timeout'] as Kind },
  { pattern: /\bmiddleware\.Timeout\(|\btimeout\.WithTimeout\(/g, argument: 0, directive: 'middleware.Timeout', kind: { ...handler, meaning: 'The router’s limit on a handler: its context is cancelled.' } },
  { pattern: /\.SetWriteDeadline\(time\.Now\(\)\.Add\(/g, argument: 0, directive: 'SetWriteDeadline', kind: { layer: 'gateway', cause: 'gateway.write', counts: 'total', meaning: 'An answer written later is lost.' } },
  { pattern: /\.SetReadDeadline\(time\.Now\(\)\.Add\(/g, argument: 0, directive: 'SetReadDeadline', kind: { layer: 'gateway', cause: 'gateway.read', alsoCauses: ['client.read'], counts: 'request', meaning: 'What is read later fails.' } },
  { pattern: /\.SetDeadline\(time\.Now\(\)\.Add\(/g, argument: 0, directive: 'SetDeadline', kind: { layer: 'gateway', cause: 'gateway.write', alsoCauses: ['gateway.read', 'client.total'], counts: 'total', meaning: 'What is read or written later fails.' } },
  { pattern: /\bcase\s+<-\s*time\.After\(/g, argument: 0, directive: 'time.After', kind: { layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['connector.context', 'connector.python', 'proxy.read', 'client.total'], counts: 'total', meaning: 'The code stops waiting when it passes; what it waited for goes on.' } },
  { pattern: /\btime\.AfterFunc\(/g, argument: 0, directive: 'time.AfterFunc, then kill', near: /\.Kill\(\)|syscall\.Kill|Signal\(/, kind: { layer: 'connector', cause: 'connector.python', counts: 'total', meaning: 'The program ends its child itself when it passes.' } },
  { pattern: /\bresty\.[^\n]{0,200}?\.SetTimeout\(|\b(?:restyClient|resty|client)\.SetTimeout\(/g, argument: 0, directive: 'resty.SetTimeout', kind: clientFields['Timeout'] as Kind },
]

/** What a context is handed to says what its deadline cuts. */
export const contextUses: readonly { use: string; kind: Kind }[] = [
  { use: String.raw`\.Shutdown\(`, kind: { layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.' } },
  { use: String.raw`exec\.CommandContext\(`, kind: { layer: 'connector', cause: 'connector.context', alsoCauses: ['connector.python'], counts: 'total', meaning: 'The process is killed when it passes (signal: killed).' } },
  { use: String.raw`NewRequestWithContext\(|\.WithContext\(`, kind: { layer: 'client', cause: 'client.total', alsoCauses: ['proxy.read', 'connector.context'], counts: 'total', meaning: 'The call to the next hop is cancelled when it passes.' } },
]
