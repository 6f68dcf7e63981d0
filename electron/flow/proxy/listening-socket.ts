import { createServer, type AddressInfo } from 'node:net'

/** A socket of ours that listens on 127.0.0.1, to be handed to a child process: no port can be lost between choosing and using it. */
export interface ListeningSocket {
  readonly port: number
  /** Its descriptor, for the child's `stdio`. */
  readonly fd: number
  /** Gives our copy back. To be called right after the child was started: as long as we hold it, we might be the one who accepts. */
  release(): Promise<void>
}

export async function openListeningSocket(): Promise<ListeningSocket> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0, backlog: 128 }, resolve)
  })
  // Node has no public way to a server's descriptor; this one is what its own cluster module uses. POSIX only.
  const fd = (server as unknown as { _handle: { fd?: number } | null })._handle?.fd
  if (fd === undefined || fd < 0) {
    server.close()
    throw new Error('this platform cannot hand a listening socket to another program')
  }
  return { port: (server.address() as AddressInfo).port, fd, release: () => new Promise((resolve) => { server.close(() => resolve()) }) }
}
