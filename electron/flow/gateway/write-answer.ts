import type { Socket } from 'node:net'
import { headBytes, statusText } from '../http/headers.ts'
import type { GatewayAnswer } from './exchange.ts'

/** Bytes of an answer as Go writes it. */
export function answerBytes(answer: GatewayAnswer, keepAlive: boolean): Buffer {
  const head = headBytes(`HTTP/1.1 ${statusText(answer.status)}`, [
    ...answer.headers, ['Date', new Date().toUTCString()], ['Content-Length', String(answer.body.length)], ...(keepAlive ? [] : [['Connection', 'close'] as const]),
  ])
  return Buffer.concat([head, answer.body])
}

/** Writes an answer; `flushed` is called when the kernel has taken all of it, or with the error. */
export function writeAnswer(socket: Socket, answer: GatewayAnswer, keepAlive: boolean, flushed?: (error?: Error | null) => void): number {
  const bytes = answerBytes(answer, keepAlive)
  socket.write(bytes, flushed)
  return bytes.length
}

/** Go's plain-text errors: `400 Bad Request: missing required Host header`. */
export function plainAnswer(status: number, reason: string): GatewayAnswer {
  return { status, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(`${statusText(status)}: ${reason}`) }
}
