import { connect, createServer, type AddressInfo } from 'node:net'

export interface HeldPort { readonly port: number; close(): Promise<void> }

/**
 * A port on which nothing listens, and where nothing else can begin to: it is the local end of a connection of our own, so the
 * kernel answers every attempt with a reset.
 */
export async function holdRefusedPort(): Promise<HeldPort> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const accepted = new Promise<import('node:net').Socket>((resolve) => { server.once('connection', resolve) })
  const holder = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    holder.once('connect', resolve)
    holder.once('error', reject)
  })
  const other = await accepted
  for (const socket of [holder, other]) socket.on('error', () => {})
  return {
    port: holder.localPort ?? 0,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      holder.destroy()
      other.destroy()
    }),
  }
}
