import { baseOf, limitKindOf, proxyNumberOf } from '../limits/catalog.ts'
import { formatMs, formatValue } from '../limits/units.ts'
import type { LimitSetting, RunPlan } from '../run/plan.ts'
import type { ProxyEngine } from './layers.ts'
import { isInFlow } from './plan-flow.ts'

/** Something about a plan that will surprise, with the one value that mends it. */
export interface Lint {
  /** Stable name of the rule, with the limits it is about. */
  id: string
  severity: 'warning' | 'note'
  /** The limit named first, in plain words. */
  title: string
  /** What follows from it. */
  text: string
  limitIds: string[]
  fix: { limitId: string; value: number | null; label: string } | null
}

type Plan = Pick<RunPlan, 'limits' | 'proxies'> & Partial<Pick<RunPlan, 'faults'>>
interface Active extends LimitSetting { value: number }

/** All lints of a plan; pure and quick, so they can be recomputed at every key press. */
export function lintPlan(plan: Plan): Lint[] {
  const active = plan.limits.filter((limit): limit is Active => limit.value !== null && limit.enforced && isInFlow(limit, plan))
  return [...shortOuter(active), ...innerNotBelowOuter(active), ...equalLimits(active), ...neverFires(active), ...suspicious(active), ...staleConnection(active, plan), ...notInForce(plan)]
}

/** Outside in: what ends a request that waits for its script. Each must be shorter than the ones before it. */
function waitingOrder(id: string): number {
  const number = proxyNumberOf(id)
  const base = baseOf(id)
  if (base === 'proxy.read') return 10 + (number ?? 0)
  return { 'client.total': 0, 'client.first_byte': 1, 'platform.duration': 5, 'gateway.write': 30, 'gateway.handler': 31, 'gateway.worker': 32, 'connector.context': 40, 'wrapper.timeout': 50, 'connector.python': 45 }[base] ?? -1
}

function waiting(active: readonly Active[]): Active[] {
  return active.filter((limit) => waitingOrder(limit.id) >= 0).toSorted((a, b) => waitingOrder(a.id) - waitingOrder(b.id))
}

/** The classic case: an outer limit far below everything behind it. */
function shortOuter(active: readonly Active[]): Lint[] {
  const [outer, ...inner] = waiting(active)
  if (!outer || inner.length === 0) return []
  const nearest = Math.min(...inner.map((limit) => limit.value))
  if (outer.value * 5 > nearest) return []
  const most = Math.max(...inner.map((limit) => limit.value))
  const times = Math.round(nearest / outer.value)
  return [{
    id: `short-outer:${outer.id}`, severity: 'warning', limitIds: [outer.id],
    title: `${outer.id} is ${times} times shorter than anything behind it.`,
    text: `A script slower than about ${formatMs(outer.value * 0.9)} dies with "signal: killed" and none of its own limits is named.`,
    fix: setTo(outer, roomAbove(most)),
  }]
}

function innerNotBelowOuter(active: readonly Active[]): Lint[] {
  const chain = waiting(active)
  const lints: Lint[] = []
  for (const [index, outer] of chain.entries()) {
    // One sentence per outer limit: the inner one that overshoots it most.
    const worst = chain.slice(index + 1).filter((inner) => inner.value > outer.value && !sameSide(outer, inner)).toSorted((a, b) => b.value - a.value)[0]
    if (!worst || outer.value * 5 <= Math.min(...chain.slice(index + 1).map((inner) => inner.value))) continue
    const lost = baseOf(outer.id) === 'gateway.write' ? `Work done after ${formatMs(outer.value)} is answered to nobody, and nothing is logged.` : `${outer.id} ends the request first; ${worst.id} never gets to say why.`
    lints.push({
      id: `inner-above-outer:${worst.id}:${outer.id}`, severity: 'warning', limitIds: [worst.id, outer.id],
      title: `${worst.id} ${formatMs(worst.value)} is longer than ${outer.id} ${formatMs(outer.value)}.`, text: lost, fix: setTo(worst, justBelow(outer.value)),
    })
  }
  return lints
}

/** Limits of the same layer, or both on the script, are ordered by `neverFires` instead. */
function sameSide(a: LimitSetting, b: LimitSetting): boolean {
  const inside = ['connector.context', 'connector.python', 'wrapper.timeout']
  return limitKindOf(a.id)?.layer === limitKindOf(b.id)?.layer || (inside.includes(a.id) && inside.includes(b.id))
}

function equalLimits(active: readonly Active[]): Lint[] {
  const chain = waiting(active)
  return chain.flatMap((outer, index) => chain.slice(index + 1).filter((inner) => inner.value === outer.value).map((inner): Lint => ({
    id: `equal:${outer.id}:${inner.id}`, severity: 'warning', limitIds: [outer.id, inner.id],
    title: `${outer.id} and ${inner.id} tie at ${formatMs(outer.value)}.`,
    text: baseOf(outer.id) === 'gateway.write'
      ? 'They pass a few ms apart, so the error that the connector writes can no longer reach the client: it sees an empty reply.'
      : 'They pass a few ms apart: which of them answers is chance, and the log may name either.',
    fix: setTo(outer, roomAbove(outer.value)),
  })))
}

