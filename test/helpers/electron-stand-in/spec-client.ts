import { WebSocket, WebSocketServer, type RawData } from 'ws'

interface Command { id: number; method: string; sessionId?: string; params?: Record<string, unknown> }

/**
 * A second way to the browser, for the spec. New pages pause until the stand-in has decided what becomes of them; a debugger that
 * comes later would let them go on by itself, so its wishes about pausing stay here. Resolves with the address, on loopback.
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
    const command = withoutPauses(JSON.parse(textOf(data)) as Command)
    if (command === null) return
    toBrowser(JSON.stringify(command))
  })
  // Either end goes with the other.
  for (const [one, other] of [[spec, browser], [browser, spec]] as const) one.on('close', () => other.close()).on('error', () => other.close())

  function withoutPauses(command: Command): Command | null {
    if (command.method === 'Target.setAutoAttach') return { ...command, params: { ...command.params, waitForDebuggerOnStart: false } }
    if (command.method !== 'Runtime.runIfWaitingForDebugger') return command
    spec.send(JSON.stringify({ id: command.id, sessionId: command.sessionId, result: {} }))
    return null
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : String(data)
}
