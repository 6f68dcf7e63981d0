import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'

/** Where a proxy sends its log: a syslog socket on 127.0.0.1. Lines arrive in the order they were written. */
export interface LogSocket {
  readonly port: number
  /** To be set as the program's syslog tag: lines without it are somebody else's and are dropped. */
  readonly tag: string
  close(): Promise<void>
}

/** `onLine` gets the message without syslog's own prefix. */
export async function openLogSocket(onLine: (line: string) => void): Promise<LogSocket> {
  const tag = `cutoff${randomBytes(6).toString('hex')}`
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  const mark = new RegExp(`^<\\d{1,3}>.*?\\b${tag}(?:\\[\\d+\\])?: ?`, 's')
  socket.on('message', (message) => {
    const text = message.toString('utf8')
    const line = text.replace(mark, '')
    if (line !== text) onLine(line.trimEnd())
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', resolve)
  })
  return { port: socket.address().port, tag, close: () => new Promise((resolve) => { socket.close(() => resolve()) }) }
}