function neverFires(active: readonly Active[]): Lint[] {
  const value = (id: string) => active.find((limit) => limit.id === id)
  const pairs: [string, string, string][] = [
    ['wrapper.timeout', 'connector.python', 'ends the script'], ['connector.context', 'connector.python', 'ends the script'],
    ['wrapper.timeout', 'connector.context', 'ends the script'], ['client.first_byte', 'client.total', 'ends the request'], ['client.read', 'client.total', 'ends the request'], ['client.connect', 'client.total', 'ends the request'],
    ['gateway.write', 'gateway.handler', 'answers'],
  ]
  const found: Lint[] = pairs.flatMap(([late, early, does]): Lint[] => {
    const a = value(late)
    const b = value(early)
    if (!a || !b || a.value <= b.value || (late === 'connector.context' && a.value < b.value * 1.2)) return []
    // A context longer than the Python timeout is how it should be: it also covers the queue.
    if (late === 'connector.context' || late === 'gateway.write') return []
    return [{
      id: `never-fires:${late}:${early}`, severity: 'note', limitIds: [late, early],
      title: `${late} ${formatMs(a.value)} can never fire:`, text: `${early} ${does} at ${formatMs(b.value)}.`, fix: setTo(a, justBelow(b.value)),
    }]
  })
  const read = value('gateway.read')
  if (read) found.push({ id: 'no-effect:gateway.read', severity: 'note', limitIds: ['gateway.read'], title: 'gateway.read has no effect on a slow script:', text: 'it only covers reading the request. What a slow script meets is gateway.write or gateway.handler.', fix: null })
  return found.filter((lint, index) => found.findIndex((other) => other.limitIds[0] === lint.limitIds[0]) === index)
}

function suspicious(active: readonly Active[]): Lint[] {
  return active.flatMap((limit): Lint[] => {
    const warn = (title: string, text: string, fixed: number | null): Lint => ({ id: `suspicious:${limit.id}`, severity: 'warning', limitIds: [limit.id], title, text, fix: fixed === null ? null : setTo(limit, fixed) })
    if (limit.unit === 'ms' && limit.value < 10 && limit.id !== 'os.cpu_time') return [warn(`${limit.id} is ${formatMs(limit.value)}.`, `Was it meant in seconds? HAProxy reads a bare 30 as 30 ms, Go as 30 ns.`, limit.value * 1000)]
    if (limit.unit === 'ms' && limit.value > 86_400_000) return [warn(`${limit.id} is longer than a day.`, 'Was it meant in ms? nginx reads a bare 500 as 500 s.', limit.value / 1000)]
    if (limit.id === 'os.cpu_time' && limit.value % 1000 !== 0) return [{ ...warn(`os.cpu_time ${formatMs(limit.value)} is rounded up to ${formatMs(Math.ceil(limit.value / 1000) * 1000)}.`, 'RLIMIT_CPU counts whole seconds.', Math.ceil(limit.value / 1000) * 1000), severity: 'note' }]
    if (limit.id === 'os.address_space' && limit.value < 64 * 1024 ** 2) return [warn(`os.address_space ${formatValue(limit.value, 'bytes')} is below what common libraries reserve.`, 'requests needs 31 MB, numpy 48 MB, eight threads 526 MB of address space.', 512 * 1024 ** 2)]
    return []
  })
}

/** A client that leaves its connection idle longer than the server next to it keeps it. */
function staleConnection(active: readonly Active[], plan: Plan): Lint[] {
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

/** Limits that only some proxies can hold, with the proxies that cannot and why. */
const notHeldBy: Record<string, { engines: readonly ProxyEngine[]; why: string }> = {
  'proxy.queue': { engines: ['builtin', 'nginx'], why: 'only HAProxy has a queue.' },
  'proxy.send': { engines: ['haproxy'], why: 'HAProxy’s timeout server (proxy.read) covers sending as well.' },
}

function notHeld(limit: LimitSetting, plan: Plan): Lint[] {
  const kind = notHeldBy[baseOf(limit.id)]
  const number = proxyNumberOf(limit.id)
  const engines = number === null ? plan.proxies : plan.proxies.slice(number - 1, number)
  if (!kind || !engines.every((engine) => kind.engines.includes(engine))) return []
  return [{ id: `not-held:${limit.id}`, severity: 'note', limitIds: [limit.id], title: `${limit.id} will not be in force:`, text: kind.why, fix: null }]
}

function notInForce(plan: Plan): Lint[] {
  return plan.limits.flatMap((limit): Lint[] => {
    if (limit.value === null) return []
    if (!isInFlow(limit, plan)) return [{ id: `not-in-flow:${limit.id}`, severity: 'warning', limitIds: [limit.id], title: `${limit.id} is set, but this flow has no such proxy:`, text: 'it will never be in force.', fix: { limitId: limit.id, value: null, label: `Switch ${limit.id} off` } }]
    if (!limit.enforced) return [{ id: `not-enforced:${limit.id}`, severity: 'note', limitIds: [limit.id], title: `${limit.id} is configured but not enforced:`, text: 'no timer is armed for it in this run.', fix: null }]
    return notHeld(limit, plan)
  })
}

function setTo(limit: LimitSetting, value: number): Lint['fix'] {
  return { limitId: limit.id, value, label: `Set ${limit.id} to ${formatValue(value, limit.unit)}` }
}

/** The next round value above: five seconds more, or a tenth more below ten seconds. */
function roomAbove(ms: number): number {
  return ms >= 10_000 ? ms + 5000 : Math.ceil((ms * 1.1) / 50) * 50
}

/** A round value below, with room for the outer layer to pass the answer on. */
function justBelow(ms: number): number {
  return ms >= 10_000 ? ms - 1000 : ms >= 100 ? Math.floor((ms * 0.9) / 10) * 10 : ms * 0.9
}
