import type { Socket } from 'node:net'
import { connectTo, type Endpoint } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import { hasToken, headBytes } from '../http/headers.ts'
import { MalformedMessage } from '../http/head.ts'
import { readResponse } from '../http/message-reader.ts'
import { limitsOfLayer } from '../limit-timers.ts'

/** A connection from the client's pool: one request was answered on it, then it lay idle. */
export interface KeptConnection {
  socket: Socket
  /** How the other side ended it meanwhile; null = as far as is known here, it is alive. */
  closed: 'fin' | 'rst' | null
}

/** Where the earlier request goes: the gateway answers it by itself, so the connector never hears of it. */
const earlierPath = '/healthz'
/** An earlier request that is not answered leaves no connection to keep; without a limit of the client it is given up after this. */
const longestEarlierMs = 5000

/**
 * What lies behind a request on a kept-alive connection:
 *
 *     connect, earlier request, answer      the other side may close here      the run's own request
 *       |-------- client/earlier --------|------------ client/earlier/idle ------------|--- client ---
 *
 * The client is one with a stale pool: it does not look at the connection before it uses it again. Settles with null where no connection
 * could be kept (not answered, or answered with `Connection: close`): the request then needs a new one.
 */
export async function keepConnection(run: FlowRun, to: Endpoint, reuse: { idleMs: number; fault: string }, stop?: AbortSignal): Promise<KeptConnection | null> {
  const { emit, log, spans } = run
  spans.setMark('earlier')
  const whole = spans.start('client', 'client', 'earlier request and idle connection', null)
  const socket = connectTo(to, { allowHalfOpen: true })
  try {
    const problem = await earlierRequest(run, socket, to, stop)
    spans.setMark(null)
    if (problem !== null) {
      log('client', 'warn', `no connection could be kept, opening a new one: ${problem}`)
      socket.destroy()
      return null
    }
    const idle = spans.start('client/earlier/idle', 'client', 'connection idle', 'client/earlier')
    log('client', 'debug', 'keeping the connection for the next request', { idle_ms: reuse.idleMs })
    const closed = await stayIdle(run, socket, reuse.idleMs, stop)
    idle.end(closed ? 'cut' : 'ok')
    if (stop?.aborted) return { socket, closed }
    emit({ type: 'fault_injected', fault: reuse.fault, action: 'sent the request on a connection that had been idle', place: 'client' })
    log('client', 'info', 'reusing the kept connection', { idle_ms: reuse.idleMs })
    return { socket, closed }
  } finally {
    spans.setMark(null)
    whole.end('ok')
  }
}

/** Connects and has one request answered. Settles with what keeps the connection from being used again; null = nothing. */
function earlierRequest(run: FlowRun, socket: Socket, to: Endpoint, stop?: AbortSignal): Promise<string | null> {
  const limits = limitsOfLayer(run, 'client')
  const patienceMs = Math.min(...['connect', 'first_byte', 'total'].map((name) => limits.valueOf(name) ?? longestEarlierMs))
  return new Promise((resolve) => {
    let mayKeep = false
    const reader = readResponse('GET', {
      head(head) { mayKeep = head.version !== '1.0' && !hasToken(head.headers, 'connection', 'close') },
      body() {},
      end: () => done(mayKeep ? null : 'the answer said "Connection: close"'),
    })
    const listeners = {
      connect: () => { socket.write(headBytes(`GET ${earlierPath} HTTP/1.1`, [['Host', `${to.host}:${to.port}`], ['User-Agent', 'cutoff']])) },
      data(bytes: Buffer) {
        try {
          reader.push(bytes)
        } catch (error) {
          if (!(error instanceof MalformedMessage)) throw error
          done(`the answer is not HTTP: ${error.message}`)
        }
      },
      end: () => done('the connection was closed'),
      error: (error: Error) => done(error.message),
    }
    const timer = run.clock.after(patienceMs, () => done(`no answer to the earlier request within ${patienceMs} ms`))
    const stopped = () => done('stopped')
    const done = (problem: string | null) => {
      timer.cancel()
      stop?.removeEventListener('abort', stopped)
      for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener)
      // A socket that is thrown away may still tell an error.
      if (problem !== null) socket.on('error', () => {})
      resolve(problem)
    }
    if (stop?.aborted) stopped()
    else stop?.addEventListener('abort', stopped, { once: true })
    for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener)
  })
}

/** Waits, and notes how the other side ended the connection meanwhile, as a capture on this machine would show it. */
function stayIdle({ clock, emit, log }: FlowRun, socket: Socket, idleMs: number, stop?: AbortSignal): Promise<KeptConnection['closed']> {
  return new Promise((resolve) => {
    let closed: KeptConnection['closed'] = null
    const ended = (how: 'fin' | 'rst') => () => {
      if (closed === null) {
        emit({ type: 'connection_ended', layer: 'client', hop: 0, side: 'upstream', by: 'peer', how, bytes: 0, complete: true, error: 'the idle connection was closed' })
        log('client', 'debug', 'the idle connection was closed by the other side', { how })
      }
      closed = how
    }
    const [end, error] = [ended('fin'), ended('rst')]
    const done = () => {
      timer.cancel()
      stop?.removeEventListener('abort', done)
      socket.off('end', end)
      if (closed !== 'rst') socket.off('error', error)
      resolve(closed)
    }
    const timer = clock.after(idleMs, done)
    stop?.addEventListener('abort', done, { once: true })
    socket.on('end', end)
    socket.on('error', error)
    // What was taken off must not stop the stream: unread, its end would never be told.
    socket.resume()
  })
}
