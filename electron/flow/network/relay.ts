import type { FaultPlan, FaultPlace } from '../../../shared/run/plan.ts'
import type { Endpoint } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import { listenOnLoopback } from '../loopback-server.ts'
import { countWork } from '../work-count.ts'
import { faultsByAction } from './link-faults.ts'
import { serveLink } from './link.ts'

export interface RelayPlace {
  /** The listener this link leads to. */
  to: FaultPlace
  next: Endpoint
  faults: readonly FaultPlan[]
  /** Id of the span of the hop in front. */
  parentSpanId: string
}

export interface Relay { readonly port: number; settled(): Promise<void>; close(): Promise<void> }

/**
 * A TCP relay on 127.0.0.1 that carries the link's faults. It knows nothing of HTTP but where an answer's body begins
 * (close_midbody). A connection is accepted at once, whatever the latency: the kernel's handshake cannot be delayed here.
 */
export async function startRelay(run: FlowRun, place: RelayPlace): Promise<Relay> {
  const work = countWork()
  const faults = faultsByAction(place.faults, place.to)
  const server = await listenOnLoopback((socket) => serveLink(parts, socket))
  const parts = { run, place, faults, work, keep: server.keep }
  return { port: server.port, settled: work.settled, close: server.close }
}
