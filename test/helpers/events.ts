import { limitsOfProfile, transformationService } from '../../shared/flow/profiles.ts'
import type { RunEvent, RunEventBody } from '../../shared/run/event.ts'
import { defaultStacks, type FaultPlan, type LimitSetting, type RunPlan } from '../../shared/run/plan.ts'

/** A plan of the default profile with some limits changed, for tests of pure functions. */
export function planWith(changes: Record<string, number>, more: { proxies?: RunPlan['proxies']; faults?: FaultPlan[] } = {}): RunPlan {
  const limits = new Map(limitsOfProfile(transformationService).map((limit) => [limit.id, limit]))
  for (const [id, value] of Object.entries(changes)) {
    const unit: LimitSetting['unit'] = /address_space|file_size|memory/.test(id) ? 'bytes' : /files|processes/.test(id) ? 'count' : 'ms'
    limits.set(id, { id, value, unit, origin: 'this run', enforced: true })
  }
  return {
    script: { path: '/scripts/two_second_delay.py', name: 'two_second_delay.py', text: null }, input: {}, profile: 'transformation-service', limits: [...limits.values()],
    proxies: more.proxies ?? [], faults: more.faults ?? [], python: null, propagateCancel: true, stacks: defaultStacks,
  }
}

/** Numbers events: `[atMs, body]` pairs in, events out. */
export function eventsOf(plan: RunPlan, ...facts: [number, RunEventBody][]): RunEvent[] {
  const start: [number, RunEventBody] = [0, { type: 'run_started', runId: 'test', startedAt: '2026-01-01T00:00:00.000Z', plan, version: '0' }]
  return [start, ...facts].map(([atMs, body], seq) => ({ ...body, seq, atMs }))
}
