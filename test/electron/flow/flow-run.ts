import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { EventOf, FieldValue, LogLevel, LogSource, RunEvent, RunEventBody } from '../../../shared/run/event.ts'
import type { LimitSetting, RunPlan } from '../../../shared/run/plan.ts'
import { baseUnitOf, parseValue } from '../../../shared/limits/units.ts'
import { limitKindOf } from '../../../shared/limits/catalog.ts'
import { parseFault } from '../../../shared/flow/faults.ts'
import { createRunClock } from '../../../electron/flow/clock.ts'
import { createFlowRun, type FlowRun } from '../../../electron/flow/flow-run.ts'

export interface LogLine { source: LogSource; level: LogLevel; message: string; fields: Record<string, FieldValue> }
export interface TestRun extends FlowRun {
  events: RunEvent[]
  lines: LogLine[]
  of<T extends RunEventBody['type']>(type: T): EventOf<T>[]
  /** The one event of this type; throws when there is none. */
  the<T extends RunEventBody['type']>(type: T): EventOf<T>
  said(message: string | RegExp): LogLine[]
  fired(): string[]
}

/** A run with real clock and timers that keeps its facts in memory. */
export function testRun(limits: Record<string, string> = {}): TestRun {
  const events: RunEvent[] = []
  const lines: LogLine[] = []
  const clock = createRunClock()
  const run = createFlowRun({
    clock,
    emit(body, atMs) {
      const event: RunEvent = { ...body, seq: events.length, atMs: atMs ?? clock.nowMs() }
      events.push(event)
      return event
    },
    log(source, level, message, fields = {}) { lines.push({ source, level, message, fields }) },
    limits: Object.entries(limits).map(([id, text]) => settingOf(id, text)),
  })
  const of = <T extends RunEventBody['type']>(type: T) => events.filter((event): event is EventOf<T> => event.type === type)
  return {
    ...run, events, lines, of,
    the(type) {
      const [first] = of(type)
      if (!first) throw new Error(`no ${type} among ${events.map((event) => event.type).join(', ')}`)
      return first
    },
    said: (message) => lines.filter((line) => (typeof message === 'string' ? line.message === message : message.test(line.message))),
    fired: () => of('limit_fired').map((event) => event.limitId),
  }
}

function settingOf(id: string, text: string): LimitSetting {
  const kind = limitKindOf(id)
  const parsed = kind && parseValue(text, kind.kind)
  if (!parsed?.ok) throw new Error(`bad limit in a test: ${id}=${text}`)
  return { id, value: parsed.value, unit: baseUnitOf[kind?.kind ?? 'time'], origin: 'this run', enforced: true }
}

export function flowPlan(parts: { proxies?: RunPlan['proxies']; faults?: string[]; propagateCancel?: boolean } = {}): Pick<RunPlan, 'proxies' | 'faults' | 'propagateCancel'> {
  const faults = (parts.faults ?? []).map((text) => {
    const parsed = parseFault(text)
    if (!parsed.ok) throw new Error(parsed.problem)
    return parsed.fault
  })
  return { proxies: parts.proxies ?? [], faults, propagateCancel: parts.propagateCancel ?? true }
}

/** A raw TCP server on 127.0.0.1 for tests; `serve` gets every connection. */
export async function tcpServer(serve: (socket: Socket) => void): Promise<{ port: number; connections: Socket[]; close(): Promise<void> }> {
  const connections: Socket[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    connections.push(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    port: (server.address() as AddressInfo).port, connections,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of connections) socket.destroy()
    }),
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms) })
}

/** What a raw TCP client saw. */
export interface Probe {
  socket: Socket
  /** Everything received so far, as latin1 text. */
  text(): string
  send(text: string | Buffer): void
  /** Settles with how it ended: the peer's FIN, its reset, or our own close. */
  ended: Promise<'fin' | 'rst' | 'closed'>
  /** Settles when the text received matches. */
  until(pattern: RegExp): Promise<string>
}

export function probe(port: number): Probe {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  let text = ''
  const watchers = new Set<() => void>()
  const ended = new Promise<'fin' | 'rst' | 'closed'>((resolve) => {
    socket.on('end', () => resolve('fin'))
    socket.on('error', () => resolve('rst'))
    socket.on('close', () => resolve('closed'))
  })
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
    for (const look of watchers) look()
  })
  return {
    socket, ended, text: () => text,
    send: (bytes) => { socket.write(bytes) },
    until: (pattern) => new Promise((resolve, reject) => {
      const look = () => { if (pattern.test(text)) { watchers.delete(look); resolve(text) } }
      watchers.add(look)
      socket.on('close', () => reject(new Error(`closed before ${pattern} came, got: ${text.slice(0, 300)}`)))
      look()
    }),
  }
}

export const postRequest = (body = '{}', more = ''): string => `POST /transform HTTP/1.1\r\nHost: test\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`

/** Sockets, servers and child processes that keep this process awake, by kind. */
export function openHandles(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) if (/TCP|UDP|Process/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
