import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { FlowRun } from '../flow-run.ts'
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
  const sockets = new Set<Socket>()
  const work = countWork()
  // Half-open, as Go's connections are: a client that has sent its FIN may still be answered.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serveConnection(run, options, work, handle, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    settled: work.settled,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }),
  }
}
