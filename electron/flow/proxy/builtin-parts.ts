import type { Socket } from 'node:net'
import type { FlowRun } from '../flow-run.ts'
import type { LayerLimits } from '../limit-timers.ts'
import type { WorkCount } from '../work-count.ts'
import type { ProxyPlace } from './running-proxy.ts'

/** What both sides of the built-in proxy share. */
export interface ProxyParts {
  run: FlowRun
  place: ProxyPlace
  limits: LayerLimits
  work: WorkCount
  /** Has a socket destroyed when the proxy is closed. */
  keep(socket: Socket): void
}
