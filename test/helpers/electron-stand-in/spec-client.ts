import { WebSocket, WebSocketServer, type RawData } from 'ws'

/** What a debugger that comes later would take out of the stand-in's hands: new pages that wait, and where downloads go. */
const keptHere = new Set(['Runtime.runIfWaitingForDebugger', 'Browser.setDownloadBehavior'])

interface Command { id: number; method: string; sessionId?: string; params?: Record<string, unknown> }

/**
 * A second way to the browser, for the spec, on which the stand-in stays the one that decides. Resolves with the address, on loopback.
 */
export async function serveSpecClient(browserAddress: () => string): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await new Promise<void>((resolve) => { server.once('listening', () => resolve()) })
  server.on('connection', (spec) => joinToBrowser(spec, new WebSocket(browserAddress(), { perMessageDeflate: false })))
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}/`
}

function joinToBrowser(spec: WebSocket, browser: WebSocket): void {
  const early: string[] = []
  const toBrowser = (text: string) => { if (browser.readyState === WebSocket.OPEN) browser.send(text); else early.push(text) }
  browser.on('open', () => { for (const text of early.splice(0)) browser.send(text) })
  browser.on('message', (data) => spec.send(String(data)))
  spec.on('message', (data) => {
    const command = JSON.parse(textOf(data)) as Command
    if (keptHere.has(command.method)) spec.send(JSON.stringify({ id: command.id, sessionId: command.sessionId, result: {} }))
    else if (command.method === 'Target.setAutoAttach') toBrowser(JSON.stringify({ ...command, params: { ...command.params, waitForDebuggerOnStart: false } }))
    else toBrowser(textOf(data))
  })
  // Either end goes with the other.
  for (const [one, other] of [[spec, browser], [browser, spec]] as const) one.on('close', () => other.close()).on('error', () => other.close())
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : String(data)
}
