import type { FaultAction, FaultPlan } from '../../../shared/run/plan.ts'
import { loopback, type Endpoint } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import { holdHangingPort } from './hanging-port.ts'
import { startEmptyNameServer, unknownHost } from './name-server.ts'
import { holdRefusedPort } from './refused-port.ts'
import { startRelay, type RelayPlace } from './relay.ts'

export interface StartedLink { endpoint: Endpoint; settled(): Promise<void>; close(): Promise<void> }

/** Faults that let no connection come about; of several on one link the first in this order counts. */
const blocking: readonly FaultAction[] = ['dns', 'refuse', 'connect_hang']

/** Starts what stands on a link with faults: a relay, or something that cannot be connected to. */
export async function startLink(run: FlowRun, place: RelayPlace): Promise<StartedLink> {
  const fault = blocking.map((action) => place.faults.find((candidate) => candidate.action === action)).find((found) => found !== undefined)
  if (fault) return startBlocked(run, fault)
  const relay = await startRelay(run, place)
  return { endpoint: loopback(relay.port), settled: relay.settled, close: relay.close }
}

async function startBlocked(run: FlowRun, fault: FaultPlan): Promise<StartedLink> {
  const settled = () => Promise.resolve()
  if (fault.action === 'dns') {
    const server = await startEmptyNameServer()
    return { endpoint: { host: unknownHost, port: 80, nameServerPort: server.port, fault }, settled, close: server.close }
  }
  if (fault.action === 'connect_hang' && process.platform === 'win32') run.log('network', 'warn', 'Windows refuses instead of dropping when a queue is full: the connection will be refused', { fault: fault.text })
  const held = fault.action === 'refuse' ? await holdRefusedPort() : await holdHangingPort()
  return { endpoint: { ...loopback(held.port), fault }, settled, close: held.close }
}
