import { describe, expect, test } from 'vitest'
import { lintPlan, type Lint, type Machine } from '../../../shared/flow/lints/index.ts'
import { limitsOfProfile, transformationService } from '../../../shared/flow/profiles.ts'
import { parseFault } from '../../../shared/flow/faults.ts'
import type { ProxyEngine } from '../../../shared/flow/layers.ts'
import type { FaultPlan, LimitSetting } from '../../../shared/run/plan.ts'
import { readProfiles } from '../../../electron/profiles.ts'

const MiB = 1024 ** 2
const set = (id: string, value: number, unit: LimitSetting['unit'] = 'ms'): LimitSetting => ({ id, value, unit, origin: 'this run', enforced: true })
const fault = (text: string): FaultPlan => {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.fault
}
interface Case { limits?: LimitSetting[]; proxies?: ProxyEngine[]; faults?: string[]; machine?: Machine }
const lintsOf = ({ limits = [], proxies = [], faults = [], machine }: Case): Lint[] => lintPlan({ limits, proxies, faults: faults.map(fault) }, machine)
const idsOf = (limits: LimitSetting[], proxies: ProxyEngine[] = []) => lintsOf({ limits, proxies }).map((lint) => lint.id)

describe('the order of limits', () => {
  test('the classic case: a client limit far below everything behind it', () => {
    const [lint] = lintsOf({ limits: [...limitsOfProfile(transformationService), set('client.total', 500)] })
    expect(lint?.title).toBe('client.total is 60 times shorter than anything behind it.')
    expect(lint?.fix).toMatchObject({ limitId: 'client.total', value: 70_000 })
  })
  test('the same of a proxy behind a patient client', () => {
    expect(idsOf([...limitsOfProfile(transformationService), set('client.total', 70_000), set('proxy.read', 500)], ['nginx'])).toContain('short-outer:proxy.read')
  })
  test('an inner limit longer than the outer one is named with the value that mends it', () => {
    const lint = lintsOf({ limits: [set('gateway.write', 30_000), set('connector.context', 65_000)] }).find((found) => found.id.startsWith('inner-above-outer'))
    expect(lint).toMatchObject({ limitIds: ['connector.context', 'gateway.write'], fix: { limitId: 'connector.context', value: 29_000 } })
  })
  test('a hidden hop that waits longer than the one in front of it', () => {
    const lint = lintsOf({ limits: [set('proxy1.read', 30_000), set('proxy2.read', 60_000)], proxies: ['nginx', 'haproxy'] })
    expect(lint).toMatchObject([{ id: 'inner-above-outer:proxy2.read:proxy1.read', fix: { limitId: 'proxy2.read', value: 29_000 } }])
  })
  test('a 503 of the handler that the write limit swallows', () => {
    expect(lintsOf({ limits: [set('gateway.write', 10_000), set('gateway.handler', 20_000)] })[0]).toMatchObject({ id: 'inner-above-outer:gateway.handler:gateway.write', text: expect.stringContaining('503') })
  })
  test('a platform’s own limit stands inside its load balancer', () => {
    expect(idsOf([set('proxy.read', 230_000), set('platform.duration', 300_000)], ['builtin'])).toContain('inner-above-outer:platform.duration:proxy.read')
    expect(idsOf([set('proxy.read', 29_000), set('platform.duration', 3000)], ['builtin'])).toEqual([])
  })
  test('equal limits tie, also one that holds for several proxies', () => {
    expect(idsOf([set('gateway.write', 30_000), set('connector.python', 30_000)])).toContain('equal:gateway.write:connector.python')
    expect(lintsOf({ limits: [set('proxy.read', 60_000)], proxies: ['nginx', 'haproxy', 'nginx'] })).toMatchObject([{ id: 'equal:proxy.read:proxy.read', fix: { limitId: 'proxy1.read', value: 65_000 } }])
  })
  test('one sentence per limit that is too long, and of many equal ones each with its neighbour', () => {
    const ids = idsOf([set('client.total', 40_000), set('proxy.read', 35_000), set('gateway.write', 35_000), set('connector.context', 65_000)], ['nginx'])
    expect(ids).toEqual(['inner-above-outer:connector.context:gateway.write', 'equal:proxy.read:gateway.write'])
    expect(idsOf(['client.total', 'proxy.read', 'gateway.write', 'connector.python'].map((id) => set(id, 30_000)), ['nginx'])).toEqual(['equal:client.total:proxy.read', 'equal:proxy.read:gateway.write', 'equal:gateway.write:connector.python'])
  })
  test('a well ordered plan has no warning', () => {
    const limits = [set('client.total', 70_000), set('proxy.read', 65_000), set('gateway.write', 60_000), set('connector.context', 50_000), set('connector.python', 45_000)]
    expect(lintsOf({ limits, proxies: ['builtin'] })).toEqual([])
  })

  const plans: [string, LimitSetting[], ProxyEngine[]][] = [
    ['all equal', ['client.total', 'proxy.read', 'gateway.write', 'gateway.handler', 'connector.context', 'connector.python', 'wrapper.timeout'].map((id) => set(id, 30_000)), ['nginx', 'nginx']],
    ['upside down', ['client.total', 'proxy1.read', 'proxy2.read', 'gateway.write', 'gateway.handler', 'connector.context', 'connector.python', 'wrapper.timeout'].map((id, index) => set(id, 10_000 * (index + 1))), ['nginx', 'nginx']],
    ['no room outside', [set('client.total', 31_000), set('gateway.write', 30_000), set('connector.python', 30_000)], []],
    ['two that are far too short', [set('client.total', 2000), set('proxy.read', 100), set('connector.context', 60_000)], ['builtin']],
  ]
  test.each(plans)('what the lints propose leads to a plan without warnings: %s', (_, start, proxies) => {
    expect(mended(start, proxies)).toEqual([])
  })
  test('so it does from every profile', async () => {
    for (const profile of await readProfiles()) expect(mended(limitsOfProfile(profile), profile.proxies), profile.name).toEqual([])
  })
})

