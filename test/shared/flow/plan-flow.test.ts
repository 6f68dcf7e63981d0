import { expect, test } from 'vitest'
import { explainOrder } from '../../../shared/flow/explain-plan.ts'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { limitsOfProfile, transformationService } from '../../../shared/flow/profiles.ts'
import type { LimitSetting } from '../../../shared/run/plan.ts'

const set = (id: string, value: number, enforced = true): LimitSetting => ({ id, value, unit: 'ms', origin: 'this run', enforced })
const base = limitsOfProfile(transformationService)

test('the client’s 500 ms comes first; the next is 30 s at the gateway', () => {
  const { first, second } = planFlow({ limits: [...base, set('client.total', 500)], proxies: [] })
  expect(first).toMatchObject({ limitId: 'client.total', atMs: 500, effect: 'cuts' })
  expect(second).toMatchObject({ limitId: 'gateway.write', atMs: 30_000, effect: 'late' })
})

test('a limit that is off or not enforced is no deadline', () => {
  const { deadlines } = planFlow({ limits: [{ ...set('client.total', 500), value: null }, set('connector.python', 300, false)], proxies: [] })
  expect(deadlines).toEqual([])
})

test('a proxy’s limit counts only with that proxy in the flow', () => {
  expect(planFlow({ limits: [set('proxy.read', 500)], proxies: [] }).first).toBeNull()
  expect(planFlow({ limits: [set('proxy2.read', 500)], proxies: ['builtin'] }).first).toBeNull()
  expect(planFlow({ limits: [set('proxy2.read', 500)], proxies: ['builtin', 'nginx'] }).first?.limitId).toBe('proxy2.read')
})

test('of equal limits the outer one’s clock started first', () => {
  expect(planFlow({ limits: ['connector.context', 'proxy2.read', 'proxy1.read', 'client.total'].map((id) => set(id, 500)), proxies: ['nginx', 'nginx'] }).deadlines.map((deadline) => deadline.limitId)).toEqual(['client.total', 'proxy1.read', 'proxy2.read', 'connector.context'])
})

test('what cannot end a waiting request is never the first', () => {
  const { first, deadlines } = planFlow({ limits: [set('gateway.read', 100), set('gateway.handler', 900)], proxies: [] })
  expect(deadlines[0]?.effect).toBe('no_effect')
  expect(first?.limitId).toBe('gateway.handler')
})

test('the order in one sentence', () => {
  expect(explainOrder({ limits: [...base, set('client.total', 500)], proxies: [] }))
    .toBe('The client’s 500 ms (client.total) comes first; the next is 30 s at the gateway (gateway.write), shown only when the script ends.')
  expect(explainOrder({ limits: [...base, set('proxy2.read', 300)], proxies: ['nginx', 'haproxy'] })).toMatch(/^Proxy 2’s 300 ms \(proxy2\.read\) comes first; the next is .* at the \w+ \(/)
  expect(explainOrder({ limits: [], proxies: [] })).toBe('Nothing would end a request that waits for its script.')
})
