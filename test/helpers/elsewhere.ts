import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** Another place, which a page must not reach: one port, for TCP and UDP, that notes whatever comes. */
export interface Elsewhere {
  readonly where: Where
  /** What came: the first line of each connection (empty where nothing was sent), `udp` for a datagram. */
  visits(): string[]
  close(): void
}
/** Addresses of that place, as pages name them. */
export interface Where { http: string; ws: string; host: string; port: number }

export async function openElsewhere(host = '127.0.0.1'): Promise<Elsewhere> {
  const seen: { said: string }[] = []
  const tcp = createServer((socket) => {
    const visit = { said: '' }
    seen.push(visit)
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      visit.said = String(data).split('\r\n')[0] ?? ''
      socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/html\r\nContent-Length: 24\r\nConnection: close\r\n\r\n<title>elsewhere</title>')
    })
  })
  const { port, udp } = await bindBoth(tcp, host)
  udp.on('message', () => { seen.push({ said: 'udp' }) })
  return {
    where: { http: `http://${host}:${port}/`, ws: `ws://${host}:${port}/`, host, port },
    visits: () => seen.map(({ said }) => said),
    close() {
      tcp.close()
      udp.close()
    },
  }
}

/** A port that is free for TCP may be in use for UDP: then another one is taken. */
async function bindBoth(tcp: Server, host: string): Promise<{ port: number; udp: Socket }> {
  for (;;) {
    await once(tcp.listen(0, host), 'listening')
    const { port } = tcp.address() as { port: number }
    const udp = createSocket('udp4')
    try {
      await once(udp.bind(port, host), 'listening')
      return { port, udp }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      udp.close()
      await once(tcp.close(), 'close')
    }
  }
}
