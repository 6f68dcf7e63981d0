import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { UsageError } from './cli/usage-error.ts'
import { mostBridgeBytes } from '../../shared/bridge/contract.ts'
import type { EnginePort } from './engine-port.ts'
import { addressesOf } from './web/addresses.ts'
import { joinSocket } from './web/bridge-socket.ts'
import { answerRequest, hasSession, type WebSite } from './web/request-handler.ts'
import { createWindowsHere } from './web/windows-here.ts'
import { createSessions } from './web/sessions.ts'

export interface WebHost {
  /** The address with its one-time token: opens the screen in one browser, once. */
  readonly url: string
  readonly port: number
  /** Another address, for another browser. */
  newUrl(): string
  /** Ends every connection; the engine stays its owner's. */
  close(): Promise<void>
}

/** The built screen of this checkout or package. */
export function builtScreen(): string {
  return join(import.meta.dirname, '../../out/renderer')
}

/**
 * Serves the screen to browsers on this machine: 127.0.0.1 only, for who holds the one-time link, under strict headers.
 * Throws a UsageError where the port is taken or not allowed, or the screen has not been built.
 */
export async function serveWeb({ engine, port = 0, rendererDir = builtScreen() }: { engine: EnginePort; port?: number; rendererDir?: string }): Promise<WebHost> {
  if (!existsSync(join(rendererDir, 'index.html'))) {
    throw new UsageError('screen_not_built', 'The screen has not been built.', { hint: 'run `npm run build` first', where: rendererDir })
  }
  // A request line and headers of a browser fit into 16 KiB (Node's default); a slow one is cut off by Node's own 60 s.
  const server = createServer()
  const bound = await listen(server, port)
  const site: WebSite = { port: bound, rendererDir, addresses: addressesOf(bound), sessions: createSessions() }
  const windows = createWindowsHere()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBridgeBytes, perMessageDeflate: false, clientTracking: true })

  server.on('request', (request, response) => { void answerRequest(request, response, site) })
  server.on('upgrade', (request, socket, head) => {
    const refused = !site.addresses.isOurHost(request.headers.host) ? 421
      : request.url !== '/bridge' ? 404
        : !site.addresses.isOurOrigin(request.headers.origin, request.headers.host) || !hasSession(request, site) ? 403 : null
    if (refused !== null) { refuseUpgrade(socket, refused); return }
    sockets.handleUpgrade(request, socket, head, (webSocket) => joinSocket(webSocket, engine, windows))
  })
  server.on('clientError', (_, socket) => socket.destroy())

  const newUrl = () => `http://127.0.0.1:${bound}/?token=${site.sessions.newToken()}`
  return { url: newUrl(), port: bound, newUrl, close: () => closeAll(server, sockets) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new UsageError('port_in_use', `Port ${port} of 127.0.0.1 is in use by another program.`, { hint: 'choose another with --port, or leave --port out for a free one', where: `--port ${port}` })
    case 'EACCES': return new UsageError('port_not_allowed', `Port ${port} needs administrator rights.`, { hint: 'choose a port above 1023', where: `--port ${port}` })
    default: return error
  }
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
