import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, present } from '../words.ts'

/** Statuses by which a server turns a request away by rule: none of them says that time ran out or that something broke. */
const byRule = new Set([401, 403, 405, 413, 414, 429, 431])

/** A proxy or the gateway answered by itself: turned the request away, or had no server to send it to. */
export const refusals: Rule<Run> = {
  name: 'refusals',
  find: (run) => [...run.proxyLogs.flatMap((log) => fromProxyLog(run, log)), ...fromGateway(run)],
}

function fromGateway(run: Run): Finding[] {
  const answer = run.answers.find((event) => event.layer === 'gateway' && byRule.has(event.status))
  if (!answer) return []
  return [refusal(run, 'gateway.rejected', answer, `The gateway turned the request away with ${answer.status}: ${answer.reason}.`, 'Look at the gateway’s own rules: rate limits, sizes, permissions.')]
}

function fromProxyLog(run: Run, log: EventOf<'proxy_log'>): Finding[] {
  const phrase = String(log.fields.phrase ?? '')
  // To HAProxy a server whose name does not resolve is one that is down; where the name is the fault, it is the cause.
  const unresolved = run.faults.some((fault) => fault.action === 'dns')
  if (/no live upstreams/.test(phrase) || (log.product === 'haproxy' && !unresolved && /\/<NOSRV> .* SC[-A-Z]{2} /.test(log.line))) {
    return [refusal(run, 'proxy.backend_down', log, `The proxy (hop ${log.hop}) had no server it holds for alive, and did not try any.`, 'Look at its health checks: why was the backend taken down?')]
  }
  if (log.kind !== 'access') return []
  const status = Number(log.fields.status)
  const alone = log.product === 'haproxy' ? / PR[-A-Z]{2} /.test(log.line) : (log.fields.upstream_status ?? null) === null || log.fields.upstream_status === '-'
  if (!byRule.has(status) || !alone) return []
  return [refusal(run, 'proxy.rejected', log, `The proxy (hop ${log.hop}) turned the request away with ${status}, by a rule of its own.`, 'Look at the proxy’s access rules, size and rate limits.')]
}

function refusal(run: Run, cause: Cause, event: { seq: number; atMs: number } & ({ line: string } | { reason: string }), headline: string, fix: string): Finding {
  return {
    // A log line is read a moment after the answer it tells of.
    cause, limitId: null, atMs: Math.min(event.atMs, run.client?.atMs ?? event.atMs), confidence: 0.95, headline,
    explanation: 'Nothing ran out of time: the answer was made before the request went any further.',
    evidence: present([eventEvidence('line' in event ? event.line.slice(0, 240) : event.reason, event)]), fix: [fix],
  }
}
