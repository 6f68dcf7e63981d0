import { afterEach, describe, expect, test } from 'vitest'
import type { RequestContext } from '../../../../electron/flow/context.ts'
import { jsonAnswer, type GatewayAnswer, type GatewayRequest, type Handle } from '../../../../electron/flow/gateway/exchange.ts'
import { startGateway, type Gateway } from '../../../../electron/flow/gateway/server.ts'
import { postRequest, probe, sleep, testRun, type Probe, type TestRun } from '../flow-run.ts'

let gateway: Gateway | null = null
afterEach(async () => {
  await gateway?.close()
  gateway = null
})

/** A handler that answers after `ms`, or as soon as its context ends. */
const after = (ms: number, answer: GatewayAnswer = jsonAnswer(200, '{"ok":true}')): Handle => (_, context) => new Promise((resolve) => {
  const timer = setTimeout(() => resolve(answer), ms)
  context.onEnd(() => { clearTimeout(timer); resolve(jsonAnswer(500, '{"error":"signal: killed"}')) })
})

async function serving(limits: Record<string, string>, handle: Handle, propagateCancel = true): Promise<{ run: TestRun; client: Probe }> {
  const run = testRun(limits)
  run.clock.start()
  gateway = await startGateway(run, { propagateCancel, parentSpanId: 'client' }, handle)
  return { run, client: probe(gateway.port) }
}

