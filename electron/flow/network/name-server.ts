import { createSocket } from 'node:dgram'
import type { HeldPort } from './refused-port.ts'

/** The name that is asked for: `.invalid` never exists (RFC 2606). */
export const unknownHost = 'upstream.cutoff.invalid'

/** A name server on 127.0.0.1 that knows no name: every question is answered with NXDOMAIN. */
export async function startEmptyNameServer(): Promise<HeldPort> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    if (question.length < 12) return
    const answer = Buffer.from(question)
    // QR, opcode and RD as asked, RA; RCODE 3 = the name does not exist (RFC 1035, section 4.1.1). No answer records follow.
    answer[2] = ((question[2] ?? 0) & 0x79) | 0x84
    answer[3] = 0x83
    answer.fill(0, 6, 12)
    socket.send(answer.subarray(0, endOfQuestion(question)), from.port, from.address)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', resolve)
  })
  return { port: socket.address().port, close: () => new Promise((resolve) => { socket.close(() => resolve()) }) }
}

/** Questions may carry more records (EDNS); only the question itself is given back. */
function endOfQuestion(question: Buffer): number {
  let at = 12
  while (at < question.length && question[at] !== 0) at += (question[at] ?? 0) + 1
  return Math.min(question.length, at + 5)
}
