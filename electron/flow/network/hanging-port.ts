import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { HeldPort } from './refused-port.ts'

/**
 * A listener that never accepts: it lives in a thread that sleeps for good once it listens, and its queue (backlog 1) is filled
 * by connections of our own. Linux and macOS then drop further SYNs without an answer, which is what a full queue of a real
 * server does. Windows answers with a reset instead: there the picture is that of a refused connection.
 */
export async function holdHangingPort(): Promise<HeldPort> {
  const wake = new SharedArrayBuffer(4)
  const worker = new Worker(listener, { eval: true, workerData: wake })
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  const fillers = await fillQueue(port)
  return {
    port,
    async close() {
      for (const socket of fillers) socket.destroy()
      Atomics.store(new Int32Array(wake), 0, 1)
      Atomics.notify(new Int32Array(wake), 0)
      await worker.terminate()
    },
  }
}

const listener = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const server = createServer()
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  Atomics.wait(new Int32Array(workerData), 0, 0)
  server.close()
})
`

/** Nothing on loopback takes this long to be accepted into a queue with room. */
const queueFullMs = 100
const mostFillers = 16

/** Connects until an attempt stays unanswered. */
async function fillQueue(port: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < mostFillers) {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    const connected = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), queueFullMs)
      const settle = (value: boolean) => () => { clearTimeout(timer); resolve(value) }
      socket.once('connect', settle(true))
      socket.on('error', settle(false))
    })
    if (!connected) break
  }
  return sockets
}
