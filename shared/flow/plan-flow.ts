import { baseOf, limitKindOf, proxyNumberOf } from '../limits/catalog.ts'
import type { LimitSetting, RunPlan } from '../run/plan.ts'
import type { LayerId } from './layers.ts'

/**
 * A deadline as the plan foresees it, for a request that starts at 0 and a script that does not end by itself.
 * Computed, not measured: the layers arm the real timers.
 */
export interface PlannedDeadline {
  limitId: string
  layer: LayerId
  /** ms after the start of the request. */
  atMs: number
  /**
   * `cuts`: it would end the request then. `late`: it passes then, and shows only when the handler ends (Go's WriteTimeout).
   * `no_effect`: it passes without doing anything to a request that is merely waiting for its script.
   */
  effect: 'cuts' | 'late' | 'no_effect'
}

export interface PlannedFlow {
  /** In order of firing; first to fire first. Only limits that are on and enforced. */
  deadlines: PlannedDeadline[]
  /** The first deadline that ends a waiting request; null if nothing would. */
  first: PlannedDeadline | null
  /** The one after it. */
  second: PlannedDeadline | null
}

/** Limits whose clock runs while a request waits for a slow script, each with what it does to it. */
const effectWhileWaiting: Record<string, PlannedDeadline['effect']> = {
  'client.first_byte': 'cuts', 'client.read': 'no_effect', 'client.total': 'cuts', 'client.connect': 'no_effect',
  'proxy.read': 'cuts', 'proxy.connect': 'no_effect', 'proxy.send': 'no_effect', 'proxy.client_header': 'no_effect',
  'proxy.client_body': 'no_effect', 'proxy.client_write': 'no_effect', 'proxy.idle': 'no_effect', 'proxy.queue': 'no_effect',
  'gateway.read_header': 'no_effect', 'gateway.read': 'no_effect', 'gateway.write': 'late', 'gateway.handler': 'cuts', 'gateway.worker': 'cuts', 'gateway.idle': 'no_effect',
  'connector.queue': 'no_effect', 'connector.context': 'cuts', 'connector.python': 'cuts', 'wrapper.timeout': 'cuts', 'platform.duration': 'cuts',
}

/** Does the plan's flow contain what this limit belongs to? A proxy's limit without that proxy never comes into force. */
export function isInFlow(limit: Pick<LimitSetting, 'id'>, plan: Pick<RunPlan, 'proxies'>): boolean {
  if (!baseOf(limit.id).startsWith('proxy.')) return true
  const number = proxyNumberOf(limit.id)
  return number === null ? plan.proxies.length > 0 : number >= 1 && number <= plan.proxies.length
}

/** `proxy.read` where `proxy1.read`, `proxy2.read`... say something for every proxy there is. */
export function isOverridden(limit: Pick<LimitSetting, 'id'>, plan: Pick<RunPlan, 'limits' | 'proxies'>): boolean {
  return limit.id.startsWith('proxy.') && plan.proxies.length > 0 && hopsOf(limit, plan).length === 0
}

/** The proxies (from 1) that a limit is in force at; empty for limits of other layers. */
export function hopsOf(limit: Pick<LimitSetting, 'id'>, plan: Pick<RunPlan, 'limits' | 'proxies'>): number[] {
  if (!baseOf(limit.id).startsWith('proxy.')) return []
  const number = proxyNumberOf(limit.id)
  if (number !== null) return [number]
  const name = limit.id.slice('proxy.'.length)
  return plan.proxies.map((_, index) => index + 1).filter((hop) => !plan.limits.some((other) => other.id === `proxy${hop}.${name}`))
}

/** The order in which deadlines would fire for a request that waits for its script. */
export function planFlow(plan: Pick<RunPlan, 'limits' | 'proxies'>): PlannedFlow {
  const deadlines: PlannedDeadline[] = []
  for (const limit of plan.limits) {
    const kind = limitKindOf(limit.id)
    const effect = effectWhileWaiting[baseOf(limit.id)]
    if (!kind || !effect || limit.value === null || !limit.enforced || !isInFlow(limit, plan) || isOverridden(limit, plan)) continue
    deadlines.push({ limitId: limit.id, layer: kind.layer, atMs: limit.value, effect })
  }
  deadlines.sort((a, b) => a.atMs - b.atMs || order(a) - order(b))
  const cutting = deadlines.filter((deadline) => deadline.effect !== 'no_effect')
  return { deadlines, first: cutting[0] ?? null, second: cutting[1] ?? null }
}

/** Of two equal deadlines the outer layer's clock was started first. */
function order(deadline: PlannedDeadline): number {
  return ['client', 'proxy', 'gateway', 'platform', 'connector', 'wrapper'].indexOf(deadline.layer) + (proxyNumberOf(deadline.limitId) ?? 0) / 100
}
