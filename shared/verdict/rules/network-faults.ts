import type { EventOf } from '../../run/event.ts'
import type { FaultAction, FaultPlan } from '../../run/plan.ts'
import type { Run } from '../../run/fold-run.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Rule } from '../finding.ts'
import { eventEvidence, formatMs, present, scriptDoing, stackEvidence } from '../words.ts'
import { counted } from '../../text/counted.ts'

/**
 * What the relay did to the connection. It reports when it acts on traffic, not when it was armed: a black hole that had
 * nothing to swallow before a limit fired has cut nothing yet. Latency and bandwidth slow down; they never cut by themselves.
 */
export const networkFaults: Rule<Run> = {
  name: 'network-faults',
  find: (run) => run.faults.flatMap((fault) => findingOf(run, fault)),
}

const causeOf: Partial<Record<FaultAction, Cause>> = {
  reset: 'network.reset', blackhole: 'network.blackhole', close: 'network.closed', close_midbody: 'network.closed', slow_close: 'network.closed',
  refuse: 'network.refused', idle_drop: 'network.idle_drop', garbage: 'network.protocol', dns: 'network.dns',
}

/** What happened; `@` stands for the place. */
const what: Partial<Record<FaultAction, string>> = {
  reset: 'The network reset the connection @', blackhole: 'The network swallowed what was sent @', close: 'The network closed the connection @', close_midbody: 'The network closed the connection @ in the middle of the answer',
  slow_close: 'The network went quiet and then closed the connection @: it went quiet', refuse: 'The connection was refused @', idle_drop: 'The network forgot the idle connection @', garbage: 'What came over the network @ was not HTTP', dns: 'The name could not be resolved',
}

function findingOf(run: Run, event: EventOf<'fault_injected'>): Finding[] {
  const plan = run.plan?.faults.find((fault) => fault.text === event.fault)
  const action = (plan?.action ?? event.action) as FaultAction
  const cause = action === 'stop' ? (event.place === 'gateway' ? 'gateway.stopped' : 'proxy.stopped') : causeOf[action]
  if (!cause) return []
  return [{
    cause, limitId: null, atMs: event.atMs, confidence: 0.97,
    headline: `${action === 'stop' ? `${serviceName(event.place)} went down and ended its connections` : what[action]?.replace('@', placePhrase(event.place))} at ${formatMs(event.atMs)}, while ${scriptDoing(run, event.atMs)}.`,
    explanation: `The fault ${event.fault} was asked for in this run${plan ? faultTiming(plan) : ''}. No limit of yours was involved.`,
    evidence: present([eventEvidence(action === 'stop' ? `${event.fault}: ${serviceName(event.place).replace('The', 'the')} was stopped` : `${event.fault}: ${event.action} ${placePhrase(event.place)}`, event), clientEvidence(run), stackEvidence(run, event.atMs)]),
    fix: [`Run without ${event.fault} to see the flow undisturbed.`, fixOf[cause] ?? 'Look at what stands between these two hops: firewall, load balancer, NAT.'],
  }]
}

function clientEvidence(run: Run) {
  return run.client ? { kind: 'client' as const, text: `the client saw ${run.client.error ?? run.client.ended} after ${counted(run.client.bytes, 'byte')}`, ref: `event:${run.client.seq}` } : null
}

function serviceName(place: string): string {
  return place === 'gateway' ? 'The gateway' : `The proxy (hop ${place.replace('proxy', '')})`
}

function faultTiming(plan: FaultPlan): string {
  return plan.atMs === null ? '' : `, ${formatMs(plan.atMs)} into the ${plan.action === 'stop' ? 'run' : 'connection'}`
}

function placePhrase(place: string): string {
  return place === 'client' ? 'right behind the client' : place === 'gateway' ? 'in front of the gateway' : `in front of ${place}`
}

const fixOf: Partial<Record<Cause, string>> = {
  'network.blackhole': 'Nothing answers for a black hole but a limit of your own: give the client client.first_byte, and use TCP keep-alive.',
  'network.idle_drop': 'Send something more often than the middle box forgets: TCP keep-alive, or a streamed answer.',
  'gateway.stopped': 'Look for a deployment, a crash or a failed health check at that time, and let it finish what is under way before it stops.',
  'proxy.stopped': 'Look for a restart or a reload of the proxy at that time, and let it finish what is under way before it stops.',
  'network.dns': 'Ask the resolver from where the failing hop runs: getent hosts NAME, or nslookup; look at search domains and the name in the hop’s configuration.',
  'network.refused': 'Look whether anything listens there: ss -ltn on the target, the port in the hop’s configuration, a service without ready endpoints.',
  'network.protocol': 'Look what really listens there, with curl -v --raw: another port, TLS where plain HTTP is spoken or the reverse, a middle box that answers.',
  'network.reset': 'A reset in mid-flight is safe to repeat only where the request is idempotent.',
}
