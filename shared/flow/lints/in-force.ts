import { baseOf, proxyNumberOf } from '../../limits/catalog.ts'
import type { LimitSetting } from '../../run/plan.ts'
import type { ProxyEngine } from '../layers.ts'
import { hopsOf, isInFlow, isOverridden } from '../plan-flow.ts'
import { switchOff, type Lint, type LintedPlan, type Machine } from './lint.ts'

/** Limits that are configured and will not be in force: no such proxy, one that cannot hold it, a machine that cannot, or not asked for. */
export function notInForce(plan: LintedPlan, machine: Machine): Lint[] {
  return [...plan.limits.flatMap((limit) => (limit.value === null ? [] : whyNot(limit, plan, machine) ?? [])), ...notInstalled(plan, machine)]
}

function whyNot(limit: LimitSetting, plan: LintedPlan, machine: Machine): Lint | null {
  const lint = (rule: string, severity: Lint['severity'], title: string, text: string, fix: Lint['fix'] = null): Lint => ({ id: `${rule}:${limit.id}`, severity, limitIds: [limit.id], title, text, fix })
  if (!isInFlow(limit, plan)) return lint('not-in-flow', 'warning', `${limit.id} is set, but this flow has no such proxy:`, 'it will never be in force.', switchOff(limit.id))
  if (isOverridden(limit, plan)) return lint('overridden', 'note', `${limit.id} will not be in force:`, 'every proxy of this flow has a value of its own.', switchOff(limit.id))
  if (!limit.enforced) return lint('not-enforced', 'note', `${limit.id} is configured but not enforced:`, 'no timer is armed for it in this run.')
  const missing = machine.missing?.find((power) => power.limitId === limit.id)
  if (missing) return lint('cannot-here', 'warning', `${limit.id} cannot be enforced on this machine:`, `${missing.reason}. The run goes on without it, and says so.`)
  if (coversMore(limit, plan)) return lint('covers-more', 'note', `${limit.id} ends more than writing here:`, 'it is HAProxy’s timeout client, which holds while a header comes and while a connection is idle as well.')
  const why = notHeld(limit, plan)
  return why === null ? null : lint('not-held', 'note', `${limit.id} will not be in force:`, why)
}

/** Limits that only some proxies can hold, with the proxies that cannot and why. */
const notHeldBy: Record<string, { engines: readonly ProxyEngine[]; why: string }> = {
  'proxy.queue': { engines: ['builtin', 'nginx'], why: 'only HAProxy has a queue.' },
  'proxy.send': { engines: ['haproxy'], why: 'HAProxy’s timeout server (proxy.read) covers sending as well.' },
}

function notHeld(limit: LimitSetting, plan: LintedPlan): string | null {
  const base = baseOf(limit.id)
  const rule = notHeldBy[base]
  if (!rule) return null
  const number = proxyNumberOf(limit.id)
  const hops = plan.proxies.map((engine, index) => ({ engine, hop: index + 1 })).filter(({ hop }) => number === null || hop === number)
  if (hops.every(({ engine }) => rule.engines.includes(engine))) return rule.why
  const isFull = (hop: number) => plan.faults?.some((fault) => fault.action === 'busy' && fault.place === `proxy${hop}`) ?? false
  if (base === 'proxy.queue' && !hops.some(({ engine, hop }) => engine === 'haproxy' && isFull(hop))) return `each run has a HAProxy of its own, so nothing waits in its queue unless a fault fills it (proxy${number ?? hops.find(({ engine }) => engine === 'haproxy')?.hop ?? 1}.busy=2s).`
  return null
}

/** HAProxy has one limit for all that its client does; it shows where no shorter one stands for the header or for idle connections. */
function coversMore(limit: LimitSetting, plan: LintedPlan): boolean {
  if (baseOf(limit.id) !== 'proxy.client_write') return false
  return hopsOf(limit, plan).some((hop) => plan.proxies[hop - 1] === 'haproxy' && ['client_header', 'idle'].some((name) => {
    const other = plan.limits.find((candidate) => candidate.id === `proxy${hop}.${name}`) ?? plan.limits.find((candidate) => candidate.id === `proxy.${name}`)
    return (other?.enforced ? other.value ?? Infinity : Infinity) > (limit.value ?? 0)
  }))
}

function notInstalled(plan: LintedPlan, machine: Machine): Lint[] {
  return (machine.notInstalled ?? []).filter(({ engine }) => plan.proxies.includes(engine)).map(({ engine, hint }) => ({
    id: `not-installed:${engine}`, severity: 'warning', limitIds: [], title: `${engine} is not installed on this machine:`, text: `this flow cannot be run here. ${hint}.`, fix: null,
  }))
}
