import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { loopback, type Endpoint } from '../../../../electron/flow/endpoint.ts'
import { FlowError } from '../../../../electron/flow/flow-error.ts'
import { holdHangingPort } from '../../../../electron/flow/network/hanging-port.ts'
import { startEmptyNameServer, unknownHost } from '../../../../electron/flow/network/name-server.ts'
import { holdRefusedPort } from '../../../../electron/flow/network/refused-port.ts'
import { findProxyProgram } from '../../../../electron/flow/proxy/program.ts'
import type { RunningProxy } from '../../../../electron/flow/proxy/running-proxy.ts'
import { startProxy } from '../../../../electron/flow/proxy/start-proxy.ts'
import { proxyEngines, type ProxyEngine } from '../../../../shared/flow/layers.ts'
import { postRequest, probe, sleep, tcpServer, testRun, type Probe, type TestRun } from '../flow-run.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of closers.splice(0).toReversed()) await close() })

interface Setting { run: TestRun; client: Probe; proxy: RunningProxy; upstream: Socket[] }

/** A proxy between a raw client and a raw upstream: every byte is decided by the test. */
async function between(engine: ProxyEngine, limits: Record<string, string>, upstream: Endpoint | ((socket: Socket) => void)): Promise<Setting> {
  const run = testRun(limits)
  const sockets: Socket[] = []
  let to: Endpoint
  if (typeof upstream === 'function') {
    const server = await tcpServer((socket) => { sockets.push(socket); upstream(socket) })
    closers.push(server.close)
    to = loopback(server.port)
  } else to = upstream
  const proxy = await startProxy(run, engine, { hop: 1, upstream: to, parentSpanId: 'client' })
  closers.push(proxy.close)
  run.clock.start()
  const client = probe(proxy.port)
  closers.push(async () => { client.socket.destroy() })
  return { run, client, proxy, upstream: sockets }
}
const onRequest = (act: (socket: Socket) => void) => (socket: Socket) => { socket.once('data', () => act(socket)) }
const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const facts = (run: TestRun) => run.of('connection_ended').filter((event) => event.layer === 'proxy').map((event) => `${event.side} ${event.by} ${event.how}`)

