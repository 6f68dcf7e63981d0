import type { WebSocket } from 'ws'
import { answerCall, type EnginePort } from '../engine-port.ts'
import type { WindowsHere } from './windows-here.ts'
import { createPushQueue, mostWaitingEvents } from './push-queue.ts'

/** Bytes that may wait in the socket before pushes are held back and merged. */
const enoughBuffered = 1024 ** 2
/** Calls of one screen that may be under way at once. */
const mostCalls = 256
const drainEveryMs = 20

/** WebSocket close codes (RFC 6455, 7.4.1). */
const notUnderstood = 1007
const tooSlow = 1013

/**
 * Joins one screen's WebSocket to the engine. The screen sends `{ id, call, args }`, gets `{ id, ok }` or `{ id, error }`, and
 * pushes as `{ push, value }`. What is no such message closes the socket: it does not come from a screen of ours.
 */
export function joinSocket(socket: WebSocket, shared: EnginePort, windows: WindowsHere): void {
  const { engine, left } = windows.join(shared)
  const queue = createPushQueue()
  let timer: NodeJS.Timeout | null = null
  let callsUnderWay = 0

  const sendWaiting = () => {
    timer = null
    if (socket.readyState !== socket.OPEN) return
    if (queue.waitingEvents > mostWaitingEvents) { socket.close(tooSlow, 'this screen reads too slowly'); return }
    if (socket.bufferedAmount > enoughBuffered) { timer = setTimeout(sendWaiting, drainEveryMs); return }
    for (const push of queue.takeAll()) socket.send(JSON.stringify(push))
  }
  const stopPushes = engine.onPush((push) => {
    queue.add(push)
    if (timer === null) sendWaiting()
  })

  socket.on('message', async (data, isBinary) => {
    const message = isBinary ? null : messageOf(String(data))
    if (message === null) { socket.close(notUnderstood, 'this is no message of the bridge'); return }
    const busy = { error: { code: 'busy', message: `${mostCalls} calls are under way already.`, hint: 'Wait for their answers.', where: null } }
    if (callsUnderWay >= mostCalls) { socket.send(JSON.stringify({ id: message.id, ...busy })); return }
    callsUnderWay++
    const answer = await answerCall(engine, message.call, message.args)
    callsUnderWay--
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ id: message.id, ...answer }))
  })
  // `close` follows every error and does the tidying.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    left()
    stopPushes()
    if (timer) clearTimeout(timer)
  })
}

function messageOf(text: string): { id: number; call: unknown; args: unknown } | null {
  try {
    const message: unknown = JSON.parse(text)
    if (typeof message !== 'object' || message === null || !('id' in message) || typeof message.id !== 'number') return null
    return { id: message.id, call: 'call' in message ? message.call : undefined, args: 'args' in message ? message.args : undefined }
  } catch {
    return null
  }
}
