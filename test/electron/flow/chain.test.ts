import { afterEach, describe, expect, test } from 'vitest'
import { sendRequest } from '../../../electron/flow/client/send-request.ts'
import { startChain, type Chain } from '../../../electron/flow/chain.ts'
import { FlowError } from '../../../electron/flow/flow-error.ts'
import { jsonAnswer, type Handle } from '../../../electron/flow/gateway/exchange.ts'
import { flowPlan, openHandles, sleep, testRun, type TestRun } from './flow-run.ts'

let chain: Chain | null = null
afterEach(async () => { await chain?.close() })

/** Answers after `ms`, or when its context ends. */
const after = (ms: number): Handle => (_, context) => new Promise((resolve) => {
  const timer = setTimeout(() => resolve(jsonAnswer(200, '{"ok":true}')), ms)
  context.onEnd(() => { clearTimeout(timer); resolve(jsonAnswer(500, '{}')) })
})

async function through(plan: Parameters<typeof flowPlan>[0], limits: Record<string, string>, handle: Handle) {
  const run = testRun(limits)
  chain = await startChain(run, flowPlan(plan), handle)
  const answer = await sendRequest(run, { to: chain.entry, inputJson: '{}' })
  await chain.drain()
  await chain.close()
  chain = null
  return { run, answer }
}
const shown = (run: TestRun) => run.events.flatMap((event) => (event.type === 'stage' ? [event.stage] : event.type === 'context_canceled' ? [event.cause] : event.type === 'limit_fired' ? [event.limitId] : event.type === 'fault_injected' ? [event.action] : []))

describe('the whole chain', () => {
  test('carries a request through two proxies and a slow link', async () => {
    const { run, answer } = await through({ proxies: ['builtin', 'builtin'], faults: ['network.latency=20ms:proxy2'] }, {}, after(10))
    expect(answer).toMatchObject({ status: 200, complete: true })
    expect(shown(run)).toEqual(['latency', 'request_received', 'response_returned'])
    const parents = Object.fromEntries(run.of('span_started').map((span) => [span.spanId, span.parentId]))
    expect(parents).toMatchObject({ client: null, proxy1: 'client', 'network/proxy2': 'proxy1', proxy2: 'proxy1', gateway: 'proxy2' })
  })
  test('the client’s limit travels inwards hop by hop', async () => {
    const { run } = await through({ proxies: ['builtin', 'builtin'] }, { 'client.total': '100ms' }, after(5000))
    expect(shown(run)).toEqual(['request_received', 'client.total', 'client_gone'])
    expect(run.of('connection_ended').map((event) => `${event.layer}${event.hop} ${event.side}`)).toEqual(['proxy1 downstream', 'proxy2 downstream', 'gateway0 downstream'])
  })
  test('draining waits for what nobody cancelled, and for what is still on its way', async () => {
    let finished = false
    const { run } = await through({ propagateCancel: false, faults: ['network.latency=60ms'] }, { 'client.total': '30ms' }, async () => { await sleep(100); finished = true; return jsonAnswer(200, '1') })
    expect(finished).toBe(true)
    expect(shown(run)).toEqual(['latency', 'client.total', 'request_received'])
  })
  test('a request lost in a black hole is not waited for', async () => {
    const { run } = await through({ faults: ['network.blackhole'] }, { 'client.total': '60ms' }, () => { throw new Error('arrived') })
    expect(shown(run)).toEqual(['blackhole', 'client.total'])
  })
  test.each([
    [['network.refuse'], 'connect ECONNREFUSED', 'refuse'], [['network.dns'], 'ENOTFOUND', 'dns'],
  ])('%s is reported by the one who meets it', async (faults, error, action) => {
    const { run, answer } = await through({ faults }, {}, after(0))
    expect(answer.error).toContain(error)
    expect(shown(run)).toEqual([action])
  })
  test('a refused link behind a proxy is reported by the proxy', async () => {
    const { run, answer } = await through({ proxies: ['builtin'], faults: ['network.refuse:gateway'] }, {}, after(0))
    expect(answer.status).toBe(502)
    expect(shown(run)).toEqual(['refuse', 'response_returned'])
  })
})

test('a fault at a place this flow does not have is refused before anything starts', async () => {
  await expect(startChain(testRun(), flowPlan({ faults: ['network.reset:proxy1'] }), after(0))).rejects.toMatchObject({ code: 'fault_without_place', hint: 'add --proxy builtin' })
  await expect(startChain(testRun(), flowPlan({ proxies: ['builtin'], faults: ['network.reset:proxy7'] }), after(0))).rejects.toBeInstanceOf(FlowError)
})
test('every hop is closed: no socket, server, thread or timer is left', async () => {
  await expect.poll(() => openHandles()['TCPSocketWrap'] ?? 0).toBe(0)
  const before = openHandles()
  for (const faults of [[], ['network.latency=5ms'], ['network.blackhole'], ['network.refuse'], ['network.connect_hang'], ['network.dns'], ['network.bandwidth=1KB/s'], ['network.idle_drop=20ms']]) {
    for (const proxies of [[], ['builtin' as const]]) {
      const { run } = await through({ proxies, faults }, { 'client.total': '60ms', 'gateway.read': '30s', 'gateway.write': '30s', 'gateway.idle': '30s', 'proxy.read': '30s', 'proxy.idle': '30s' }, after(5000))
      expect(run.clock.pending, `${faults} ${proxies}`).toBe(0)
      expect(run.of('span_started').length, `${faults} ${proxies}`).toBe(run.of('span_ended').length)
    }
  }
  await expect.poll(openHandles).toEqual(before)
})
test('fifty requests at once over one chain keep apart', async () => {
  const run = testRun()
  chain = await startChain(run, flowPlan({ proxies: ['builtin'], faults: ['network.latency=5ms±5ms'] }), async (request) => jsonAnswer(200, request.body.toString()))
  const { entry } = chain
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => sendRequest(run, { to: entry, inputJson: JSON.stringify({ n, filler: 'x'.repeat(n * 1000) }) })))
  expect(answers.map((answer) => (JSON.parse(answer.body.toString()) as { n: number }).n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
})
