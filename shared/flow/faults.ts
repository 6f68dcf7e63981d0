import type { FaultAction, FaultPlan, FaultPlace } from '../run/plan.ts'
import { nearestName } from '../limits/nearest-name.ts'
import { parseValue } from '../limits/units.ts'
import { parseServiceFault, serviceFaultKinds } from './service-faults.ts'

/**
 * Faults of the network, as they are written:
 *
 *     network.ACTION[=AMOUNT[±JITTER]][@TIME][:PLACE]
 *
 * AMOUNT carries its unit (`+-` may stand for `±`). TIME counts from the moment the relay accepted the connection; without
 * it the fault is there from the start. PLACE is the link in front of that layer: `client` (right behind the client, the
 * default), `proxy1`, `proxy2`..., `gateway`.
 */
export interface FaultKind {
  action: FaultAction
  /** What AMOUNT is; null = the action takes none. */
  amount: 'time' | 'rate' | 'bytes' | null
  amountNeeded: boolean
  jitter: boolean
  /** May TIME be given? A connection that was refused has no later. */
  timed: boolean
  /** A whole specification to start from. */
  example: string
  /** One plain sentence: what happens on the wire. */
  meaning: string
}

const kind = (action: FaultAction, amount: FaultKind['amount'], example: string, meaning: string, options: Partial<FaultKind> = {}): FaultKind =>
  ({ action, amount, amountNeeded: amount !== null, jitter: false, timed: true, example, meaning, ...options })

/** Every fault of a link. */
export const faultKinds: readonly FaultKind[] = [
  kind('latency', 'time', 'network.latency=300ms±50ms', 'Everything passes this much later, in each direction.', { jitter: true }),
  kind('bandwidth', 'rate', 'network.bandwidth=10KB/s', 'No more than this many bytes pass per second, in each direction.'),
  kind('reset', null, 'network.reset@500ms', 'Both sides get a TCP reset (RST).'),
  kind('blackhole', null, 'network.blackhole@500ms', 'What is sent from then on vanishes, FIN included; both connections look alive.'),
  kind('close', null, 'network.close@500ms', 'Both sides get a clean close (FIN).'),
  kind('close_midbody', 'bytes', 'network.close_midbody=100B', 'The connection is closed after this many bytes of the answer’s body.', { timed: false }),
  kind('slow_close', 'time', 'network.slow_close=2s', 'The end of a connection (FIN) is passed on this much later; with @TIME the link itself goes quiet then, and closes this much later.'),
  kind('refuse', null, 'network.refuse', 'Nothing listens: the connection is refused.', { timed: false }),
  kind('connect_hang', null, 'network.connect_hang', 'The connection is neither accepted nor refused: the listen queue is full, its packets are dropped.', { timed: false }),
  kind('idle_drop', 'time', 'network.idle_drop=1s', 'A connection that was silent this long is forgotten, as by a stateful firewall: what comes later vanishes.', { timed: false }),
  kind('garbage', null, 'network.garbage', 'Bytes that are not HTTP take the place of the answer.'),
  kind('dns', null, 'network.dns', 'The name of the next hop does not resolve (NXDOMAIN).', { timed: false }),
]

/** Every fault there is, of links and of services, in the words people see: what `cutoff limits` prints and the screen offers. */
export const faultTable: readonly { action: FaultAction; example: string; meaning: string }[] = [...faultKinds, ...serviceFaultKinds]

export const faultForm = 'network.ACTION[=AMOUNT][@TIME][:PLACE]'

export type ParsedFault = { ok: true; fault: FaultPlan } | { ok: false; problem: string; hint: string }

