import { createServer, type AddressInfo, type Socket } from 'node:net'

export interface LoopbackServer {
  readonly port: number
  /** Has a socket that belongs to this server's work (an upstream connection, say) closed with it. */
  keep(socket: Socket): void
  /** Destroys every connection and stops listening; settles when all of them have told that they are closed. */
  close(): Promise<void>
}

/**
 * A TCP server on a free port of 127.0.0.1. Connections are half-open, as those of every server copied here: a peer that has sent its
 * FIN may still be answered. Rejects where no port can be had.
 */
export async function listenOnLoopback(serve: (socket: Socket) => void): Promise<LoopbackServer> {
  const sockets = new Set<Socket>()
  /** One function for all sockets, not one for each: what a server adds to a connection is measured. */
  function forget(this: Socket) {
    sockets.delete(this)
    // A closed socket is held by its native handle until the next full garbage collection. What listened to it need not be.
    this.removeAllListeners()
  }
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', forget)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    keep(socket)
    serve(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    keep,
    async close() {
      const stopped = new Promise<void>((resolve) => { server.close(() => resolve()) })
      // Listeners are called in order: this one after those of the layer.
      const closed = [...sockets].map((socket) => new Promise<void>((resolve) => { socket.on('close', () => resolve()) }))
      for (const socket of sockets) socket.destroy()
      await Promise.all([stopped, ...closed])
    },
  }
}
