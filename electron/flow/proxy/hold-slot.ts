import { connect } from 'node:net'
import type { FlowRun } from '../flow-run.ts'
import { headBytes } from '../http/headers.ts'

/** Somebody else's request: what the logs say of it is not told as the run's. The gateway answers it by itself. */
export const otherRequestPath = '/healthz?another-request'

export interface HeldSlot {
  /** Ends the request and frees the slot; settles when it was answered, or soon after. */
  release(): Promise<void>
}

/** A body that trickles keeps every limit between two reads or writes from ending the request that holds the slot. */
const trickleMs = 25
const answerWithinMs = 300

/**
 * Holds a proxy's connection to upstream, as a slow upload of somebody else would: a request whose chunked body does not end until
 * `untilMs` of the run. Settles when the proxy has been sent the request: whoever connects later comes second.
 */
export async function holdSlot(run: FlowRun, port: number, hop: number, busy: { untilMs: number; text: string }): Promise<HeldSlot> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  socket.on('error', () => {})
  socket.resume()
  const answered = new Promise<void>((resolve) => {
    socket.once('data', () => resolve())
    socket.once('close', () => resolve())
  })
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve)
    socket.once('close', () => resolve())
  })
  await new Promise<void>((resolve) => { socket.write(headBytes(`GET ${otherRequestPath} HTTP/1.1`, [['Host', 'another-client'], ['Connection', 'close'], ['Transfer-Encoding', 'chunked']]), () => resolve()) })
  run.emit({ type: 'fault_injected', fault: busy.text, action: 'another request took the only connection to upstream', place: `proxy${hop}` })
  run.log('proxy', 'info', 'another request holds the only connection to upstream', { hop, fault: busy.text })
  const trickle = setInterval(() => { if (socket.writable) socket.write('1\r\n.\r\n') }, trickleMs)
  let released: Promise<void> | null = null
  const release = (): Promise<void> => (released ??= end())
  const end = async () => {
    clearInterval(trickle)
    timer.cancel()
    let late: NodeJS.Timeout | undefined
    if (socket.writable) socket.write('0\r\n\r\n')
    await Promise.race([answered, new Promise<void>((resolve) => { late = setTimeout(resolve, answerWithinMs) })])
    clearTimeout(late)
    socket.destroy()
  }
  const timer = run.clock.at(busy.untilMs, () => {
    run.log('proxy', 'info', 'the other request is over, the connection to upstream is free', { hop })
    void release()
  })
  return { release }
}
