import type { Socket } from 'node:net'

/** How long Go reads on after its last word (rstAvoidanceDelay), so that a client still sending gets the answer and not a reset. */
const rstAvoidanceMs = 500

/** Ends a connection whose client may still be sending: closing with unread bytes would reset it before the last answer is read. */
export function lingerThenClose(socket: Socket): void {
  socket.end()
  const timer = setTimeout(() => socket.destroy(), rstAvoidanceMs)
  socket.once('end', () => socket.destroy())
  socket.once('close', () => clearTimeout(timer))
}
