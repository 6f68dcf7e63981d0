import { afterEach, describe, expect, test } from 'vitest'
import { startChain, type Chain } from '../../../electron/flow/chain.ts'
import { sendRequest } from '../../../electron/flow/client/send-request.ts'
import { jsonAnswer } from '../../../electron/flow/gateway/exchange.ts'
import { findProxyProgram } from '../../../electron/flow/proxy/program.ts'
import { reuseOf } from '../../../electron/flow/service-faults.ts'
import type { ProxyEngine } from '../../../shared/flow/layers.ts'
import { flowPlan, openHandles, testRun } from './flow-run.ts'

let chain: Chain | null = null
afterEach(async () => { await chain?.close(); chain = null })

async function through(faults: string[], proxies: ProxyEngine[] = [], limits: Record<string, string> = {}) {
  const run = testRun(limits)
  const plan = flowPlan({ proxies, faults })
  chain = await startChain(run, plan, async () => jsonAnswer(200, '{"ok":true}'))
  const answer = await sendRequest(run, { to: chain.entry, inputJson: '{}', ...reuseOf(plan) })
  await chain.drain()
  await chain.close()
  expect(run.of('span_started').length).toBe(run.of('span_ended').length)
  return { run, answer }
}
const headerNames = (headers: readonly (readonly [string, string])[]) => headers.map(([name]) => name)

/** A program that is not on this machine has one behaviour to test: the error that says so. */
function whereInstalled(program: 'nginx' | 'haproxy', body: () => Promise<void>): () => Promise<void> {
  return findProxyProgram(program) === null ? async () => { await expect(through([], [program])).rejects.toMatchObject({ code: 'proxy_missing' }) } : body
}

describe('gateway.big_header, gateway.bad_header', () => {
  test('a large header reaches a client that has nobody in front', async () => {
    const { run, answer } = await through(['gateway.big_header=20KB'])
    expect(answer).toMatchObject({ status: 200, complete: true })
    expect(headerNames(answer.headers)).toContain('X-Trace')
    expect(run.the('fault_injected')).toMatchObject({ place: 'gateway', fault: 'gateway.big_header=20KB' })
  })
  test('the built-in proxy takes a head of one page and refuses a larger one with 502', async () => {
    expect((await through(['gateway.big_header=3KB'], ['builtin'])).answer.status).toBe(200)
    for (const size of ['5KB', '60KB', '300KB']) {
      const { run, answer } = await through([`gateway.big_header=${size}`], ['builtin'])
      expect(answer, size).toMatchObject({ status: 502, complete: true })
      expect(run.the('answered').reason).toContain('upstream sent too big header')
    }
  })
  test('a header that is not HTTP is refused by proxy and client alike', async () => {
    expect((await through(['gateway.bad_header'], ['builtin'])).answer.status).toBe(502)
    expect((await through(['gateway.bad_header'])).answer.error).toContain('the answer is not HTTP: malformed header')
  })
})

describe('client.reuse', () => {
  test('meets gateway.idle, which says that it closed', async () => {
    const { run, answer } = await through(['client.reuse=150ms'], [], { 'gateway.idle': '60ms' })
    expect(answer).toMatchObject({ ended: 'fin', bytes: 0 })
    expect(run.fired()).toEqual(['gateway.idle'])
    expect(run.of('stage')).toEqual([])
  })
  test('meets ReadTimeout where there is no IdleTimeout', async () => {
    const { run } = await through(['client.reuse=150ms'], [], { 'gateway.read': '60ms' })
    expect(run.the('limit_fired')).toMatchObject({ limitId: 'gateway.read', action: expect.stringContaining('closed the idle connection') })
  })
  test('spans of the earlier request are kept apart, in every hop', async () => {
    const { run, answer } = await through(['client.reuse=50ms'], ['builtin'])
    expect(answer.status).toBe(200)
    const spans = run.of('span_started').map((span) => span.spanId)
    expect(spans).toEqual(expect.arrayContaining(['client/earlier', 'proxy1/earlier', 'proxy1/earlier/connect', 'client', 'proxy1', 'proxy1/connect', 'gateway']))
    expect(run.of('span_started').find((span) => span.spanId === 'proxy1/earlier')?.parentId).toBe('client/earlier')
  })
})

test('proxy1.reuse: the built-in proxy keeps no connection, and says so', async () => {
  await expect(through(['proxy1.reuse=1s'], ['builtin'])).rejects.toMatchObject({ code: 'fault_not_possible' })
})
test('proxy1.reuse: nginx keeps its connection to upstream, and notices a close in time', whereInstalled('nginx', async () => {
  const { run, answer } = await through(['proxy1.reuse=1s'], ['nginx'], { 'gateway.idle': '60ms' })
  expect(answer.status).toBe(200)
  expect(run.fired()).toEqual(['gateway.idle'])
}))

describe('proxy1.busy', () => {
  test.each(['builtin', 'nginx'] as const)('%s has no queue, and says so', async (engine) => {
    await expect(through(['proxy1.busy=1s'], [engine])).rejects.toMatchObject({ code: 'fault_not_possible', message: expect.stringContaining('has no queue'), hint: expect.stringContaining('haproxy') })
  })
  test('the request waits in HAProxy’s queue, at most as long as proxy.queue', whereInstalled('haproxy', async () => {
    const { run, answer } = await through(['proxy1.busy=2s'], ['haproxy'], { 'proxy.queue': '150ms' })
    expect(answer.status).toBe(503)
    expect(run.fired()).toEqual(['proxy1.queue'])
    expect(run.the('proxy_log').line).toContain(' sQ')
    expect(run.of('stage').map((stage) => stage.stage)).toEqual(['response_returned'])
    expect(run.of('span_started').map((span) => span.spanId)).toContain('proxy1/queue')
  }))
  test('and is served when the other one is over; nothing is left', whereInstalled('haproxy', async () => {
    const before = openHandles()
    const { run, answer } = await through(['proxy1.busy=200ms'], ['haproxy'], { 'proxy.queue': '3s' })
    expect(answer.status).toBe(200)
    expect(answer.endedMs).toBeGreaterThanOrEqual(200)
    expect(run.fired()).toEqual([])
    expect(run.of('proxy_log')).toHaveLength(1)
    await expect.poll(openHandles).toEqual(before)
    expect(run.clock.pending).toBe(0)
  }))
})