describe('a request', () => {
  test('is handed on whole and answered; the connection stays open for the next', async () => {
    const seen: GatewayRequest[] = []
    const { run, client } = await serving({}, async (request) => { seen.push(request); return jsonAnswer(200, '{"n":1}') })
    client.send(postRequest('{"a":1}'))
    await client.until(/\{"n":1\}$/)
    client.send(postRequest('{"a":2}'))
    await client.until(/(\{"n":1\}.*){2}$/s)
    expect(seen.map((request) => request.body.toString())).toEqual(['{"a":1}', '{"a":2}'])
    expect(run.of('stage').map((event) => event.stage)).toEqual(['request_received', 'request_received'])
    expect(run.said('request completed')).toHaveLength(2)
  })
  test('may be sent before the one in front is answered; answers keep the order', async () => {
    let number = 0
    const { client } = await serving({}, async () => { const mine = ++number; await sleep(mine === 1 ? 30 : 0); return jsonAnswer(200, `"${mine}"`) })
    client.send(postRequest() + postRequest())
    const text = await client.until(/"2"/)
    expect(text.indexOf('"1"')).toBeLessThan(text.indexOf('"2"'))
  })
  test('with Connection: close is the last one', async () => {
    const { client } = await serving({}, after(0))
    client.send(postRequest('{}', 'Connection: close\r\n'))
    expect(await client.ended).toBe('fin')
    expect(client.text()).toContain('{"ok":true}')
  })
  test('that waits for 100 Continue gets it', async () => {
    const { client } = await serving({}, after(0))
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
    await client.until(/100 Continue/)
    client.send('{}')
    await client.until(/ok/)
  })
  test.each([['binary rubbish', '\x16\x03\x01\0'], ['no Host', 'GET / HTTP/1.1\r\n\r\n'], ['a bad length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n']])('that is not one (%s) gets 400 and the connection ends', async (_, text) => {
    const { run, client } = await serving({}, after(0))
    client.send(Buffer.from(text, 'latin1'))
    expect(await client.ended).toBe('fin')
    expect(client.text()).toContain('HTTP/1.1 400 Bad Request')
    expect(run.of('stage')).toEqual([])
  })
  test('for its health is answered by the gateway itself', async () => {
    const { run, client } = await serving({}, () => { throw new Error('reached the connector') })
    client.send('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.until(/ok/)
    expect(run.of('stage')).toEqual([])
  })
  test('whose handler panics gets no answer', async () => {
    const { run, client } = await serving({}, async () => { throw new Error('nil map') })
    client.send(postRequest())
    expect(await client.ended).toBe('fin')
    expect(client.text()).toBe('')
    expect(run.said(/panic serving: nil map/)).toHaveLength(1)
  })
})

describe('gateway.write is Go’s WriteTimeout:', () => {
  test('it passes in silence, and the client gets nothing when the handler ends', async () => {
    const { run, client } = await serving({ 'gateway.write': '50ms' }, after(160))
    client.send(postRequest())
    expect(await client.ended).toBe('fin')
    expect(run.clock.nowMs()).toBeGreaterThanOrEqual(160)
    expect(client.text()).toBe('')
    const fired = run.the('limit_fired')
    expect(fired).toMatchObject({ limitId: 'gateway.write', effect: 'late' })
    expect(fired.atMs - (fired.passedAtMs ?? 0)).toBeGreaterThan(80)
    expect(run.of('context_canceled')).toEqual([])
    expect(run.said('request completed')[0]?.fields.status).toBe(200)
  })
  test('an answer larger than the buffer fails in the log, and is lost as well', async () => {
    const { run, client } = await serving({ 'gateway.write': '30ms' }, after(80, jsonAnswer(200, JSON.stringify('x'.repeat(5000)))))
    client.send(postRequest())
    expect(await client.ended).toBe('fin')
    expect(client.text()).toBe('')
    expect(run.said(/^write failed: .*i\/o timeout$/)).toHaveLength(1)
  })
  test('in the middle of a write to a client that does not read it cuts the answer off', async () => {
    const { run, client } = await serving({ 'gateway.write': '200ms' }, after(0, jsonAnswer(200, 'x'.repeat(40_000_000))))
    client.send(postRequest())
    await client.until(/200 OK/)
    client.socket.pause()
    await expect.poll(() => run.fired()).toEqual(['gateway.write'])
    expect(run.the('limit_fired').effect).toBe('acted')
    client.socket.resume()
    await client.ended
    expect(client.text().length).toBeLessThan(40_000_000)
  })
  test('an answer in time is not touched', async () => {
    const { run, client } = await serving({ 'gateway.write': '2s' }, after(10))
    client.send(postRequest())
    await client.until(/ok/)
    expect(run.fired()).toEqual([])
    expect(run.the('limit_disarmed').limitId).toBe('gateway.write')
  })
})

describe('gateway.read and gateway.read_header', () => {
  test.each(['gateway.read_header', 'gateway.read'])('%s: a header that does not come ends the connection without an answer', async (id) => {
    const { run, client } = await serving({ [id]: '60ms' }, after(0))
    client.send('POST / HTTP/1.1\r\nHo')
    expect(await client.ended).toBe('fin')
    expect(client.text()).toBe('')
    expect(run.fired()).toEqual([id])
  })
  test('gateway.read: a body that does not come fails the handler’s read', async () => {
    const { run, client } = await serving({ 'gateway.read': '60ms', 'gateway.read_header': '20ms' }, () => { throw new Error('handled') })
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{')
    expect(await client.ended).toBe('fin')
    expect(client.text()).toContain('i/o timeout')
    expect(run.fired()).toEqual(['gateway.read'])
  })
  test('a longer gateway.read_header alone ends a header that does not come, as in Go', async () => {
    const { run, client } = await serving({ 'gateway.read_header': '120ms', 'gateway.read': '30ms' }, after(0))
    client.send('POST / HTTP/1.1\r\nHo')
    expect(await client.ended).toBe('fin')
    expect(client.text()).toBe('')
    expect(run.fired()).toEqual(['gateway.read_header'])
  })
  test('a header that came after gateway.read had passed: what is missing of the body is not waited for', async () => {
    const { run, client } = await serving({ 'gateway.read_header': '20s', 'gateway.read': '30ms' }, () => { throw new Error('handled') })
    client.send('POST / HTTP/1.1\r\nHo')
    await sleep(60)
    client.send('st: x\r\nContent-Length: 10\r\n\r\n{')
    expect(await client.ended).toBe('fin')
    expect(client.text()).toContain('i/o timeout')
    expect(run.fired()).toEqual(['gateway.read'])
  })
  test('a header and a body that came together after gateway.read had passed are served', async () => {
    const { run, client } = await serving({ 'gateway.read_header': '20s', 'gateway.read': '30ms' }, after(0))
    client.send('POST / HTTP/1.1\r\nHo')
    await sleep(60)
    client.send('st: x\r\nContent-Length: 2\r\n\r\n{}')
    await client.until(/ok/)
    expect(run.fired()).toEqual([])
  })
  test('neither has any effect once the request has been read', async () => {
    const { run, client } = await serving({ 'gateway.read': '30ms', 'gateway.read_header': '30ms' }, after(100))
    client.send(postRequest())
    await client.until(/ok/)
    expect(run.fired()).toEqual([])
  })
})

describe('gateway.handler is Go’s TimeoutHandler:', () => {
  test('503 in time, the context cancelled with "deadline exceeded"', async () => {
    let ended: RequestContext['ended'] = null
    const { run, client } = await serving({ 'gateway.handler': '60ms' }, (_, context) => { context.onEnd((cancellation) => { ended = cancellation }); return after(5000)(_, context) })
    client.send(postRequest())
    const text = await client.until(/Timeout<\/h1>/)
    expect(text).toContain('503 Service Unavailable')
    expect(ended).toMatchObject({ by: 'gateway', cause: { kind: 'limit', limitId: 'gateway.handler' }, error: 'context deadline exceeded' })
    expect(run.the('context_canceled')).toMatchObject({ layer: 'gateway', cause: 'limit', limitId: 'gateway.handler' })
    expect(run.the('answered').status).toBe(503)
  })
  test('with a write limit that passed before, even the 503 is lost', async () => {
    const { run, client } = await serving({ 'gateway.handler': '80ms', 'gateway.write': '30ms' }, after(5000))
    client.send(postRequest())
    expect(await client.ended).toBe('fin')
    expect(client.text()).toBe('')
    expect(run.fired()).toEqual(['gateway.handler', 'gateway.write'])
  })
})

test('gateway.worker: the worker is killed, the connection with it', async () => {
  const { run, client } = await serving({ 'gateway.worker': '50ms' }, after(5000))
  client.send(postRequest())
  expect(await client.ended).toBe('fin')
  expect(client.text()).toBe('')
  expect(run.fired()).toEqual(['gateway.worker'])
  expect(run.the('context_canceled').limitId).toBe('gateway.worker')
})

test('gateway.idle: a kept-alive connection is closed when nothing more comes', async () => {
  const { run, client } = await serving({ 'gateway.idle': '60ms' }, after(0))
  client.send(postRequest())
  await client.until(/ok/)
  expect(run.fired()).toEqual([])
  expect(await client.ended).toBe('fin')
  expect(run.fired()).toEqual(['gateway.idle'])
})

describe('a client that leaves', () => {
  test.each([['closes', 'fin'], ['resets', 'rst']] as const)('and %s cancels the context at once', async (way, how) => {
    const { run, client } = await serving({}, after(5000))
    client.send(postRequest())
    await expect.poll(() => run.of('stage').length).toBe(1)
    if (way === 'closes') client.socket.destroy()
    else client.socket.resetAndDestroy()
    await gateway?.settled()
    await expect.poll(() => run.of('context_canceled').length).toBe(1)
    await gateway?.settled()
    expect(run.the('context_canceled')).toMatchObject({ cause: 'client_gone', error: 'context canceled', limitId: null })
    expect(run.the('connection_ended')).toMatchObject({ layer: 'gateway', side: 'downstream', by: 'peer', how })
    expect(run.said('client went away, request context cancelled')).toHaveLength(1)
    expect(run.said('no one to answer, response dropped')[0]?.fields).toMatchObject({ status: 500 })
  })
  test('cancels nothing where cancelling is not propagated: the handler ends by itself', async () => {
    let finished = false
    const { run, client } = await serving({}, async () => { await sleep(80); finished = true; return jsonAnswer(200, '1') }, false)
    client.send(postRequest())
    await expect.poll(() => run.of('stage').length).toBe(1)
    client.socket.destroy()
    await expect.poll(() => run.of('connection_ended').length).toBe(1)
    await gateway?.settled()
    expect(finished).toBe(true)
    expect(run.of('context_canceled')).toEqual([])
  })
  test('in the middle of its request was never handed on', async () => {
    const { run, client } = await serving({}, () => { throw new Error('handed on') })
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{')
    await expect.poll(() => run.of('stage').length).toBe(1)
    client.socket.destroy()
    await expect.poll(() => run.the('connection_ended').complete).toBe(false)
  })
})

test('closing the gateway ends what is in hand and leaves no timer', async () => {
  const { run, client } = await serving({ 'gateway.write': '30s', 'gateway.read': '30s', 'gateway.handler': '30s' }, after(5000))
  client.send(postRequest())
  await expect.poll(() => run.of('stage').length).toBe(1)
  await gateway?.close()
  expect(run.the('context_canceled').cause).toBe('engine_stop')
  await gateway?.settled()
  expect(run.clock.pending).toBe(0)
})
