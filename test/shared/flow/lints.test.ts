import { describe, expect, test } from 'vitest'
import { lintPlan } from '../../../shared/flow/lints.ts'
import { limitsOfProfile, transformationService } from '../../../shared/flow/profiles.ts'
import { parseFault } from '../../../shared/flow/faults.ts'
import type { LimitSetting } from '../../../shared/run/plan.ts'

const set = (id: string, value: number, unit: LimitSetting['unit'] = 'ms'): LimitSetting => ({ id, value, unit, origin: 'this run', enforced: true })
const idsOf = (limits: LimitSetting[], proxies: 'builtin'[] = []) => lintPlan({ limits, proxies }).map((lint) => lint.id)

describe('lints of a plan', () => {
  test('the classic case: a client limit far below everything behind it', () => {
    const [lint] = lintPlan({ limits: [...limitsOfProfile(transformationService), set('client.total', 500)], proxies: [] })
    expect(lint?.title).toBe('client.total is 60 times shorter than anything behind it.')
    expect(lint?.fix).toMatchObject({ limitId: 'client.total', value: 70_000 })
  })

  test('an inner limit longer than the outer one is named with the value that mends it', () => {
    const lint = lintPlan({ limits: [set('gateway.write', 30_000), set('connector.context', 65_000)], proxies: [] }).find((found) => found.id.startsWith('inner-above-outer'))
    expect(lint).toMatchObject({ limitIds: ['connector.context', 'gateway.write'], fix: { limitId: 'connector.context', value: 29_000 } })
  })

  test('equal limits tie', () => {
    expect(idsOf([set('gateway.write', 30_000), set('connector.python', 30_000)])).toContain('equal:gateway.write:connector.python')
  })

  test('a wrapper limit behind a shorter Python limit can never fire', () => {
    expect(idsOf([set('connector.python', 30_000), set('wrapper.timeout', 60_000)])).toContain('never-fires:wrapper.timeout:connector.python')
  })

  test('values that smell of a wrong unit', () => {
    expect(idsOf([set('proxy.read', 0.03)], ['builtin'])).toContain('suspicious:proxy.read')
    expect(idsOf([set('client.total', 500 * 3_600_000)])).toContain('suspicious:client.total')
    expect(idsOf([set('os.address_space', 16 * 1024 ** 2, 'bytes')])).toContain('suspicious:os.address_space')
  })

  test('a connection that is left idle longer than its server keeps it', () => {
    const reuse = parseFault('client.reuse=500ms')
    if (!reuse.ok) throw new Error(reuse.problem)
    const stale = (limits: LimitSetting[], proxies: 'nginx'[] = []) => lintPlan({ limits, proxies, faults: [reuse.fault] }).filter((lint) => lint.id.startsWith('stale-connection'))
    expect(stale([set('gateway.idle', 300)])).toMatchObject([{ severity: 'warning', limitIds: ['gateway.idle'], fix: { limitId: 'gateway.idle', value: 550, label: 'Set gateway.idle to 550 ms' } }])
    expect(stale([set('gateway.idle', 300), set('proxy.idle', 2000)], ['nginx'])).toEqual([])
    expect(stale([set('proxy.idle', 2000), set('proxy1.idle', 400)], ['nginx'])).toMatchObject([{ limitIds: ['proxy1.idle'] }])
    expect(stale([set('gateway.read', 400)])).toMatchObject([{ limitIds: ['gateway.read'] }])
    expect(stale([set('gateway.read', 400), set('gateway.idle', 2000)])).toEqual([])
  })

  test('a limit that none of its proxies can hold is said to be out of force', () => {
    const held = (id: string, proxies: ('nginx' | 'haproxy')[]) => lintPlan({ limits: [set(id, 5000)], proxies }).map((lint) => lint.id).filter((lint) => lint.startsWith('not-held'))
    expect(held('proxy.queue', ['nginx'])).toEqual(['not-held:proxy.queue'])
    expect(held('proxy.queue', ['nginx', 'haproxy'])).toEqual([])
    expect(held('proxy1.queue', ['nginx', 'haproxy'])).toEqual(['not-held:proxy1.queue'])
    expect(held('proxy.send', ['haproxy'])).toEqual(['not-held:proxy.send'])
  })

  test('a limit of a proxy that is not there is said to be out of force', () => {
    expect(idsOf([set('proxy.read', 500)])).toEqual(['not-in-flow:proxy.read'])
  })

  test('a well ordered plan has no warning', () => {
    const limits = [set('client.total', 70_000), set('proxy.read', 65_000), set('gateway.write', 60_000), set('connector.context', 50_000), set('connector.python', 45_000)]
    expect(lintPlan({ limits, proxies: ['builtin'] }).filter((lint) => lint.severity === 'warning')).toEqual([])
  })
})
