import type { EventOf, FieldValue, LogLevel, SpanStatus } from '../../../shared/run/event.ts'
import { reportConnectFault } from '../endpoint.ts'
import type { FlowRun } from '../flow-run.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import type { ProxyPlace } from './running-proxy.ts'

/** What one line of a proxy's log proves. */
export type ProxyFact =
  | { kind: 'limit'; name: string; action: string }
  | { kind: 'upstream_ended'; how: EventOf<'connection_ended'>['how']; error: string }
  | { kind: 'client_left' }
  | { kind: 'cut_client'; how: 'fin' | 'timeout'; error: string }
  | { kind: 'answered'; status: number; reason: string }
  /** No connection to upstream came about. */
  | { kind: 'connect_failed' }

/** One line, read. */
export interface ReadLine {
  kind: 'access' | 'error'
  level: LogLevel
  line: string
  fields: Record<string, FieldValue>
  facts: ProxyFact[]
}

/** Parts of a request as the access line tells them, in ms from the request's first byte (nginx) or accept (HAProxy). */
export interface RequestTimes {
  startMs: number
  endMs: number
  /** When it was put into the proxy's queue; null = it never had to wait. */
  queuedMs?: number | null
  /** When the connection to upstream was begun and made, and when its first byte came; null = not reached. */
  connectMs: number | null
  connectedMs: number | null
  firstByteMs: number | null
  outcome: SpanStatus
  /** The request before the run's own on a kept connection. */
  earlier: boolean
}

/** Is this the request line of the earlier request of a kept connection (see client/kept-connection.ts)? */
export function isEarlier(request: string | null): boolean {
  return /^GET \/healthz /.test(request ?? '')
}

export function emitLine(run: FlowRun, product: 'nginx' | 'haproxy', place: ProxyPlace, line: ReadLine): void {
  run.log('proxy', line.level, line.line, { hop: place.hop, product })
  run.emit({ type: 'proxy_log', hop: place.hop, product, kind: line.kind, line: line.line, fields: line.fields })
}

/** Facts as events, at the instant the proxy did it. */
export function emitFacts(run: FlowRun, place: ProxyPlace, facts: readonly ProxyFact[], atMs: number): void {
  const { emit } = run
  const limits = limitsOfLayer(run, `proxy${place.hop}`)
  for (const fact of facts) {
    switch (fact.kind) {
      case 'limit': emit({ type: 'limit_fired', limitId: limits.idOf(fact.name), effect: 'acted', passedAtMs: atMs, action: fact.action }, atMs); break
      case 'upstream_ended': emit({ type: 'connection_ended', layer: 'proxy', hop: place.hop, side: 'upstream', by: 'peer', how: fact.how, bytes: 0, complete: false, error: fact.error }, atMs); break
      case 'client_left': emit({ type: 'connection_ended', layer: 'proxy', hop: place.hop, side: 'downstream', by: 'peer', how: 'fin', bytes: 0, complete: true, error: null }, atMs); break
      case 'cut_client': emit({ type: 'connection_ended', layer: 'proxy', hop: place.hop, side: 'downstream', by: 'self', how: fact.how, bytes: 0, complete: false, error: fact.error }, atMs); break
      case 'answered': emit({ type: 'answered', layer: 'proxy', hop: place.hop, status: fact.status, reason: fact.reason }, atMs); break
      case 'connect_failed': reportConnectFault(emit, place.upstream, atMs); break
    }
  }
}

/** The hop's spans and the deadlines that counted, drawn afterwards from the proxy's own times. */
export function emitTimes(run: FlowRun, product: string, place: ProxyPlace, times: RequestTimes): void {
  const { emit, spans } = run
  const limits = limitsOfLayer(run, `proxy${place.hop}`)
  const of = times.earlier ? '/earlier' : ''
  const whole = spans.start(`proxy${place.hop}${of}`, 'proxy', `${product}, hop ${place.hop}`, `${place.parentSpanId}${of}`, times.startMs)
  const marks: [string, number | null][] = [['request', times.startMs], ['queue', times.queuedMs ?? null], ['connect', times.connectMs], ['waiting for upstream', times.connectedMs], ['reading the answer', times.firstByteMs]]
  const reached = marks.filter((mark): mark is [string, number] => mark[1] !== null)
  for (const [index, [name, from]] of reached.entries()) {
    const next = reached[index + 1]
    spans.start(`${whole.id}/${name.split(' ')[0]}`, 'proxy', name === 'request' ? 'reading the request' : name, whole.id, from).end(next ? 'ok' : times.outcome, next ? next[1] : times.endMs)
  }
  whole.end(times.outcome, times.endMs)
  const idleMs = limits.valueOf('idle')
  if (idleMs !== null) emit(times.earlier ? { type: 'limit_armed', limitId: limits.idOf('idle'), deadlineMs: times.endMs + idleMs } : { type: 'limit_disarmed', limitId: limits.idOf('idle') }, times.earlier ? times.endMs : times.startMs)
  if (times.earlier) return
  const counted: [string, number | null][] = [['queue', times.queuedMs ?? null], ['connect', times.connectMs], ['read', times.firstByteMs ?? times.connectedMs]]
  for (const [name, fromMs] of counted) {
    const value = limits.valueOf(name)
    if (value === null || fromMs === null) continue
    emit({ type: 'limit_armed', limitId: limits.idOf(name), deadlineMs: fromMs + value }, fromMs)
  }
}
