import { acts, fine, sees, type Sign } from './fact.ts'

/** How a session ended: HAProxy’s termination state and what decides between its meanings. */
export interface Ending { who: string; when: string; status: number; bytes: number; tcp: boolean; noServer: boolean; badRequest: boolean; totalMs: number | null }

/** The first letter tells who ended the session, the second in which phase; section 8.5 of its manual. */
export function endingSign(ending: Ending): Sign {
  const state = ending.who + ending.when
  switch (ending.who) {
    case 'c': return clientTooSlow(ending, state)
    case 's': return serverTooSlow(ending, state)
    // Somebody connected and left without a request: a health check, a port scan.
    case 'C': return ending.badRequest ? fine(`${state} on <BADREQ>: a connection without a request`) : sees('client.canceled', `${state}: the client left`)
    case 'S': return serverBroke(ending, state)
    case 'P': return haproxyRefused(ending, state)
    case 'D': return acts('proxy.backend_down', `${state}: HAProxy killed the session because the health check took the server down`)
    case 'K': case 'U': return acts('proxy.stopped', `${state}: the session was killed by an administrator`)
    case 'R': return acts('proxy.rejected', `${state}: HAProxy ran out of a resource (memory, sockets, ports)`, { confidence: 0.85 })
    // `http-request return`, redirects, the statistics page: answered without a server.
    case 'L': return ending.status >= 400 ? acts('proxy.rejected', `${state}: a rule of HAProxy answered ${ending.status} itself`, { directive: 'http-request return', confidence: 0.88 }) : fine(`${state}: HAProxy answered itself`)
    case 'I': return acts('proxy.stopped', `${state}: HAProxy met an internal error`, { confidence: 0.7 })
    default: return fine(ending.status >= 500 ? `${state}: HAProxy passed on the server’s own ${ending.status}` : `${state}: HAProxy saw a normal end`)
  }
}

function clientTooSlow(ending: Ending, state: string): Sign {
  if (ending.tcp) return acts('proxy.idle', `${state}: in TCP mode the client is idle while it waits, and \`timeout client\` passed`, { directive: 'timeout client' })
  if (ending.status === 101) return acts('proxy.idle', `${state}: the upgraded connection was idle longer than \`timeout tunnel\``, { directive: 'timeout tunnel' })
  if (ending.when === 'R' && ending.badRequest) return acts('proxy.client_header', `${state} on <BADREQ>: the request header did not arrive within \`timeout http-request\``, { directive: 'timeout http-request' })
  if (ending.when === 'R') return acts('proxy.client_body', `${state}: the request body did not arrive within \`timeout http-request\``, { directive: 'timeout http-request' })
  if (ending.when === 'D' || ending.when === 'L') return acts('proxy.client_write', `${state}: the client did not read the answer within \`timeout client\``, { directive: 'timeout client' })
  return acts('proxy.client_body', `${state}: the client did not send the rest of its request within \`timeout client\``, { directive: 'timeout client', confidence: 0.85 })
}

function serverTooSlow(ending: Ending, state: string): Sign {
  if (ending.when === 'Q') return acts('proxy.queue', `${state}: no server slot came free within \`timeout queue\``, { directive: 'timeout queue' })
  if (ending.when === 'C') return acts('proxy.connect', `${state}: the server did not accept within \`timeout connect\` (tried again as often as \`retries\` says)`, { directive: 'timeout connect' })
  if (ending.status === 101) return acts('proxy.idle', `${state}: the upgraded connection was idle longer than \`timeout tunnel\``, { directive: 'timeout tunnel' })
  if (ending.tcp) return acts('proxy.read', `${state}: the server sent nothing for \`timeout server\``, { directive: 'timeout server', confidence: 0.85, orElse: ['proxy.idle'] })
  return acts('proxy.read', `${state}: the server sent nothing for \`timeout server\``, { directive: 'timeout server' })
}

function serverBroke(ending: Ending, state: string): Sign {
  if (ending.noServer) return acts('proxy.backend_down', `${state} with <NOSRV>: no server was up`)
  if (ending.when === 'C' || ending.when === 'Q') return acts('proxy.refused', `${state}: the server refused the connection`)
  return sees('proxy.bad_gateway', `${state}: the server closed before its answer was complete`)
}

function haproxyRefused(ending: Ending, state: string): Sign {
  if (ending.when === 'H') return sees('proxy.bad_gateway', `${state}: the server’s answer was invalid or blocked`)
  if (ending.when === 'D') return sees('proxy.bad_gateway', `${state}: the server’s body was malformed`)
  if (ending.when === 'C') return acts('proxy.rejected', `${state}: HAProxy’s own connection limit was reached`)
  return acts('proxy.rejected', `${state}: a rule of HAProxy refused the request`, { directive: ending.status === 403 ? 'http-request deny' : null })
}
