import type { FaultAction, FaultPlace } from '../run/plan.ts'
import { parseValue } from '../limits/units.ts'
import { nearestName } from '../limits/nearest-name.ts'
import type { ParsedFault } from './faults.ts'

/**
 * Faults of a service of the flow, as they are written: `SERVICE.ACTION[@TIME]`, SERVICE being `gateway`, `proxy1`, `proxy2`...
 * (`proxy` is the first one). TIME counts from the start of the run.
 */
export interface ServiceFaultKind { action: FaultAction; service: 'gateway' | 'proxy' | 'both'; timed: boolean; example: string; meaning: string }

export const serviceFaultKinds: readonly ServiceFaultKind[] = [
  { action: 'stop', service: 'both', timed: true, example: 'gateway.stop@500ms', meaning: 'The service goes down (a restart, a crash): it listens no more and its connections end.' },
  { action: 'reject', service: 'both', timed: false, example: 'proxy1.reject', meaning: 'The service turns the request away by its rules: 429 from the gateway, 403 from a proxy.' },
  { action: 'backend_down', service: 'proxy', timed: false, example: 'proxy1.backend_down', meaning: 'The proxy holds its only backend for dead and does not even try: 502 (nginx) or 503 (HAProxy).' },
]

/** Reads one fault of a service; null where the text names none. */
export function parseServiceFault(text: string): ParsedFault | null {
  const match = /^\s*(gateway|proxy\d{0,2})\.([a-z_-]+)(?:@(.*))?\s*$/i.exec(text)
  if (!match) return null
  const service = (match[1] ?? '').toLowerCase()
  const action = (match[2] ?? '').toLowerCase().replaceAll('-', '_')
  const kind = serviceFaultKinds.find((candidate) => candidate.action === action)
  if (!kind || (kind.service === 'proxy' && service === 'gateway')) {
    const near = nearestName(action, serviceFaultKinds.map((candidate) => candidate.action))
    return { ok: false, problem: `unknown fault: ${service}.${action}`, hint: near && !kind ? `did you mean ${service}.${near}?` : `known are ${serviceFaultKinds.map((candidate) => candidate.example).join(', ')}` }
  }
  const place: FaultPlace = service === 'gateway' ? 'gateway' : `proxy${Number(service.slice('proxy'.length) || 1)}`
  const fault = { text: text.trim(), action: kind.action, place, amount: null, jitterMs: null }
  if (match[3] === undefined) return { ok: true, fault: { ...fault, atMs: null } }
  if (!kind.timed) return { ok: false, problem: `${service}.${action} cannot be given a time`, hint: `write it as ${kind.example}` }
  const at = parseValue(match[3], 'time')
  return at.ok ? { ok: true, fault: { ...fault, atMs: at.value } } : { ok: false, problem: `${service}.${action}, after @: ${at.problem}`, hint: at.hint }
}
