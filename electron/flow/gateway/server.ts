import type { FlowRun } from '../flow-run.ts'
import { listenOnLoopback } from '../loopback-server.ts'
import { countWork } from '../work-count.ts'
import { serveConnection } from './connection.ts'
import type { Handle } from './exchange.ts'

export interface Gateway {
  readonly port: number
  /** Settles when no request is in hand and nothing runs for one any more. */
  settled(): Promise<void>
  /** Ends every connection and stops listening; settles when all of it is closed. */
  close(): Promise<void>
}

export interface GatewayOptions {
  /** Does a client that leaves cancel the request's context? */
  propagateCancel: boolean
  /** Id of the span of the hop in front. */
  parentSpanId: string
}

/**
 * The API gateway's HTTP server on 127.0.0.1, with the semantics of Go's `net/http`. Rejects only where no port can be had.
 */
export async function startGateway(run: FlowRun, options: GatewayOptions, handle: Handle): Promise<Gateway> {
  const work = countWork()
  const server = await listenOnLoopback((socket) => serveConnection(run, options, work, handle, socket))
  return { port: server.port, settled: work.settled, close: server.close }
}
