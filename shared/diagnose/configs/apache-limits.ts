import type { Cause } from '../../verdict/causes.ts'
import type { Counts } from '../diagnosis.ts'

/** What a directive or parameter limits; source: the documentation of httpd 2.4, mod_proxy, mod_cgid, mod_fcgid, mod_reqtimeout and mod_wsgi. */
export interface ApacheKind {
  cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[]
  /** Read as a bare number of seconds: a unit behind the digits is not looked at. */
  secondsOnly?: boolean
}

export const directiveKinds: Record<string, ApacheKind> = {
  timeout: { cause: 'proxy.client_write', alsoCauses: ['proxy.client_body'], counts: 'write', secondsOnly: true, meaning: 'Longest silence of a client, and of CGI programs and upstreams where they have no limit of their own.' },
  proxytimeout: { cause: 'proxy.read', alsoCauses: ['proxy.connect', 'proxy.send'], counts: 'wait', secondsOnly: true, meaning: 'Longest silence of a proxied upstream.' },
  keepalivetimeout: { cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open.' },
  cgidscripttimeout: { cause: 'connector.python', counts: 'wait', meaning: 'Longest silence of a CGI program.' },
  cgiscripttimeout: { cause: 'connector.python', counts: 'wait', meaning: 'Longest silence of a CGI program.' },
  gracefulshutdowntimeout: { cause: 'proxy.stopped', counts: 'stop', secondsOnly: true, meaning: 'After a graceful stop, what still runs is ended when it passes.' },
  limitrequestbody: { cause: 'proxy.rejected', counts: 'size', meaning: 'Largest request body.' },
  proxywebsocketidletimeout: { cause: 'proxy.idle', counts: 'idle', meaning: 'Longest silence of a proxied WebSocket.' },
  h2streamtimeout: { cause: 'proxy.client_write', counts: 'write', meaning: 'Longest silence of an HTTP/2 stream (Timeout by default).' },
  fcgidiotimeout: { cause: 'connector.python', alsoCauses: ['proxy.read'], counts: 'wait', secondsOnly: true, meaning: 'Longest silence of a FastCGI program (40 s by default).' },
  fcgidbusytimeout: { cause: 'connector.python', alsoCauses: ['gateway.worker'], counts: 'total', secondsOnly: true, meaning: 'A FastCGI program that works longer on a request is ended (300 s by default).' },
  fcgidconnecttimeout: { cause: 'proxy.connect', counts: 'connect', secondsOnly: true, meaning: 'For connecting to a FastCGI program (3 s by default).' },
  fcgididletimeout: { cause: null, counts: 'idle', secondsOnly: true, meaning: 'An idle FastCGI program is ended when it passes.' },
}

export const parameterKinds: Record<string, ApacheKind> = {
  timeout: { cause: 'proxy.read', alsoCauses: ['proxy.send'], counts: 'wait', secondsOnly: true, meaning: 'Longest silence of this upstream; overrides ProxyTimeout.' },
  connectiontimeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to this upstream.' },
  retry: { cause: null, alsoCauses: ['proxy.backend_down'], counts: 'other', secondsOnly: true, meaning: 'How long a failed upstream is not tried again (60 s by default).' },
  acquire: { cause: 'proxy.queue', counts: 'queue', meaning: 'How long a request waits for a free connection of the pool.' },
  ttl: { cause: null, counts: 'idle', secondsOnly: true, meaning: 'How long an idle connection to this upstream is used again.' },
  ping: { cause: 'proxy.connect', counts: 'connect', meaning: 'The upstream must answer a probe before each request.' },
  'request-timeout': { cause: 'gateway.worker', counts: 'total', secondsOnly: true, meaning: 'mod_wsgi ends the process when requests take longer.' },
  'inactivity-timeout': { cause: 'gateway.worker', counts: 'idle', secondsOnly: true, meaning: 'mod_wsgi restarts a process without requests or reads and writes.' },
  'deadlock-timeout': { cause: 'gateway.worker', counts: 'wait', secondsOnly: true, meaning: 'mod_wsgi ends a process that holds the interpreter lock.' },
  'graceful-timeout': { cause: 'gateway.stopped', counts: 'stop', secondsOnly: true, meaning: 'How long a process that is to restart waits for its requests.' },
  'shutdown-timeout': { cause: 'gateway.stopped', counts: 'stop', secondsOnly: true, meaning: 'After a stop, the process is killed when it passes (5 s by default).' },
  'socket-timeout': { cause: 'proxy.read', counts: 'wait', secondsOnly: true, meaning: 'Longest silence between Apache and the WSGI daemon.' },
  'response-socket-timeout': { cause: 'proxy.client_write', counts: 'write', secondsOnly: true, meaning: 'Longest wait for the client to take the answer of the WSGI daemon.' },
  'connect-timeout': { cause: 'proxy.connect', counts: 'connect', secondsOnly: true, meaning: 'For connecting to the WSGI daemon (15 s by default).' },
  'queue-timeout': { cause: 'proxy.queue', counts: 'queue', secondsOnly: true, meaning: 'How long a request waits for the WSGI daemon.' },
}

/** `timeout` of a balancer is something else than that of its members. */
export const balancerTimeout: ApacheKind = { cause: 'proxy.queue', counts: 'queue', secondsOnly: true, meaning: 'On a balancer: how long a request waits for a free member. The silence of a member is its own timeout, or ProxyTimeout.' }
