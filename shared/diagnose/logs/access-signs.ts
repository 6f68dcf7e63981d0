import { acts, fine, hint, sees, type RequestFact, type Sign } from './fact.ts'

/**
 * What an nginx access line means once its upstream fields are known. `us="504"` without a header time is nginx's own limit;
 * with one the 504 came from behind.
 */
export function nginxAccessSigns(request: RequestFact, completed: boolean | null): Sign[] {
  const last = request.upstreams.at(-1)
  switch (request.status) {
    case 499: return [sees('client.canceled', '499: nginx’s client left before the answer; that client may be the next proxy out')]
    case 0: case null: return request.status === 0 ? [acts('proxy.stopped', 'status 000: the worker ended before it had answered (reload or stop)', { confidence: 0.85, directive: 'worker_shutdown_timeout' })] : []
    case 408: return [clientStalled(request)]
    case 413: return [acts('proxy.rejected', '413: the request body is larger than `client_max_body_size`', { confidence: 0.85, directive: 'client_max_body_size' })]
    case 444: return [acts('proxy.rejected', '444: nginx was told to close without an answer', { confidence: 0.85 })]
    case 504: return [gatewayTimeout(request)]
    case 502: return [badGateway(request)]
    case 503: return last?.firstByteMs != null ? [fine('the 503 came from the upstream')] : [hint('proxy.rejected', '503 from nginx itself: a limit or a `return`', { confidence: 0.4 })]
    default: return completed === false ? [hint('client.canceled', 'the answer was not delivered whole', { confidence: 0.3, orElse: ['proxy.bad_gateway', 'proxy.read'] })] : [fine(`answered ${request.status}`)]
  }
}

function clientStalled(request: RequestFact): Sign {
  const sendsBody = request.method !== null && /^(?:POST|PUT|PATCH)$/.test(request.method)
  return acts(sendsBody ? 'proxy.client_body' : 'proxy.client_header', '408: the request did not arrive in time (the client got no 408, only the end of the connection)', {
    confidence: 0.8, directive: sendsBody ? 'client_body_timeout' : 'client_header_timeout', orElse: sendsBody ? ['proxy.client_header'] : ['proxy.client_body'],
  })
}

function gatewayTimeout(request: RequestFact): Sign {
  const last = request.upstreams.at(-1)
  if (!last) return hint('proxy.read', '504 from nginx itself', { orElse: ['proxy.connect', 'proxy.send'] })
  if (last.firstByteMs !== null && last.status === 504) return fine('the 504 came from the upstream: a header arrived from it')
  if (last.connectMs === null && request.upstreams.length > 0) return acts('proxy.connect', '504 and no connect time: the upstream never accepted', { confidence: 0.8, directive: 'proxy_connect_timeout' })
  return acts('proxy.read', '504 and no header time: the upstream accepted and sent nothing', { confidence: 0.85, directive: 'proxy_read_timeout', orElse: ['proxy.send'] })
}

function badGateway(request: RequestFact): Sign {
  const last = request.upstreams.at(-1)
  if (!last) return hint('proxy.backend_down', '502 without an upstream', { confidence: 0.4, orElse: ['network.dns', 'proxy.refused'] })
  if (last.firstByteMs !== null && last.status === 502) return fine('the 502 came from the upstream')
  // "If a server cannot be selected, the variable keeps the name of the server group" ($upstream_addr).
  if (last.address !== null && !/[:.]/.test(last.address) && last.connectMs === null) return acts('proxy.backend_down', '502, and instead of an address the name of the group: no server of it was in service', { confidence: 0.88 })
  if (last.connectMs === null) return sees('proxy.refused', '502 and no connect time: the upstream could not be reached', { confidence: 0.75 })
  return sees('proxy.bad_gateway', '502 after a connection was made: the upstream closed or sent something invalid', { confidence: 0.8 })
}

/** What a status alone says where the software behind the line is not known. */
export function plainAccessSigns(request: RequestFact): Sign[] {
  const status = request.status
  if (status === null) return []
  if (status === 499) return [sees('client.canceled', '499: the client left before the answer')]
  if (status === 504) return [hint('proxy.read', '504: somebody waited for the next hop in vain', { orElse: ['proxy.connect', 'gateway.handler'] })]
  if (status === 502) return [hint('proxy.bad_gateway', '502: the next hop was not there or broke off', { orElse: ['proxy.refused'] })]
  if (status === 503) return [hint('proxy.backend_down', '503: nobody was there to serve it', { confidence: 0.3, orElse: ['proxy.refused', 'proxy.rejected'] })]
  if (status === 408 && (request.method === null || /^(?:GET|HEAD|OPTIONS)$/.test(request.method))) return [hint('proxy.client_header', '408: the request did not arrive in time', { orElse: ['proxy.client_body', 'gateway.read_header', 'gateway.read'] })]
  if (status === 408) return [hint('proxy.client_body', '408: the request did not arrive in time', { orElse: ['proxy.client_header', 'gateway.read'] })]
  if (status === 413) return [hint('proxy.rejected', '413: the request was too large', { confidence: 0.6, orElse: ['gateway.rejected'] })]
  if (status === 429 || status === 403) return [hint('proxy.rejected', `${status}: the request was refused`, { confidence: 0.4, orElse: ['gateway.rejected'] })]
  return [fine(`answered ${status}`)]
}
