import { formatMs } from '../../limits/units.ts'
import { serviceFaultActions, type FaultAction, type FaultPlan } from '../../run/plan.ts'
import { impossibleFaults } from '../impossible-faults.ts'
import { roomAbove, setTo, type Active, type Lint, type LintedPlan } from './lint.ts'

/** Faults that cannot be, that never come to act, and what they do to a connection that is left idle. */
export function faultLints(active: readonly Active[], plan: LintedPlan): Lint[] {
  const faults = plan.faults ?? []
  const impossible = impossibleFaults({ faults, proxies: plan.proxies })
  const placed = faults.filter((fault) => !impossible.some((other) => other.fault === fault))
  return [
    ...impossible.map(({ fault, problem, hint }): Lint => ({ id: `impossible:${fault.text}`, severity: 'warning', limitIds: [], title: `${problem}:`, text: `this flow cannot be run. ${capital(hint)}.`, fix: null })),
    ...neverAct(placed, active, plan), ...latencyAlone(placed, active), ...staleConnection(active, plan),
  ]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function neverAct(faults: readonly FaultPlan[], active: readonly Active[], plan: LintedPlan): Lint[] {
  const total = active.find((limit) => limit.id === 'client.total')
  return faults.flatMap((fault, index): Lint[] => {
    const because = (text: string): Lint[] => [{ id: `never-acts:${index}:${fault.text}`, severity: 'warning', limitIds: [], title: `${fault.text} never acts:`, text, fix: null }]
    const others = faults.filter((other) => other !== fault)
    if (faults.findIndex((other) => other.text === fault.text) < index) return because('it is asked for twice.')
    const wall = others.find((other) => hides(other, fault, faults, plan))
    if (wall) return because(`${wall.text} lets nothing get that far.`)
    const end = others.find((other) => endsBefore(other, fault, plan))
    if (end) return because(`${end.text} has ended that connection by then.`)
    if (total && fault.atMs !== null && fault.atMs >= total.value) return because(`client.total ends the request at ${formatMs(total.value)}.`)
    return []
  })
}

/** How far in a request meets it: link and service in turn, the link behind the client first. */
function depthOf({ place, action }: FaultPlan, plan: LintedPlan): number {
  const hop = place === 'gateway' ? plan.proxies.length : place === 'client' ? 0 : Number(place.slice('proxy'.length)) - 1
  return hop * 2 + (serviceFaultActions.includes(action) ? 1 : 0)
}

/** On a link the first in this order counts (electron/flow/network/start-link.ts), at a service the one that was asked for first. */
const blocking: readonly FaultAction[] = ['dns', 'refuse', 'connect_hang']
const answering: readonly FaultAction[] = ['reject', 'backend_down', 'bad_header', 'big_header']

/** Does nothing that `fault` could act on get past `other`? */
function hides(other: FaultPlan, fault: FaultPlan, faults: readonly FaultPlan[], plan: LintedPlan): boolean {
  if (fault.action === 'stop' || fault.action === 'reuse') return false
  const further = depthOf(fault, plan) - depthOf(other, plan)
  if (further !== 0) return further > 0 && (blocking.includes(other.action) || other.action === 'reject' || other.action === 'backend_down')
  if (blocking.includes(other.action)) return !blocking.includes(fault.action) || blocking.indexOf(other.action) < blocking.indexOf(fault.action)
  return answering.includes(other.action) && answering.includes(fault.action) && faults.indexOf(other) < faults.indexOf(fault)
}

/** Is the connection that `fault` would act on over by then? */
function endsBefore(other: FaultPlan, fault: FaultPlan, plan: LintedPlan): boolean {
  return (other.action === 'reset' || other.action === 'close') && depthOf(other, plan) === depthOf(fault, plan) && fault.atMs !== null && (other.atMs ?? 0) < fault.atMs
}

/** Request and answer each pay the latency of every link: that alone may be more than the client waits. */
function latencyAlone(faults: readonly FaultPlan[], active: readonly Active[]): Lint[] {
  const slow = faults.filter((fault) => fault.action === 'latency' && fault.atMs === null)
  const least = 2 * slow.reduce((sum, fault) => sum + (fault.amount ?? 0) - (fault.jitterMs ?? 0), 0)
  const limit = active.filter((candidate) => candidate.id === 'client.total' || candidate.id === 'client.first_byte').toSorted((a, b) => a.value - b.value)[0]
  if (!limit || least < limit.value) return []
  return [{
    id: `latency-above:${limit.id}`, severity: 'warning', limitIds: [limit.id],
    title: `${slow.map((fault) => fault.text).join(' and ')} alone ${slow.length > 1 ? 'take' : 'takes'} ${formatMs(least)}, there and back:`, text: `${limit.id} ${formatMs(limit.value)} ends every request, whatever the script does.`, fix: setTo(limit, roomAbove(least)),
  }]
}

/** A client that leaves its connection idle longer than the server next to it keeps it. */
function staleConnection(active: readonly Active[], plan: LintedPlan): Lint[] {
  const idleMs = plan.faults?.find((fault) => fault.action === 'reuse')?.amount
  if (idleMs == null) return []
  const ids = plan.proxies.length > 0 ? ['proxy1.idle', 'proxy.idle'] : ['gateway.idle', 'gateway.read']
  const limit = ids.map((id) => active.find((candidate) => candidate.id === id)).find((candidate) => candidate !== undefined)
  if (!limit || limit.value > idleMs) return []
  return [{
    id: `stale-connection:${limit.id}`, severity: 'warning', limitIds: [limit.id],
    title: `${limit.id} ${formatMs(limit.value)} passes while the client leaves its connection idle for ${formatMs(idleMs)}.`,
    text: `The request is sent on a connection that is closed by then: an empty reply, whatever the script does.${limit.id === 'gateway.read' ? ' Go takes ReadTimeout for IdleTimeout where there is none.' : ''}`, fix: setTo(limit, roomAbove(idleMs)),
  }]
}
