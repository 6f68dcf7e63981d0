import type { EventOf } from '../../run/event.ts'
import type { LimitState, Run } from '../../run/fold-run.ts'
import type { Span } from '../../run/record.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, limitEvidence, limitPhrase, present, roundUp } from '../words.ts'

/**
 * A keep-alive connection that the other side closed because it was idle too long, and that the client used once more: nothing ran out
 * of time in the request itself. The gateway and the built-in proxy say when they close; nginx and HAProxy write nothing, so there the
 * end must have come as long after the last answer as their limit says.
 */
export const idleClose: Rule<Run> = {
  name: 'idle-close',
  find(run) {
    const idle = run.spans.find((span) => span.id === 'client/earlier/idle')
    if (!idle || idle.endMs === null || !run.client || run.client.complete || run.client.bytes > 0) return []
    const ended = run.connections.find((event) => event.layer === 'client' && event.by === 'peer' && event.atMs >= idle.startMs)
    const close = saidSo(run) ?? byTheClock(run, idle, ended)
    return close ? [findingOf(run, idle, ended, close)] : []
  },
}

/** Did this limit close a connection that lay idle? Then it has cut nothing by itself. */
export function closedIdle(limit: LimitState): boolean {
  return limit.fired !== null && /idle connection/.test(limit.fired.action)
}

interface Close { cause: Cause; limit: LimitState; atMs: number; confidence: number; event: EventOf<'limit_fired'> | null }

function saidSo(run: Run): Close | null {
  const limit = run.limits.find(closedIdle)
  if (!limit?.fired) return null
  return { cause: limit.id.startsWith('proxy') ? 'proxy.idle' : 'gateway.idle', limit, atMs: limit.fired.atMs, confidence: 0.98, event: limit.fired }
}

/** The proxy next to the client is the only one that can have closed it, unless a fault did. */
function byTheClock(run: Run, idle: Span, ended: EventOf<'connection_ended'> | undefined): Close | null {
  const limit = run.limits.find((candidate) => candidate.id === 'proxy1.idle') ?? run.limits.find((candidate) => candidate.id === 'proxy.idle')
  if (!ended || !limit || limit.value === null || !limit.enforced || limit.notEnforced !== null || (run.plan?.proxies.length ?? 0) === 0) return null
  if (run.faults.some((fault) => fault.atMs <= ended.atMs && /stop|reset|close/.test(fault.fault))) return null
  // By the proxy's own times, or by the client's: a slow link shifts the one, a busy client the other.
  const deadlines = [limit.deadlineMs, idle.startMs + limit.value].filter((deadline) => deadline !== null)
  const late = Math.min(...deadlines.map((deadline) => ended.atMs - deadline).filter((ms) => ms > -20))
  if (late > 1000) return null
  return { cause: 'proxy.idle', limit, atMs: ended.atMs, confidence: late < 50 + limit.value * 0.05 ? 0.95 : 0.85, event: null }
}

function findingOf(run: Run, idle: Span, ended: EventOf<'connection_ended'> | undefined, { cause, limit, atMs, confidence, event }: Close): Finding {
  const reusedMs = idle.endMs ?? atMs
  const idleMs = reusedMs - idle.startMs
  const who = cause === 'gateway.idle' ? 'The gateway' : 'The proxy (hop 1)'
  const seenMs = ended?.atMs ?? atMs
  const when = seenMs < reusedMs ? `${formatMs(reusedMs - seenMs)} later the client sent this request on it` : 'just as the client reused it'
  const standsIn = limit.id === 'gateway.read' ? ' Go takes ReadTimeout for IdleTimeout where there is none.' : ''
  return {
    cause, limitId: limit.id, atMs, confidence,
    headline: `${who} closed the idle connection after ${formatMs(limit.value ?? 0)}${seenMs < reusedMs ? '; ' : ', '}${when}.`,
    explanation: `The ${limitPhrase(limit, limit.id)} (${limit.id}) counts between two requests.${standsIn} The connection had served an earlier request and lay idle for ${formatMs(idleMs)}; the client used it again without noticing, so this request was never read and its script never started.`,
    evidence: present([
      event ? eventEvidence(`${limit.id} fired at ${event.atMs.toFixed(1)} ms`, event) : null,
      ended ? eventEvidence(`the client’s connection ended (${ended.how}) ${formatMs(seenMs - idle.startMs)} after the last answer${event ? '' : `; ${limit.id} is ${formatMs(limit.value ?? 0)}, and the proxy’s log knows nothing of this request`}`, ended) : null,
      limitEvidence(limit),
      run.client ? { kind: 'client', text: `the client saw ${run.client.error ?? run.client.ended}, no byte of an answer`, ref: `event:${run.client.seq}` } : null,
    ]),
    fix: [
      `Set ${limit.id === 'gateway.read' ? 'gateway.idle' : limit.id} to ${formatMs(roundUp(idleMs * 1.5))}`,
      `or let the client drop connections before that: the idle limit of its pool must be below ${formatMs(limit.value ?? 0)}`,
      'or let the client send again what died on a reused connection before a byte of an answer came (safe where the request is idempotent).',
    ],
    excludes: [{ cause: 'network.closed', why_not: event ? 'the close was the limit’s, at its deadline' : 'the end came when the limit says, and no fault was in force' }],
  }
}