/** Reads one fault, such as `network.latency=300ms±50ms:proxy1`. Pure; every refusal says how to write it. */
export function parseFault(text: string): ParsedFault {
  const service = parseServiceFault(text)
  if (service) return service
  const match = /^\s*network\.([a-z_-]+)(?:=([^@:]*))?(?:@([^@:=]*))?(?::([^@:=]*))?\s*$/i.exec(text)
  if (!match) return refuse(text, /^\s*network\./i.test(text) ? `"${text}" is not a fault` : `"${text}" is not a fault: faults start with "network." (a link) or a service: client, gateway, proxy1`)
  const action = (match[1] ?? '').toLowerCase().replaceAll('-', '_')
  const found = faultKinds.find((candidate) => candidate.action === action)
  if (!found) {
    const near = nearestName(action, faultKinds.map((candidate) => candidate.action))
    return { ok: false, problem: `unknown fault: network.${action}`, hint: near ? `did you mean network.${near}?` : `known are ${faultKinds.map((candidate) => candidate.action).join(', ')}` }
  }
  const amount = amountOf(match[2], found)
  if (!amount.ok) return amount
  const at = timeOf(match[3], found)
  if (!at.ok) return at
  const place = (match[4] ?? 'client').trim().toLowerCase()
  if (!isPlace(place)) return { ok: false, problem: `"${place}" is no place in the flow`, hint: 'places are client, proxy1, proxy2 ... and gateway' }
  return { ok: true, fault: { text: text.trim(), action: found.action, place, atMs: at.value, amount: amount.value, jitterMs: amount.jitterMs } }
}

type Amount = { ok: true; value: number | null; jitterMs: number | null } | { ok: false; problem: string; hint: string }

function amountOf(written: string | undefined, found: FaultKind): Amount {
  const hint = `write it as ${found.example}`
  if (written === undefined) return found.amountNeeded ? { ok: false, problem: `network.${found.action} needs a value`, hint } : { ok: true, value: null, jitterMs: null }
  if (found.amount === null) return { ok: false, problem: `network.${found.action} takes no value`, hint: `${hint}; a time comes after @` }
  const [first = '', second, ...more] = written.split(/±|\+-|\+\/-/)
  if (more.length > 0) return { ok: false, problem: `"${written}" has more than one ±`, hint }
  if (second !== undefined && !found.jitter) return { ok: false, problem: `network.${found.action} takes no ±`, hint }
  const rate = found.amount === 'rate'
  if (rate && !/\/s\s*$/i.test(first)) return { ok: false, problem: `"${written}" is no rate`, hint }
  const parsed = parseValue(rate ? first.replace(/\/s\s*$/i, '') : first, found.amount === 'time' ? 'time' : 'bytes')
  // Zero bytes let through is a case of its own: the headers pass, the body does not.
  if (!parsed.ok) return found.action === 'close_midbody' && /^\s*0\s*b\s*$/i.test(first) ? { ok: true, value: 0, jitterMs: null } : { ok: false, problem: `network.${found.action}: ${parsed.problem}`, hint: parsed.hint }
  if (second === undefined) return { ok: true, value: parsed.value, jitterMs: null }
  const jitter = parseValue(second, 'time')
  if (!jitter.ok) return { ok: false, problem: `network.${found.action}, after ±: ${jitter.problem}`, hint: jitter.hint }
  if (jitter.value > parsed.value) return { ok: false, problem: `±${second.trim()} is more than the latency itself`, hint: 'nothing can arrive before it was sent' }
  return { ok: true, value: parsed.value, jitterMs: jitter.value }
}

type Time = { ok: true; value: number | null } | { ok: false; problem: string; hint: string }

function timeOf(written: string | undefined, found: FaultKind): Time {
  if (written === undefined) return { ok: true, value: null }
  if (!found.timed) return { ok: false, problem: `network.${found.action} cannot be given a time`, hint: `write it as ${found.example}` }
  if (/^\s*0\s*(us|µs|ms|s|m|h)\s*$/i.test(written)) return { ok: true, value: 0 }
  const parsed = parseValue(written, 'time')
  return parsed.ok ? parsed : { ok: false, problem: `network.${found.action}, after @: ${parsed.problem}`, hint: isPlace(written.trim().toLowerCase()) ? `a place comes after a colon: ${found.example}:${written.trim()}` : parsed.hint }
}

/** Is this a place where a fault can be? Whether that proxy exists is the plan's business. */
export function isPlace(place: string): place is FaultPlace {
  return place === 'client' || place === 'gateway' || /^proxy[1-9]\d?$/.test(place)
}

function refuse(text: string, problem: string): ParsedFault {
  const near = nearestName(text.replace(/[=@:±].*$/s, '').replace(/^.*\./s, ''), faultKinds.map((candidate) => candidate.action))
  const example = faultKinds.find((candidate) => candidate.action === near)?.example
  return { ok: false, problem, hint: `write it as ${faultForm}, for example ${example ?? 'network.reset@500ms'}` }
}
