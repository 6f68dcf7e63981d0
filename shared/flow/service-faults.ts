import type { FaultAction, FaultPlace } from '../run/plan.ts'
import { parseValue } from '../limits/units.ts'
import { nearestName } from '../limits/nearest-name.ts'
import type { ParsedFault } from './faults.ts'

/**
 * Faults of a service of the flow, as they are written: `SERVICE.ACTION[=AMOUNT][@TIME]`, SERVICE being `client`, `gateway`, `proxy1`,
 * `proxy2`... (`proxy` is the first one). TIME counts from the start of the run.
 */
export interface ServiceFaultKind {
  action: FaultAction
  services: readonly Service[]
  /** What AMOUNT is; null = the action takes none. */
  amount: 'time' | 'bytes' | null
  timed: boolean
  /** A whole specification to start from. */
  example: string
  meaning: string
}
type Service = 'client' | 'gateway' | 'proxy'

const kind = (action: FaultAction, services: Service[], example: string, meaning: string, options: Partial<ServiceFaultKind> = {}): ServiceFaultKind =>
  ({ action, services, example, meaning, amount: null, timed: false, ...options })

export const serviceFaultKinds: readonly ServiceFaultKind[] = [
  kind('reuse', ['client', 'proxy'], 'client.reuse=700ms', 'The client sends an earlier request (GET /healthz), leaves the connection idle this long, and sends the run’s request on it without looking whether it was closed meanwhile: what a stale connection pool does. Meets gateway.idle and proxy.idle. Times of the run count from the earlier request. proxy1.reuse=700ms: that proxy (nginx, HAProxy) keeps its connection to upstream as well; as it looks before it sends, only a close that is under way (network.latency=150ms:gateway) meets it.', { amount: 'time' }),
  kind('stop', ['gateway', 'proxy'], 'gateway.stop@500ms', 'The service goes down (a restart, a crash): it listens no more and its connections end.', { timed: true }),
  kind('reject', ['gateway', 'proxy'], 'proxy1.reject', 'The service turns the request away by its rules: 429 from the gateway, 403 from a proxy.'),
  kind('backend_down', ['proxy'], 'proxy1.backend_down', 'The proxy holds its only backend for dead and does not even try: 502 (nginx) or 503 (HAProxy).'),
  kind('busy', ['proxy'], 'proxy1.busy=2s', 'Another request holds the proxy’s only connection to upstream this long, so this one waits in its queue, at most proxy.queue. Only HAProxy queues.', { amount: 'time' }),
  kind('bad_header', ['gateway'], 'gateway.bad_header', 'The gateway’s answer carries a header that HTTP does not allow (a blank in its name): a proxy refuses it with 502, a client takes it for no HTTP.'),
  kind('big_header', ['gateway'], 'gateway.big_header=32KB', 'The gateway’s answer carries one more header of this size. Proxies take a head of 4 KB (nginx, built in) or 15 KB (HAProxy), and refuse a larger one with 502.', { amount: 'bytes' }),
]

/** Reads one fault of a service; null where the text names none. Every refusal says how to write it. */
export function parseServiceFault(text: string): ParsedFault | null {
  const match = /^\s*(client|gateway|proxy\d{0,2})\.([a-z_-]+)(?:=([^@]*))?(?:@(.*))?\s*$/i.exec(text)
  if (!match) return null
  const service = (match[1] ?? '').toLowerCase()
  const role = service.replace(/\d+$/, '') as Service
  const action = (match[2] ?? '').toLowerCase().replaceAll('-', '_')
  const found = serviceFaultKinds.find((candidate) => candidate.action === action && candidate.services.includes(role))
  if (!found) return unknown(service, role, action)
  const name = `${service}.${found.action}`
  const hint = `write it as ${found.example}`
  const place: FaultPlace = role === 'proxy' ? `proxy${Number(service.slice('proxy'.length) || 1)}` : role
  const amount = amountOf(match[3], found, name, hint)
  if (!amount.ok) return amount
  const fault = { text: text.trim(), action: found.action, place, amount: amount.value, jitterMs: null }
  if (match[4] === undefined) return { ok: true, fault: { ...fault, atMs: null } }
  if (!found.timed) return { ok: false, problem: `${name} cannot be given a time`, hint }
  const at = parseValue(match[4], 'time')
  return at.ok ? { ok: true, fault: { ...fault, atMs: at.value } } : { ok: false, problem: `${name}, after @: ${at.problem}`, hint: at.hint }
}

function unknown(service: string, role: Service, action: string): ParsedFault {
  const known = serviceFaultKinds.filter((candidate) => candidate.services.includes(role))
  const near = nearestName(action, known.map((candidate) => candidate.action))
  return { ok: false, problem: `unknown fault: ${service}.${action}`, hint: near ? `did you mean ${service}.${near}?` : `known are ${known.map((candidate) => candidate.example.replace(/^[a-z]+\d*/, service)).join(', ')}; a limit is set with --limit` }
}

type Amount = { ok: true; value: number | null } | { ok: false; problem: string; hint: string }

function amountOf(written: string | undefined, found: ServiceFaultKind, name: string, hint: string): Amount {
  if (found.amount === null) return written === undefined ? { ok: true, value: null } : { ok: false, problem: `${name} takes no value`, hint }
  if (written === undefined) return { ok: false, problem: `${name} needs a value`, hint }
  const parsed = parseValue(written, found.amount)
  return parsed.ok ? parsed : { ok: false, problem: `${name}: ${parsed.problem}`, hint: parsed.hint }
}