/** A program that is not on this machine has one behaviour to test: the error that says how to get it. */
function whereInstalled(engine: ProxyEngine, body: () => Promise<void>): () => Promise<void> {
  if (engine === 'builtin' || findProxyProgram(engine) !== null) return body
  return async () => {
    const error = await startProxy(testRun(), engine, { hop: 1, upstream: loopback(1), parentSpanId: 'client' }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(FlowError)
    expect(error).toMatchObject({ code: 'proxy_missing' })
  }
}

describe.each(proxyEngines)('%s', (engine) => {
  test('passes a request and its answer on', whereInstalled(engine, async () => {
    let request = ''
    const { run, client, proxy } = await between(engine, {}, (socket) => {
      socket.on('data', (bytes) => { request += bytes.toString('latin1'); if (request.endsWith('{"a":1}')) socket.write(answer('{"ok":true}')) })
    })
    client.send(postRequest('{"a":1}', 'X-Mine: 1\r\n'))
    const text = await client.until(/\{"ok":true\}$/)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(request).toMatch(/^POST \/transform HTTP\/1\.1\r\n/)
    expect(request.toLowerCase()).toContain('x-mine: 1\r\n')
    await proxy.settled()
    expect(run.the('proxy_log')).toMatchObject({ hop: 1, product: engine, kind: 'access', fields: { status: 200 } })
    expect(run.fired()).toEqual([])
    expect(facts(run)).toEqual([])
    expect(run.of('span_started').map((span) => span.spanId)).toEqual(expect.arrayContaining(['proxy1', 'proxy1/connect', 'proxy1/waiting']))
  }))
  test('passes chunks, an answer that ends with its connection, and 2 MB both ways', whereInstalled(engine, async () => {
    const big = 'x'.repeat(2_000_000)
    let received = 0
    const { client } = await between(engine, {}, (socket) => {
      socket.on('data', (bytes) => {
        received += bytes.length
        if (received < big.length) return
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.end(`${big}end`)
      })
    })
    client.send(postRequest(big))
    const text = await client.until(/end(\r\n0\r\n\r\n)?$/)
    expect(text.length).toBeGreaterThan(big.length)
  }))

  describe('proxy.read', () => {
    test('answers 504 when upstream says nothing', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.read': '150ms' }, onRequest(() => {}))
      client.send(postRequest())
      await client.until(/504 Gateway Time-out/)
      await proxy.settled()
      expect(run.fired()).toEqual(['proxy1.read'])
      expect(run.the('limit_fired').atMs).toBeGreaterThanOrEqual(145)
      expect(run.the('answered')).toMatchObject({ layer: 'proxy', hop: 1, status: 504 })
    }))
    test('breaks an answer off that stalls in the middle', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.read': '150ms' }, onRequest((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf')))
      client.send(postRequest())
      expect(await client.ended).toBe('fin')
      expect(client.text()).toContain('200 OK')
      await proxy.settled()
      expect(run.fired()).toEqual(['proxy1.read'])
      expect(facts(run)).toContain('downstream self fin')
    }))
    test('does not fire while something comes now and then: it is no total', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.read': '450ms' }, onRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
        for (const number of [1, 2, 3, 4, 5]) setTimeout(() => socket.write(String(number)), number * 120)
      }))
      client.send(postRequest())
      await client.until(/12345$/)
      await proxy.settled()
      expect(run.fired()).toEqual([])
    }))
  })

  test('proxy.connect: upstream neither accepts nor refuses', whereInstalled(engine, async () => {
    const port = await holdHangingPort()
    closers.push(port.close)
    const { run, client, proxy } = await between(engine, { 'proxy.connect': '150ms', 'proxy.read': '5s' }, loopback(port.port))
    client.send(postRequest())
    await client.until(engine === 'haproxy' ? /503 Service Unavailable/ : /504 Gateway Time-out/)
    await proxy.settled()
    expect(run.fired()).toEqual(['proxy1.connect'])
  }))
  test('an upstream that refuses is 502 (HAProxy: 503), no limit', whereInstalled(engine, async () => {
    const port = await holdRefusedPort()
    closers.push(port.close)
    const { run, client, proxy } = await between(engine, { 'proxy.connect': '5s' }, loopback(port.port))
    client.send(postRequest())
    await client.until(engine === 'haproxy' ? /503 Service Unavailable/ : /502 Bad Gateway/)
    await proxy.settled()
    expect(run.fired()).toEqual([])
    expect(facts(run)).toEqual(['upstream peer refused'])
  }))
  test('a name that does not resolve is no limit either', whereInstalled(engine, async () => {
    const names = await startEmptyNameServer()
    closers.push(names.close)
    const { run, client, proxy } = await between(engine, {}, { host: unknownHost, port: 80, nameServerPort: names.port })
    client.send(postRequest())
    await client.until(/HTTP\/1\.1 50[23]/)
    await proxy.settled()
    expect(facts(run)).toEqual(['upstream peer unreachable'])
  }))
  test('an upstream that closes before it answers is 502', whereInstalled(engine, async () => {
    const { run, client, proxy } = await between(engine, { 'proxy.read': '5s' }, onRequest((socket) => socket.end()))
    client.send(postRequest())
    await client.until(/502 Bad Gateway/)
    await proxy.settled()
    expect(run.fired()).toEqual([])
    expect(facts(run)).toEqual(['upstream peer fin'])
    expect(run.the('answered').status).toBe(502)
  }))
  test('an upstream that resets before it answers is 502', whereInstalled(engine, async () => {
    const { run, client, proxy } = await between(engine, {}, onRequest((socket) => socket.resetAndDestroy()))
    client.send(postRequest())
    await client.until(/502 Bad Gateway/)
    await proxy.settled()
    // HAProxy's termination state does not tell a reset from a close.
    expect(facts(run)).toEqual([engine === 'haproxy' ? 'upstream peer fin' : 'upstream peer rst'])
  }))
  test('an upstream that closes in the middle leaves a truncated 200', whereInstalled(engine, async () => {
    const { run, client, proxy } = await between(engine, {}, onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf')))
    client.send(postRequest())
    expect(await client.ended).toBe('fin')
    expect(client.text()).toMatch(/200 OK.*half$/s)
    await proxy.settled()
    expect(facts(run)).toEqual(['upstream peer fin', 'downstream self fin'])
  }))
  test('a client that leaves is noticed, and its request upstream is given up', whereInstalled(engine, async () => {
    const { run, client, proxy, upstream } = await between(engine, { 'proxy.read': '5s' }, onRequest(() => {}))
    client.send(postRequest())
    await expect.poll(() => upstream.length).toBe(1)
    await sleep(20)
    const left = new Promise<void>((resolve) => { upstream[0]?.once('end', resolve); upstream[0]?.once('close', resolve) })
    client.socket.destroy()
    await left
    await proxy.settled()
    expect(facts(run)).toEqual(['downstream peer fin'])
    expect(run.fired()).toEqual([])
    if (engine !== 'haproxy') expect(run.of('proxy_log').at(-1)?.fields.status).toBe(499)
  }))

  describe('a slow client', () => {
    test('proxy.client_header: a header that stops in the middle', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.client_header': '150ms' }, () => {})
      client.send('POST / HTTP/1.1\r\nHost: x\r\n')
      expect(await client.ended).toBe('fin')
      await proxy.settled()
      expect(run.fired()).toEqual(['proxy1.client_header'])
      expect(client.text()).toMatch(engine === 'haproxy' ? /408 Request Time-out/ : /^$/)
    }))
    test('proxy.client_header: a connection on which nothing is sent', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.client_header': '150ms' }, () => {})
      expect(await client.ended).toBe('fin')
      await proxy.settled()
      expect(run.fired()).toEqual(['proxy1.client_header'])
    }))
    test('proxy.client_body: a body that stops in the middle', whereInstalled(engine, async () => {
      const { run, client, proxy, upstream } = await between(engine, { 'proxy.client_body': '150ms', 'proxy.read': '5s' }, () => {})
      client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf')
      expect(await client.ended).toBe('fin')
      await proxy.settled()
      expect(run.fired()).toEqual(['proxy1.client_body'])
      expect(upstream).toEqual([])
    }))
    test('proxy.client_write: a client that does not read', whereInstalled(engine, async () => {
      const { run, client, proxy } = await between(engine, { 'proxy.client_write': '400ms' }, onRequest((socket) => socket.write(answer('x'.repeat(30_000_000)))))
      client.socket.pause()
      client.send(postRequest())
      await expect.poll(() => run.fired(), { timeout: 8000 }).toEqual(['proxy1.client_write'])
      await proxy.settled()
      expect(facts(run)).toEqual(['downstream self timeout'])
    }))
  })
  test('proxy.idle: a kept-alive connection is closed when nothing more comes', whereInstalled(engine, async () => {
    const { client } = await between(engine, { 'proxy.idle': '200ms' }, onRequest((socket) => socket.write(answer('ok'))))
    client.send(postRequest())
    await client.until(/ok$/)
    expect(await client.ended).toBe('fin')
  }))
  test('what it cannot enforce is reported', whereInstalled(engine, async () => {
    const { run } = await between(engine, { 'proxy.queue': '1s' }, () => {})
    expect(run.the('limit_not_enforced').limitId).toBe('proxy1.queue')
  }))
})

for (const engine of ['builtin', 'nginx'] as const) {
  test(`${engine}, proxy.send: an upstream that does not read the request`, whereInstalled(engine, async () => {
    const { run, client, proxy } = await between(engine, { 'proxy.send': '400ms', 'proxy.read': '8s' }, (socket) => { socket.pause() })
    client.send(postRequest('x'.repeat(30_000_000)))
    await client.until(/504 Gateway Time-out/)
    await proxy.settled()
    expect(run.fired()).toEqual(['proxy1.send'])
  }))
}

for (const engine of ['nginx', 'haproxy'] as const) {
  test(`${engine} that does not start is an error that quotes it, and leaves nothing`, whereInstalled(engine, async () => {
    const run = testRun()
    const error = await startProxy(run, engine, { hop: 1, upstream: { host: 'no host name;', port: 80 }, parentSpanId: 'client' }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(FlowError)
    expect(error).toMatchObject({ code: 'proxy_failed' })
    expect((error as FlowError).message).toMatch(/no host name|invalid|unknown/)
  }))
}
