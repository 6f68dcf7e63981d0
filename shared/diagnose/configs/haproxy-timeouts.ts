import type { Cause } from '../../verdict/causes.ts'
import type { Counts } from '../diagnosis.ts'

export interface HaproxyTimeout {
  cause: Cause | null
  alsoCauses: Cause[]
  counts: Counts
  meaning: string
  /** What is different in mode tcp. */
  tcp?: { cause: Cause; alsoCauses: Cause[]; counts: Counts; meaning: string }
}

/** HAProxy's timeouts; source: its configuration manual, section 4.2. */
export const haproxyTimeouts: Record<string, HaproxyTimeout> = {
  connect: { cause: 'proxy.connect', alsoCauses: [], counts: 'connect', meaning: 'For connecting to a server; tried again as often as `retries` says.' },
  server: {
    cause: 'proxy.read', alsoCauses: ['proxy.send'], counts: 'wait', meaning: 'The server’s longest silence; it also ends an upload on which the client stalls.',
    tcp: { cause: 'proxy.read', alsoCauses: ['proxy.idle'], counts: 'wait', meaning: 'The server’s longest silence.' },
  },
  client: {
    cause: 'proxy.client_write', alsoCauses: ['proxy.client_body', 'proxy.idle', 'proxy.client_header'], counts: 'idle', meaning: 'The client’s longest silence while it has something to do: reading, or being idle. Not while it waits for its answer.',
    tcp: { cause: 'proxy.idle', alsoCauses: ['proxy.client_write'], counts: 'wait', meaning: 'In mode tcp a client that waits for its answer counts as silent: this cuts slow answers.' },
  },
  'http-request': { cause: 'proxy.client_header', alsoCauses: ['proxy.client_body', 'proxy.idle'], counts: 'request', meaning: 'The whole request header must have arrived (and the body with option http-buffer-request).' },
  'http-keep-alive': { cause: 'proxy.idle', alsoCauses: [], counts: 'idle', meaning: 'How long a kept-alive connection waits for its next request.' },
  queue: { cause: 'proxy.queue', alsoCauses: [], counts: 'queue', meaning: 'How long a request waits for a free server slot.' },
  tunnel: { cause: 'proxy.idle', alsoCauses: [], counts: 'idle', meaning: 'Longest silence of an upgraded connection, such as a WebSocket.' },
  'client-hs': { cause: 'proxy.client_header', alsoCauses: [], counts: 'request', meaning: 'For the TLS handshake with the client.' },
  check: { cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', meaning: 'For a health check to be answered.' },
  'client-fin': { cause: 'proxy.idle', alsoCauses: [], counts: 'stop', meaning: 'How long a half-closed client connection is kept.' },
  'server-fin': { cause: 'proxy.idle', alsoCauses: [], counts: 'stop', meaning: 'How long a half-closed server connection is kept.' },
  tarpit: { cause: 'proxy.rejected', alsoCauses: [], counts: 'other', meaning: 'How long a refused client is kept waiting.' },
  resolve: { cause: null, alsoCauses: ['network.dns'], counts: 'connect', meaning: 'Between two DNS resolutions.' },
  retry: { cause: null, alsoCauses: ['network.dns'], counts: 'connect', meaning: 'Between two DNS queries.' },
}

/** Names of before version 2.1, which no longer starts with them. */
export const formerNames: Record<string, string> = { clitimeout: 'client', contimeout: 'connect', srvtimeout: 'server' }
