import { describe, expect, test } from 'vitest'
import { parseFault } from '../../../shared/flow/faults.ts'
import { proxyEngines } from '../../../shared/flow/layers.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import type { RunEvent, RunEventBody } from '../../../shared/run/event.ts'
import { defaultStacks, type FaultPlan, type LimitSetting } from '../../../shared/run/plan.ts'
import { explainRun } from '../../../shared/verdict/index.ts'

type Timed = [atMs: number, body: RunEventBody]

function faultOf(text: string): FaultPlan {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.fault
}
const limit = (id: string, value: number): LimitSetting => ({ id, value, unit: 'ms', origin: 'this run', enforced: true })

/** A kept connection: answered at 10 ms, used again at 510 ms. */
function verdictOf(plan: { limits: LimitSetting[]; proxies?: typeof proxyEngines[number][]; faults?: string[] }, more: Timed[]) {
  const events: Timed[] = [
    [0, { type: 'run_started', runId: 'r', startedAt: '', version: '', plan: { script: { path: '/s.py', name: 's.py', text: null }, input: {}, profile: 'p', limits: plan.limits, proxies: plan.proxies ?? [], faults: (plan.faults ?? ['client.reuse=500ms']).map(faultOf), python: null, propagateCancel: true, stacks: defaultStacks } }],
    [0, { type: 'span_started', spanId: 'client/earlier', parentId: null, layer: 'client', name: 'earlier' }],
    [10, { type: 'span_started', spanId: 'client/earlier/idle', parentId: 'client/earlier', layer: 'client', name: 'idle' }],
    ...more,
    [510, { type: 'span_ended', spanId: 'client/earlier/idle', status: 'cut' }],
    [510, { type: 'fault_injected', fault: 'client.reuse=500ms', action: 'reused', place: 'client' }],
    [511, { type: 'client_ended', status: null, bytes: 0, ended: 'fin', complete: false, error: 'empty reply (EOF)' }],
    [512, { type: 'run_ended' }],
  ]
  return explainRun(foldRun(events.toSorted((a, b) => a[0] - b[0]).map(([atMs, body], seq): RunEvent => ({ ...body, seq, atMs }))))
}
const fin = (atMs: number): Timed => [atMs, { type: 'connection_ended', layer: 'client', hop: 0, side: 'upstream', by: 'peer', how: 'fin', bytes: 0, complete: true, error: 'the idle connection was closed' }]

describe('an idle connection that was closed', () => {
  test('is the gateway’s doing where it says so', () => {
    const verdict = verdictOf({ limits: [limit('gateway.idle', 300)] }, [[310, { type: 'limit_fired', limitId: 'gateway.idle', effect: 'acted', passedAtMs: 310, action: 'closed the idle connection' }], fin(311)])
    expect(verdict).toMatchObject({ cause: 'gateway.idle', limitId: 'gateway.idle', atMs: 310 })
    expect(verdict.headline).toContain('closed the idle connection after 300 ms; 199 ms later the client sent')
    expect(verdict.fix[0]).toMatch(/^Set gateway\.idle to /)
  })
  test.each(['nginx', 'haproxy'] as const)('is that of %s, which says nothing, where it came when its limit says', (engine) => {
    expect(verdictOf({ limits: [limit('proxy.idle', 300)], proxies: [engine] }, [fin(312)])).toMatchObject({ cause: 'proxy.idle', confidence: 0.95 })
    expect(verdictOf({ limits: [limit('proxy1.idle', 300), limit('proxy2.idle', 100)], proxies: [engine, 'builtin'] }, [fin(312)])).toMatchObject({ cause: 'proxy.idle', limitId: 'proxy1.idle' })
  })
  test('is less sure when it came late, and nobody’s when it came too early', () => {
    const behind = { limits: [limit('proxy.idle', 200)], proxies: ['nginx' as const] }
    expect(verdictOf(behind, [fin(400)])).toMatchObject({ cause: 'proxy.idle', confidence: 0.85 })
    expect(verdictOf({ ...behind, limits: [limit('proxy.idle', 450)] }, [fin(300)]).cause).toBe('unknown')
  })
  test('is unknown without a limit that could have done it', () => {
    expect(verdictOf({ limits: [] }, [fin(300)]).cause).toBe('unknown')
    expect(verdictOf({ limits: [limit('proxy.idle', 290)] }, [fin(300)]).cause).toBe('unknown')
    expect(verdictOf({ limits: [{ ...limit('proxy.idle', 290), enforced: false }], proxies: ['nginx'] }, [fin(300)]).cause).toBe('unknown')
  })
  test('is the network’s when the network closed it', () => {
    const verdict = verdictOf({ limits: [limit('proxy.idle', 290)], proxies: ['nginx'], faults: ['client.reuse=500ms', 'network.close@300ms'] }, [[300, { type: 'fault_injected', fault: 'network.close@300ms', action: 'close', place: 'client' }], fin(301)])
    expect(verdict.cause).toBe('network.closed')
  })
})
test('an idle limit that closes a connection nobody uses again has cut nothing', () => {
  const verdict = explainRun(foldRun([{ type: 'limit_fired', limitId: 'gateway.idle', effect: 'acted', passedAtMs: 5, action: 'closed the idle connection', seq: 0, atMs: 5 }, { type: 'client_ended', status: null, bytes: 0, ended: 'fin', complete: false, error: null, seq: 1, atMs: 6 }, { type: 'run_ended', seq: 2, atMs: 7 }]))
  expect(verdict.cause).toBe('unknown')
})