/** Ids of the warnings left after every fix was taken, one after the other. */
function mended(start: LimitSetting[], proxies: ProxyEngine[]): string[] {
  let limits = start
  for (let step = 0; step < 60; step++) {
    const open = lintsOf({ limits, proxies }).filter((lint) => lint.severity === 'warning')
    const fix = open.find((lint) => lint.fix)?.fix
    if (!fix) return open.map((lint) => lint.id)
    const unit = limits.find((limit) => limit.id === fix.limitId)?.unit ?? 'ms'
    limits = [...limits.filter((limit) => limit.id !== fix.limitId), { id: fix.limitId, value: fix.value, unit, origin: 'this run', enforced: true }]
  }
  return ['no end of it']
}

describe('limits that can never fire', () => {
  test.each([
    ['connector.python', 30_000, 'wrapper.timeout', 60_000], ['connector.context', 30_000, 'connector.python', 60_000], ['connector.context', 5000, 'connector.queue', 6000],
    ['client.total', 5000, 'client.read', 6000], ['client.total', 5000, 'client.first_byte', 6000], ['gateway.handler', 5000, 'gateway.worker', 6000],
  ])('%s %i ends what %s %i waits for', (early, earlyMs, late, lateMs) => {
    expect(idsOf([set(early, earlyMs), set(late, lateMs)])).toContain(`never-fires:${late}:${early}`)
    expect(idsOf([set(early, lateMs), set(late, earlyMs)])).not.toContain(`never-fires:${late}:${early}`)
  })
  test('a header may take longer than header and body together: Go has two deadlines, one after the other', () => {
    const found = (headerMs: number) => lintsOf({ limits: [set('gateway.read', 5000), set('gateway.read_header', headerMs)] }).filter((lint) => lint.id.startsWith('longer-part'))
    expect(found(6000)).toMatchObject([{ limitIds: ['gateway.read_header', 'gateway.read'], fix: { limitId: 'gateway.read_header', value: 4500 } }])
    expect(found(5000)).toEqual([])
  })
  test('a short total puts many out of reach: one sentence for all', () => {
    const found = lintsOf({ limits: [set('client.total', 500), set('proxy.connect', 5000), set('proxy.send', 60_000), set('proxy.client_body', 300)], proxies: ['nginx'] }).filter((lint) => lint.id.startsWith('never-fires'))
    expect(found).toMatchObject([{ title: 'proxy.connect 5 s and proxy.send 60 s can never fire:', text: 'client.total ends the request at 500 ms.' }])
  })
  test('CPU time that the clock or the share of a core does not leave', () => {
    const cpu = (share: LimitSetting[]) => lintsOf({ limits: [set('os.cpu_time', 20_000), set('connector.python', 30_000), ...share] }).filter((lint) => lint.id.includes('cpu_time'))
    expect(cpu([])).toEqual([])
    expect(cpu([set('os.cpu_share', 500, 'millicores')])).toMatchObject([{ id: 'never-fires:os.cpu_time:connector.python', text: expect.stringContaining('15 s of CPU time') }])
    expect(idsOf([set('os.cpu_time', 30_000), set('connector.python', 30_000)])).toContain('never-fires:os.cpu_time:connector.python')
  })
  test('memory of a tree above what one process may reserve, or the kernel lets it have', () => {
    const bytes = (id: string, value: number) => set(id, value * MiB, 'bytes')
    expect(idsOf([bytes('os.address_space', 512), bytes('platform.memory', 512)])).toContain('never-fires:platform.memory:os.address_space')
    expect(idsOf([bytes('os.memory', 256), bytes('platform.memory', 512)])).toContain('never-fires:platform.memory:os.memory')
    expect(lintsOf({ limits: [bytes('os.memory', 256), bytes('platform.memory', 512)], machine: { missing: [{ limitId: 'os.memory', reason: 'no groups' }] } }).map((lint) => lint.id)).toEqual(['cannot-here:os.memory'])
  })
  test('a queue limit without a limit on concurrency', () => {
    expect(idsOf([set('connector.queue', 1000)])).toEqual(['no-effect:connector.queue'])
    expect(idsOf([set('connector.queue', 1000), set('connector.concurrency', 1, 'count')])).toEqual([])
  })
})

