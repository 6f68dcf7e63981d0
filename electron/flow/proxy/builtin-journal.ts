import type { FieldValue, LogLevel, SpanStatus } from '../../../shared/run/event.ts'
import type { FlowRun } from '../flow-run.ts'
import type { RequestHead } from '../http/head.ts'
import type { OpenSpan } from '../spans.ts'
import type { ProxyPlace } from './running-proxy.ts'

/** What the built-in proxy keeps of one request, in the terms of nginx's two logs, with the span of the hop. */
export interface Journal {
  request(head: RequestHead): void
  /** Ends the running phase and begins the next: `connect`, `waiting`... */
  phase(name: string): void
  /** A line of the error log. */
  error(level: LogLevel, phrase: string, fields?: Record<string, FieldValue>): void
  /** What upstream did, for the access line. */
  upstream(facts: { status?: number; connectMs?: number; headerMs?: number }): void
  /** Writes the access line and ends the spans. Counts once. */
  end(status: number, bytesSent: number, outcome: SpanStatus): void
}

export function openJournal(run: FlowRun, place: ProxyPlace, startedMs: number): Journal {
  const { clock, emit, log, spans } = run
  const whole = spans.start(`proxy${place.hop}`, 'proxy', `built-in proxy, hop ${place.hop}`, place.parentSpanId, startedMs)
  let phase: OpenSpan | null = spans.start(`${whole.id}/request`, 'proxy', 'reading the request', whole.id, startedMs)
  let request = '-'
  let upstreamFromMs: number | null = null
  const facts: { status?: number; connectMs?: number; headerMs?: number } = {}
  let over = false
  const seconds = (ms: number | undefined) => (ms === undefined ? '-' : (ms / 1000).toFixed(3))
  return {
    request(head) { request = `${head.method} ${head.target} HTTP/${head.version}` },
    phase(name) {
      phase?.end('ok')
      upstreamFromMs ??= clock.nowMs()
      phase = spans.start(`${whole.id}/${name.split(' ')[0]}`, 'proxy', name, whole.id)
    },
    error(level, phrase, fields = {}) {
      log('proxy', level, phrase, { hop: place.hop, ...fields })
      emit({ type: 'proxy_log', hop: place.hop, product: 'builtin', kind: 'error', line: `[${level}] ${phrase}, request: "${request}", upstream: "127.0.0.1:${place.upstream.port}"`, fields: { phrase } })
    },
    upstream(more) { Object.assign(facts, more) },
    end(status, bytesSent, outcome) {
      if (over) return
      over = true
      const now = clock.nowMs()
      phase?.end(outcome)
      phase = null
      whole.end(outcome)
      const upstreamMs = upstreamFromMs === null ? undefined : now - upstreamFromMs
      const line = `127.0.0.1 "${request}" ${status} ${bytesSent} rt=${seconds(now - startedMs)} uct="${seconds(facts.connectMs)}" uht="${seconds(facts.headerMs)}" urt="${seconds(upstreamMs)}" us="${facts.status ?? '-'}"`
      log('proxy', status >= 500 || status === 499 || status === 408 ? 'warn' : 'info', line, { hop: place.hop, status })
      emit({
        type: 'proxy_log', hop: place.hop, product: 'builtin', kind: 'access', line,
        fields: {
          status, bytes_sent: bytesSent, request_ms: now - startedMs, upstream_status: facts.status ?? null,
          upstream_connect_ms: facts.connectMs ?? null, upstream_header_ms: facts.headerMs ?? null, upstream_response_ms: upstreamMs ?? null,
        },
      })
    },
  }
}
