import type { FieldValue } from '../../../shared/run/event.ts'
import type { ProxyFact, ReadLine } from './log-facts.ts'

/** A line of HAProxy's HTTP log, with its timers in ms (null = -1, not reached). */
export interface HaproxyLine extends ReadLine {
  request: string
  status: number
  /** Termination state: the first two of its four letters. */
  state: string
  /** Wall clock of the request's first byte, ms since 1970, local time as HAProxy writes it. */
  startEpochMs: number
  timers: { request: number | null; queue: number | null; connect: number | null; response: number | null; total: number }
}

const form = /^(\S+) \[([^\]]+)\] (\S+) (\S+)\/(\S+) (-?\d+)\/(-?\d+)\/(-?\d+)\/(-?\d+)\/\+?(\d+) (-?\d+) \+?(\d+) \S+ \S+ (\S{4}) \S+ \S+ (?:\{[^}]*\} )*"(.*)"$/s

/** Reads one line; null for what is not of the HTTP log (notices, start-up). Source: HAProxy's configuration manual, section 8.2.3 and 8.5. */
export function parseHaproxyLine(line: string): HaproxyLine | null {
  const match = form.exec(line)
  if (!match) return null
  const [, , accepted = '', , , server = '', tq = '-1', tw = '-1', tc = '-1', tr = '-1', ta = '0', code = '0', bytes = '0', states = '----', request = ''] = match
  const state = states.slice(0, 2)
  const status = Math.max(0, Number(code))
  const reached = (text: string) => (text.startsWith('-') ? null : Number(text))
  const timers = { request: reached(tq), queue: reached(tw), connect: reached(tc), response: reached(tr), total: Number(ta) }
  const fields: Record<string, FieldValue> = {
    status, bytes_sent: Number(bytes), termination: states, server, Tq: timers.request, Tw: timers.queue, Tc: timers.connect, Tr: timers.response, Ta: timers.total,
  }
  return {
    kind: 'access', level: state === '--' && status < 500 ? 'info' : 'warn', line, fields, facts: factsOf(state, status, server, request),
    request, status, state, startEpochMs: epochOf(accepted), timers,
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `23/Nov/2026:16:53:05.423`, in the machine's time zone. */
function epochOf(text: string): number {
  const match = /^(\d+)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)\.(\d{3})$/.exec(text)
  if (!match) return Number.NaN
  const [, day, month = '', year, hour, minute, second, ms] = match
  return new Date(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second), Number(ms)).getTime()
}

/**
 * First letter: who ended it (`s` server limit, `S` server, `c` client limit, `C` client, `P` proxy); second: where (`R` request,
 * `Q` queue, `C` connect, `H` response header, `D` data).
 */
function factsOf(state: string, status: number, server: string, request: string): ProxyFact[] {
  const reason = `termination state ${state}`
  const answered: ProxyFact = { kind: 'answered', status, reason }
  const cut = (how: 'fin' | 'timeout'): ProxyFact => ({ kind: 'cut_client', how, error: reason })
  switch (state) {
    case 'sH': return [{ kind: 'limit', name: 'read', action: 'answered 504' }, answered]
    case 'sD': return [{ kind: 'limit', name: 'read', action: 'broke the answer off' }, cut('fin')]
    case 'sC': return [{ kind: 'limit', name: 'connect', action: 'answered 503' }, { kind: 'connect_failed' }, answered]
    case 'sQ': return [{ kind: 'limit', name: 'queue', action: 'answered 503' }, answered]
    case 'SC': return [{ kind: 'connect_failed' }, { kind: 'upstream_ended', how: server === '<NOSRV>' ? 'unreachable' : 'refused', error: reason }, answered]
    case 'SH': case 'PH': return [{ kind: 'upstream_ended', how: 'fin', error: reason }, answered]
    case 'SD': case 'PD': return [{ kind: 'upstream_ended', how: 'fin', error: reason }, cut('fin')]
    case 'CR': case 'CQ': case 'CC': case 'CH': case 'CD': return [{ kind: 'client_left' }]
    // A request that was read so far that it has a name stalled in its body.
    case 'cR': return [{ kind: 'limit', name: request === '<BADREQ>' ? 'client_header' : 'client_body', action: 'answered 408' }, answered]
    case 'cH': return [{ kind: 'limit', name: 'client_body', action: 'closed the connection' }, cut('timeout')]
    case 'cD': return [{ kind: 'limit', name: 'client_write', action: 'closed the connection' }, cut('timeout')]
    case 'PR': return [answered]
    default: return []
  }
}
