import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, lineEvidence, present, scriptDoing } from '../words.ts'

/**
 * What a proxy met upstream, other than one of its own limits: refused, broken off, nobody there. A 502 only tells that the next hop broke;
 * if something behind it acted earlier, that is the cause and this its consequence.
 */
export const proxyAnswers: Rule<Run> = {
  name: 'proxy-answers',
  find: (run) => run.connections.filter((event) => event.layer === 'proxy' && event.side === 'upstream' && event.by === 'peer' && !event.complete).flatMap((event) => findingOf(run, event)),
}

function findingOf(run: Run, event: EventOf<'connection_ended'>): Finding[] {
  const clientLeft = run.connections.find((other) => other.layer === 'proxy' && other.hop === event.hop && other.side === 'downstream' && other.by === 'peer')
  if (clientLeft && clientLeft.atMs <= event.atMs) return []
  const [cause, words] = readingOf(event)
  const log = run.proxyLogs.find((line) => line.hop === event.hop && line.kind === 'error')
  return [{
    // Who broke it off, and why, is behind this hop and not seen from here.
    cause, limitId: null, atMs: event.atMs, confidence: cause === 'proxy.refused' ? 0.9 : 0.85, weak: true,
    headline: `The proxy (hop ${event.hop}) ${words} at ${formatMs(event.atMs)}, while ${scriptDoing(run, event.atMs)}.`,
    explanation: 'The proxy answered for an upstream that broke off; no limit of the proxy had passed.',
    evidence: present([
      eventEvidence(`upstream of hop ${event.hop} ended with ${event.how}${event.error ? ` (${event.error})` : ''}`, event),
      log ? lineEvidence(log) : null,
    ]),
    fix: ['Look at the hop behind this proxy: it ended the connection.'],
  }]
}

function readingOf(event: EventOf<'connection_ended'>): [Cause, string] {
  if (event.how === 'refused' || event.how === 'unreachable') return ['proxy.refused', 'was refused by its upstream']
  return ['proxy.bad_gateway', event.how === 'rst' ? 'was reset by its upstream' : 'lost its upstream before the answer was whole']
}
