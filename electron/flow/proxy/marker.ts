import { connect } from 'node:net'

/** A proxy whose event loop does not answer within this time has something else to do: the run does not wait for its log any longer. */
const longestWaitMs = 300

/**
 * Sends a request the proxy answers by itself and waits for its line in the log (`seen`): what happened before it has been
 * logged and read by then. Gives up quietly.
 */
export async function passMarker(port: number, path: string, seen: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, longestWaitMs) })
  const noted = seen()
  const probe = openProbe(port, path)
  await Promise.race([noted, late])
  clearTimeout(timer)
  probe.close()
}

/** Settles when the proxy answers at all. The listening socket is ours, so the question waits in its queue until somebody accepts. */
export async function whenAnswering(port: number, path: string): Promise<void> {
  const probe = openProbe(port, path)
  await probe.answered
  probe.close()
}

function openProbe(port: number, path: string): { answered: Promise<void>; close(): void } {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: marker\r\nConnection: close\r\n\r\n`)
  const answered = new Promise<void>((resolve) => { socket.once('data', () => resolve()) })
  return { answered, close: () => { socket.destroy() } }
}