test('values that smell of a wrong unit, or that nothing fits into', () => {
  expect(idsOf([set('proxy.read', 0.03)], ['builtin'])).toContain('suspicious:proxy.read')
  expect(idsOf([set('client.total', 500 * 3_600_000)])).toContain('suspicious:client.total')
  expect(idsOf([set('client.total', 60), set('connector.python', 60_000)])).toContain('suspicious:client.total')
  expect(idsOf([set('os.cpu_time', 1500)])).toContain('suspicious:os.cpu_time')
  for (const [id, value, unit] of [['os.address_space', 16 * MiB, 'bytes'], ['os.memory', 8 * MiB, 'bytes'], ['platform.memory', 8 * MiB, 'bytes'], ['os.open_files', 8, 'count'], ['os.processes', 1, 'count'], ['os.cpu_share', 5, 'millicores']] as const) {
    expect(idsOf([set(id, value, unit)])).toContain(`suspicious:${id}`)
  }
})

describe('limits that will not be in force', () => {
  test('of a proxy that is not there', () => {
    expect(idsOf([set('proxy.read', 500)])).toEqual(['not-in-flow:proxy.read'])
  })
  test('where every proxy has its own', () => {
    expect(idsOf([set('proxy.read', 500), set('proxy1.read', 60_000)], ['nginx'])).toEqual(['overridden:proxy.read'])
  })
  test('that none of its proxies can hold', () => {
    const held = (id: string, proxies: ProxyEngine[], faults: string[] = []) => lintsOf({ limits: [set(id, 5000)], proxies, faults }).map((lint) => lint.id).filter((lint) => lint.startsWith('not-held'))
    expect(held('proxy.queue', ['nginx'])).toEqual(['not-held:proxy.queue'])
    expect(held('proxy.queue', ['nginx', 'haproxy'])).toEqual(['not-held:proxy.queue'])
    expect(held('proxy.queue', ['nginx', 'haproxy'], ['proxy2.busy=2s'])).toEqual([])
    expect(held('proxy1.queue', ['nginx', 'haproxy'])).toEqual(['not-held:proxy1.queue'])
    expect(held('proxy.send', ['haproxy'])).toEqual(['not-held:proxy.send'])
  })
  test('that HAProxy holds for more than they say', () => {
    const more = (limits: LimitSetting[], proxies: ProxyEngine[]) => idsOf([set('proxy.client_write', 5000), ...limits], proxies).filter((id) => id.startsWith('covers-more'))
    expect(more([], ['haproxy'])).toEqual(['covers-more:proxy.client_write'])
    expect(more([], ['nginx'])).toEqual([])
    expect(more([set('proxy.client_header', 3000), set('proxy1.idle', 2000)], ['haproxy'])).toEqual([])
  })
  test('that this machine cannot enforce, with the reason, and proxies it does not have', () => {
    const machine: Machine = { missing: [{ limitId: 'os.memory', reason: 'there are no control groups here' }], notInstalled: [{ engine: 'nginx', hint: 'sudo apt-get install nginx' }] }
    expect(lintsOf({ limits: [set('os.memory', 512 * MiB, 'bytes')], proxies: ['nginx'], machine })).toMatchObject([
      { id: 'cannot-here:os.memory', severity: 'warning', text: expect.stringContaining('there are no control groups here') },
      { id: 'not-installed:nginx', severity: 'warning', text: expect.stringContaining('sudo apt-get install nginx') },
    ])
    expect(lintsOf({ limits: [set('os.memory', 512 * MiB, 'bytes')], proxies: ['builtin'], machine: { ...machine, missing: [] } })).toEqual([])
  })
  test('that are switched to be shown only', () => {
    expect(idsOf([{ ...set('client.total', 500), enforced: false }])).toEqual(['not-enforced:client.total'])
  })
})

