import { Resolver } from 'node:dns'
import { connect, type LookupFunction, type Socket } from 'node:net'
import type { Emit } from '../../shared/run/event.ts'
import type { FaultPlan } from '../../shared/run/plan.ts'

/** Where the next hop is. Always on this machine. */
export interface Endpoint {
  host: string
  port: number
  /** Port of a name server on 127.0.0.1 to ask for `host`, where the host is a name. */
  nameServerPort?: number
  /**
   * The fault that keeps anybody from connecting (refuse, connect_hang, dns). Nothing of ours sees such an attempt but the one
   * who makes it, so it is the one to report the fault.
   */
  fault?: FaultPlan
}

/** What kept a connection from being made, in the terms of the events. */
export function connectFailureOf(error: NodeJS.ErrnoException): 'refused' | 'unreachable' | 'timeout' {
  if (error.code === 'ECONNREFUSED') return 'refused'
  return error.code === 'ETIMEDOUT' ? 'timeout' : 'unreachable'
}

/** To be called when a connection could not be made: reports the fault behind it, if there is one. */
export function reportConnectFault(emit: Emit, endpoint: Endpoint, atMs?: number): void {
  if (endpoint.fault) emit({ type: 'fault_injected', fault: endpoint.fault.text, action: endpoint.fault.action, place: endpoint.fault.place }, atMs)
}

export function loopback(port: number): Endpoint {
  return { host: '127.0.0.1', port }
}

/** Opens a connection to an endpoint. Half-open sockets are the caller's choice; Nagle's delay is off, as in every server here. */
export function connectTo(endpoint: Endpoint, options: { allowHalfOpen?: boolean } = {}): Socket {
  return connect({
    host: endpoint.host, port: endpoint.port, noDelay: true, allowHalfOpen: options.allowHalfOpen ?? false,
    ...(endpoint.nameServerPort === undefined ? {} : { lookup: lookupAt(endpoint.nameServerPort) }),
  })
}

/** Names are asked of that one server and of nothing else: no query may leave the machine. */
function lookupAt(nameServerPort: number): LookupFunction {
  return (name, options, answer) => {
    const resolver = new Resolver({ timeout: 1000, tries: 1 })
    resolver.setServers([`127.0.0.1:${nameServerPort}`])
    resolver.resolve4(name, (error, addresses) => {
      const address = addresses?.[0]
      if (error || !address) answer(error ?? new Error(`no address for ${name}`), '', 4)
      else if (options.all) answer(null, [{ address, family: 4 }])
      else answer(null, address, 4)
    })
  }
}
