import { baseOf } from '../../limits/catalog.ts'
import type { EventOf } from '../../run/event.ts'
import type { LimitState, Run } from '../../run/fold-run.ts'
import type { Span } from '../../run/record.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, exactMs, formatMs, limitEvidence, limitPhrase, present, roundUp } from '../words.ts'

/**
 * A keep-alive connection that the other side closed because it was idle too long, and that the client used once more: nothing ran out
 * of time in the request itself. The gateway and the built-in proxy say when they close; nginx and HAProxy write nothing, so there the
 * end must have come as long after the last answer as their limit says.
 */
export const idleClose: Rule<Run> = {
  name: 'idle-close',
  find(run) {
    const idle = run.spans.find((span) => span.id === 'client/earlier/idle')
    if (!idle || idle.endMs === null || !run.client) return []
    const upstream = reusedUpstream(run, idle)
    if (upstream) return [upstream]
    if (run.client.complete || run.client.bytes > 0) return []
    const ended = run.connections.find((event) => event.layer === 'client' && event.by === 'peer' && event.atMs >= idle.startMs)
    const close = saidSo(run) ?? byTheClock(run, idle, ended)
    return close ? [findingOf(run, idle, ended, close)] : []
  },
}

/** A proxy that kept its connection to the gateway, and used it while the gateway’s close was on its way. */
function reusedUpstream(run: Run, idle: Span): Finding | null {
  const close = saidSo(run)
  const hop = run.plan?.proxies.length ?? 0
  if (!close?.event || close.cause !== 'gateway.idle' || hop === 0) return null
  const lost = run.connections.find((event) => event.layer === 'proxy' && event.hop === hop && event.side === 'upstream' && event.by === 'peer' && event.atMs >= idle.startMs)
  // HAProxy answers nothing then and closes on its client, which may send the request again.
  const silent = run.client !== null && !run.client.complete && run.client.bytes === 0
  if (!lost && !silent) return null
  const { limit, event } = close
  return {
    cause: 'gateway.idle', limitId: limit.id, atMs: close.atMs, confidence: lost ? 0.97 : 0.95,
    headline: `The gateway closed the idle connection after ${formatMs(limit.value ?? 0)}, just as the proxy (hop ${hop}) reused it for this request.`,
    explanation: `The ${limitPhrase(limit, limit.id)} (${limit.id}) counts between two requests.${standsInFor(limit)} The proxy keeps connections to its upstream; the close was on its way when the proxy sent the request, which was never read. ${lost ? 'So the proxy answered 502 for a gateway that is well.' : 'HAProxy then closes on its client without a word.'}`,
    evidence: present([
      eventEvidence(`${limit.id} fired at ${exactMs(event.atMs)}`, event), limitEvidence(limit),
      lost ? eventEvidence(`upstream of hop ${hop} ended with ${lost.how} ${formatMs(lost.atMs - event.atMs)} later, before a byte of the answer`, lost) : null,
    ]),
    fix: [
      `Set ${settable(limit)} to ${formatMs(roundUp((limit.value ?? 0) * 2))}`,
      'The gateway must keep an idle connection longer than the proxy does: keepalive_timeout in nginx’s upstream block, the idle timeout of a load balancer.',
      'or let the proxy send again what died on a reused connection (proxy_next_upstream error, retry-on empty-response; safe where the request is idempotent).',
    ],
    excludes: [{ cause: 'proxy.bad_gateway', why_not: 'the gateway’s own idle limit ended that connection; it broke nothing off' }],
  }
}

function standsInFor(limit: LimitState): string {
  if (baseOf(limit.id) === 'proxy.client_write') return ' It is HAProxy’s timeout client, which covers idle connections as well.'
  return limit.id === 'gateway.read' ? ' Go takes ReadTimeout for IdleTimeout where there is none.' : ''
}

/** What to set: the idle limit itself, also where the read limit stood in for it. */
function settable(limit: LimitState): string {
  return limit.id === 'gateway.read' ? 'gateway.idle' : limit.id
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
  const limit = idleLimitOf(run)
  if (!ended || !limit || limit.value === null) return null
  if (run.faults.some((fault) => fault.atMs <= ended.atMs && /stop|reset|close/.test(fault.fault))) return null
  // By the proxy's own times, or by the client's: a slow link shifts the one, a busy client the other.
  const deadlines = [limit.deadlineMs, idle.startMs + limit.value].filter((deadline) => deadline !== null)
  const late = Math.min(...deadlines.map((deadline) => ended.atMs - deadline).filter((ms) => ms > -20))
  if (late > 1000) return null
  return { cause: 'proxy.idle', limit, atMs: Math.min(ended.atMs, limit.deadlineMs ?? ended.atMs), confidence: late < 50 + limit.value * 0.05 ? 0.95 : 0.85, event: null }
}

/** What ends an idle connection at the outermost proxy: its idle limit, at HAProxy also `timeout client` (proxy.client_write) if that is shorter. */
function idleLimitOf(run: Run): LimitState | undefined {
  const names = run.plan?.proxies[0] === undefined ? [] : run.plan.proxies[0] === 'haproxy' ? ['idle', 'client_write'] : ['idle']
  const found = names.flatMap((name) => run.limits.find((limit) => limit.id === `proxy1.${name}`) ?? run.limits.find((limit) => limit.id === `proxy.${name}`) ?? [])
  return found.filter((limit) => limit.value !== null && limit.enforced && limit.notEnforced === null).toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0]
}

function findingOf(run: Run, idle: Span, ended: EventOf<'connection_ended'> | undefined, { cause, limit, atMs, confidence, event }: Close): Finding {
  const reusedMs = idle.endMs ?? atMs
  const idleMs = reusedMs - idle.startMs
  const who = cause === 'gateway.idle' ? 'The gateway' : 'The proxy (hop 1)'
  const seenMs = ended?.atMs ?? atMs
  const when = seenMs < reusedMs ? `${formatMs(reusedMs - seenMs)} later the client sent this request on it` : 'just as the client reused it'
  return {
    cause, limitId: limit.id, atMs, confidence,
    headline: `${who} closed the idle connection after ${formatMs(limit.value ?? 0)}${seenMs < reusedMs ? '; ' : ', '}${when}.`,
    explanation: `The ${limitPhrase(limit, limit.id)} (${limit.id}) counts between two requests.${standsInFor(limit)} The connection had served an earlier request and lay idle for ${formatMs(idleMs)}; the client used it again without noticing, so this request was never read and its script never started.`,
    evidence: present([
      event ? eventEvidence(`${limit.id} fired at ${exactMs(event.atMs)}`, event) : null,
      ended ? eventEvidence(`the client’s connection ended (${ended.how}) ${formatMs(seenMs - idle.startMs)} after the last answer${event ? '' : `; ${limit.id} is ${formatMs(limit.value ?? 0)}, and the proxy’s log knows nothing of this request`}`, ended) : null,
      limitEvidence(limit),
      run.client ? { kind: 'client', text: `the client saw ${run.client.error ?? run.client.ended}, no byte of an answer`, ref: `event:${run.client.seq}` } : null,
    ]),
    fix: [
      `Set ${settable(limit)} to ${formatMs(roundUp(idleMs * 1.5))}`,
      `or let the client drop connections before that: the idle limit of its pool must be below ${formatMs(limit.value ?? 0)}`,
      'or let the client send again what died on a reused connection before a byte of an answer came (safe where the request is idempotent).',
    ],
    excludes: [{ cause: 'network.closed', why_not: event ? 'the close was the limit’s, at its deadline' : 'the end came when the limit says, and no fault was in force' }],
  }
}