describe('faults', () => {
  const told = (faults: string[], limits: LimitSetting[] = [], proxies: ProxyEngine[] = []) => lintsOf({ limits, proxies, faults }).map((lint) => `${lint.title} ${lint.text}`)
  test('that never act, because another one is in front of them', () => {
    expect(told(['network.refuse', 'network.reset@1s'])).toEqual(['network.reset@1s never acts: network.refuse lets nothing get that far.'])
    expect(told(['network.connect_hang', 'network.dns'])).toEqual(['network.connect_hang never acts: network.dns lets nothing get that far.'])
    expect(told(['network.refuse', 'gateway.reject'], [], ['nginx'])).toEqual(['gateway.reject never acts: network.refuse lets nothing get that far.'])
    expect(told(['proxy1.reject', 'network.latency=1s:gateway'], [], ['nginx'])).toEqual(['network.latency=1s:gateway never acts: proxy1.reject lets nothing get that far.'])
    expect(told(['network.latency=1s', 'proxy1.reject', 'gateway.stop@1s'], [], ['nginx'])).toEqual([])
    expect(told(['gateway.reject', 'gateway.bad_header'])).toEqual(['gateway.bad_header never acts: gateway.reject lets nothing get that far.'])
  })
  test('that never act, because the connection is over by then', () => {
    expect(told(['network.reset@1s', 'network.close@2s'])).toEqual(['network.close@2s never acts: network.reset@1s has ended that connection by then.'])
    expect(told(['network.reset@1s', 'network.close@2s:gateway'], [], ['nginx'])).toEqual([])
    expect(told(['network.reset@1s'], [set('client.total', 500)])).toEqual(['network.reset@1s never acts: client.total ends the request at 500 ms.'])
  })
  test('that are asked for twice', () => {
    expect(told(['network.reset@1s', 'network.reset@1s'])).toEqual(['network.reset@1s never acts: it is asked for twice.'])
  })
  test('that this flow cannot have', () => {
    expect(told(['proxy2.stop@1s'], [], ['nginx'])[0]).toMatch(/^proxy2\.stop@1s: this flow has no proxy2: this flow cannot be run/)
    expect(told(['proxy1.busy=1s'], [], ['nginx'])[0]).toMatch(/nginx has no queue.*--proxy haproxy/)
  })
  test('whose latency alone is more than the client waits', () => {
    const found = (faults: string[]) => lintsOf({ limits: [set('client.total', 500)], proxies: ['nginx'], faults }).map((lint) => lint.id)
    expect(found(['network.latency=250ms'])).toContain('latency-above:client.total')
    expect(found(['network.latency=150ms', 'network.latency=100ms:gateway'])).toContain('latency-above:client.total')
    expect(found(['network.latency=250ms±50ms'])).toEqual([])
  })
  test('a connection that is left idle longer than its server keeps it', () => {
    const stale = (limits: LimitSetting[], proxies: ProxyEngine[] = []) => lintsOf({ limits, proxies, faults: ['client.reuse=500ms'] }).filter((lint) => lint.id.startsWith('stale-connection'))
    expect(stale([set('gateway.idle', 300)])).toMatchObject([{ severity: 'warning', limitIds: ['gateway.idle'], fix: { limitId: 'gateway.idle', value: 550, label: 'Set gateway.idle to 550 ms' } }])
    expect(stale([set('gateway.idle', 300), set('proxy.idle', 2000)], ['nginx'])).toEqual([])
    expect(stale([set('proxy.idle', 2000), set('proxy1.idle', 400)], ['nginx'])).toMatchObject([{ limitIds: ['proxy1.idle'] }])
    expect(stale([set('gateway.read', 400)])).toMatchObject([{ limitIds: ['gateway.read'] }])
    expect(stale([set('gateway.read', 400), set('gateway.idle', 2000)])).toEqual([])
  })
})
