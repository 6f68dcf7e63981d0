import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { connectTo, loopback } from '../../../../electron/flow/endpoint.ts'
import { startLink, type StartedLink } from '../../../../electron/flow/network/start-link.ts'
import { flowPlan, probe, sleep, tcpServer, testRun, type Probe, type TestRun } from '../flow-run.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of closers.splice(0).toReversed()) await close() })

interface Setting { run: TestRun; near: Probe; far: Promise<Far>; link: StartedLink; acceptedMs: number }
interface Far { socket: Socket; text(): string; ended: Promise<'fin' | 'rst'> }

/** A link with faults between a raw client and a raw server. */
async function linked(...faults: string[]): Promise<Setting> {
  const run = testRun()
  const { promise: far, resolve } = Promise.withResolvers<Far>()
  const server = await tcpServer((socket) => {
    let text = ''
    socket.on('data', (bytes) => { text += bytes.toString('latin1') })
    const ended = new Promise<'fin' | 'rst'>((done) => { socket.once('end', () => done('fin')); socket.once('error', () => done('rst')) })
    resolve({ socket, text: () => text, ended })
  })
  closers.push(server.close)
  const link = await startLink(run, { to: 'gateway', next: loopback(server.port), faults: flowPlan({ faults }).faults, parentSpanId: 'client' })
  closers.push(link.close)
  run.clock.start()
  const near = probe(link.endpoint.port)
  closers.push(async () => { near.socket.destroy() })
  await far
  return { run, near, far, link, acceptedMs: run.clock.nowMs() }
}
const injected = (run: TestRun) => run.of('fault_injected').map((event) => event.action)
const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

describe('a link', () => {
  test('carries bytes both ways, whatever they are, and both ends of the stream', async () => {
    const { run, near, far, link } = await linked('network.reset@30s')
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251))
    near.send(bytes)
    await expect.poll(async () => (await far).text().length).toBe(bytes.length)
    expect((await far).text() === bytes.toString('latin1')).toBe(true)
    near.socket.end()
    expect(await (await far).ended).toBe('fin')
    ;(await far).socket.end('the answer comes after the question has ended')
    expect(await near.ended).toBe('fin')
    expect(near.text()).toBe('the answer comes after the question has ended')
    await link.settled()
    expect(injected(run)).toEqual([])
    expect(run.clock.pending).toBe(0)
    expect(run.of('span_ended')).toHaveLength(1)
  })
  test.each(['network.latency=5ms', 'network.bandwidth=200MB/s', 'network.reset@30s'])('with %s waits for a receiver that reads nothing for a while, then goes on', async (fault) => {
    const { near, far } = await linked(fault)
    const { socket } = await far
    let received = 0
    socket.removeAllListeners('data').pause().on('data', (bytes) => { received += bytes.length })
    socket.pause()
    // More than the kernel's buffers on both sides hold.
    near.send(Buffer.alloc(24_000_000))
    await sleep(250)
    expect(received).toBe(0)
    expect(near.socket.writableLength).toBeGreaterThan(0)
    socket.resume()
    await expect.poll(() => received, { timeout: 10_000 }).toBe(24_000_000)
  })
  test('a client that leaves while an answer comes resets the connection behind it', async () => {
    const { near, far, link } = await linked('network.reset@30s')
    near.send('x')
    const { socket, ended } = await far
    near.socket.destroy()
    expect(await ended).toBe('fin')
    const reset = new Promise((resolve) => { socket.once('error', resolve) })
    const writing = setInterval(() => socket.write('nobody is there'), 10)
    expect(await reset).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) })
    clearInterval(writing)
    await link.settled()
  })
  test('passes a reset on', async () => {
    const { near, far } = await linked('network.latency=1ms')
    ;(await far).socket.resetAndDestroy()
    expect(await near.ended).toBe('rst')
  })
})

describe('latency', () => {
  test('holds everything back in each direction and keeps the order', async () => {
    const { run, near, far } = await linked('network.latency=60ms±20ms')
    const from = run.clock.nowMs()
    for (const part of ['a', 'b', 'c', 'd']) { near.send(part); await sleep(2) }
    await expect.poll(async () => (await far).text()).toBe('abcd')
    expect(run.clock.nowMs() - from).toBeGreaterThanOrEqual(40)
    ;(await far).socket.write('back')
    const sent = run.clock.nowMs()
    await near.until(/back/)
    expect(run.clock.nowMs() - sent).toBeGreaterThanOrEqual(39)
    expect(injected(run)).toEqual(['latency'])
  })
  test('begins when it is told to', async () => {
    const { run, near, far } = await linked('network.latency=200ms@20s')
    near.send('early')
    await expect.poll(async () => (await far).text()).toBe('early')
    expect(injected(run)).toEqual([])
  })
})

describe('bandwidth', () => {
  test('takes as long as the rate says', async () => {
    const { run, near, far } = await linked('network.bandwidth=100KB/s')
    const from = run.clock.nowMs()
    near.send('x'.repeat(30 * 1024))
    await expect.poll(async () => (await far).text().length).toBe(30 * 1024)
    expect(run.clock.nowMs() - from).toBeGreaterThanOrEqual(295)
  })
  test('very slow links send packet by packet, none before its time', async () => {
    const { run, near, far } = await linked('network.bandwidth=2KB/s')
    const pieces: { bytes: number; atMs: number }[] = []
    ;(await far).socket.on('data', (bytes) => { pieces.push({ bytes: bytes.length, atMs: run.clock.nowMs() }) })
    const from = run.clock.nowMs()
    near.send('x'.repeat(1200))
    await expect.poll(async () => (await far).text().length).toBe(1200)
    let sent = 0
    for (const piece of pieces) {
      expect(piece.atMs - from).toBeGreaterThanOrEqual(((sent += piece.bytes) / 2048) * 1000)
      // Whole packets: where this process stands still for longer than one takes, two of them are read as one.
      expect([536, 1072, 1200]).toContain(sent)
    }
  })
})

describe('reset, close, slow close', () => {
  test('reset@: both sides get a TCP reset', async () => {
    const { run, near, far } = await linked('network.reset@50ms')
    expect(await Promise.all([near.ended, (await far).ended])).toEqual(['rst', 'rst'])
    expect(run.the('fault_injected')).toMatchObject({ fault: 'network.reset@50ms', action: 'reset', place: 'client' })
    expect(run.of('connection_ended').map((event) => `${event.layer} ${event.side} ${event.by} ${event.how}`)).toEqual(['network downstream self rst', 'network upstream self rst'])
  })
  test('close@: both sides get a clean end, what was sent before arrives', async () => {
    const { near, far } = await linked('network.close@1s')
    ;(await far).socket.write('last words')
    expect(await Promise.all([near.ended, (await far).ended])).toEqual(['fin', 'fin'])
    expect(near.text()).toBe('last words')
  })
  test('a connection that is over before its time is not touched', async () => {
    const { run, near, far, link } = await linked('network.reset@1s')
    near.socket.end()
    ;(await far).socket.end()
    await near.ended
    await link.settled()
    await sleep(1000)
    expect(injected(run)).toEqual([])
  })
  test('slow_close: the end of the stream comes later', async () => {
    const { run, near, far } = await linked('network.slow_close=120ms')
    const from = run.clock.nowMs()
    ;(await far).socket.end('all')
    await near.until(/all/)
    expect(await near.ended).toBe('fin')
    expect(run.clock.nowMs() - from).toBeGreaterThanOrEqual(118)
    expect(injected(run)).toEqual(['slow_close'])
  })
  test('slow_close@: nothing passes any more, then both sides are closed', async () => {
    const { near, far } = await linked('network.slow_close=80ms@40ms')
    await sleep(60)
    ;(await far).socket.write('too late')
    expect(await near.ended).toBe('fin')
    expect(near.text()).toBe('')
  })
})

describe('what vanishes', () => {
  test('blackhole: bytes and ends go nowhere, both connections look alive', async () => {
    const { run, near, far, link } = await linked('network.blackhole@2s')
    near.send('before')
    await expect.poll(async () => (await far).text()).toBe('before')
    expect(injected(run)).toEqual([])
    await sleep(2000)
    ;(await far).socket.end('after')
    await expect.poll(() => injected(run)).toEqual(['blackhole'])
    await sleep(30)
    expect(near.text()).toBe('')
    expect(near.socket.readableEnded).toBe(false)
    await link.settled()
  })
  test('blackhole: what is too much for a sender’s own buffers stays with the sender', async () => {
    const { run, near } = await linked('network.blackhole')
    near.send(Buffer.alloc(40_000_000))
    await expect.poll(() => injected(run)).toEqual(['blackhole'])
    await sleep(200)
    const left = near.socket.writableLength
    expect(left).toBeGreaterThan(0)
    await sleep(100)
    expect(near.socket.writableLength).toBe(left)
  })
  test('blackhole: a client that leaves on its own is not the fault’s doing', async () => {
    const { run, near, far } = await linked('network.blackhole')
    near.socket.end()
    await sleep(40)
    expect(injected(run)).toEqual([])
    expect((await far).socket.readableEnded).toBe(false)
  })
  test('idle_drop: a silent connection is forgotten, a busy one is not', async () => {
    const { run, near, far } = await linked('network.idle_drop=150ms')
    for (let i = 0; i < 4; i++) { near.send('.'); await sleep(50) }
    expect((await far).text()).toBe('....')
    await sleep(200)
    near.send('!')
    await expect.poll(() => injected(run)).toEqual(['idle_drop'])
    expect((await far).text()).toBe('....')
  })
})

describe('a spoilt answer', () => {
  test.each([0, 3])('close_midbody: exactly %i bytes of the body pass', async (bytes) => {
    const { run, near, far } = await linked(`network.close_midbody=${bytes}B`)
    ;(await far).socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r')
    await sleep(10)
    ;(await far).socket.write('\n0123456789')
    expect(await near.ended).toBe('fin')
    expect(near.text()).toBe(`HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n${'0123456789'.slice(0, bytes)}`)
    expect(injected(run)).toEqual(['close_midbody'])
  })
  test.each([1, 5, 1000])('close_midbody: what only informs (100, 103) is not the answer, in pieces of %i bytes', async (size) => {
    const { near, far } = await linked('network.close_midbody=3B')
    const head = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n'
    const { socket } = await far
    for (let at = 0; at < head.length + 10 && socket.writable; at += size) {
      socket.write(`${head}0123456789`.slice(at, at + size))
      await new Promise<void>((resolve) => { setImmediate(resolve) })
    }
    expect(await near.ended).toBe('fin')
    expect(near.text()).toBe(`${head}012`)
  })
  test('close_midbody: a shorter answer is left alone', async () => {
    const { run, near, far } = await linked('network.close_midbody=1KB')
    ;(await far).socket.write(answer('short'))
    await near.until(/short$/)
    expect(injected(run)).toEqual([])
  })
  test('garbage takes the place of the answer', async () => {
    const { run, near, far } = await linked('network.garbage')
    ;(await far).socket.write(answer('good'))
    expect(await near.ended).toBe('fin')
    expect(near.text()).toContain('this is not HTTP')
    expect(near.text()).not.toContain('good')
    expect(injected(run)).toEqual(['garbage'])
  })
})

describe('what cannot be connected to', () => {
  async function blocked(fault: string) {
    const run = testRun()
    const link = await startLink(run, { to: 'gateway', next: loopback(1), faults: flowPlan({ faults: [fault] }).faults, parentSpanId: 'client' })
    closers.push(link.close)
    return { run, link }
  }
  const errorOf = (socket: Socket, withinMs: number) => new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    setTimeout(() => { resolve('nothing'); socket.destroy() }, withinMs)
  })
  test('refuse: nothing listens, and nothing else can begin to', async () => {
    const { link } = await blocked('network.refuse')
    expect(await errorOf(connectTo(link.endpoint), 1000)).toBe('ECONNREFUSED')
    expect(link.endpoint.fault?.action).toBe('refuse')
  })
  test('connect_hang: no answer at all, again and again', async () => {
    const { link } = await blocked('network.connect_hang')
    expect(await Promise.all([1, 2, 3].map(() => errorOf(connect(link.endpoint.port, '127.0.0.1'), 300)))).toEqual(['nothing', 'nothing', 'nothing'])
  })
  test('dns: the name does not exist, says the only server that is asked', async () => {
    const { link } = await blocked('network.dns')
    expect(await errorOf(connectTo(link.endpoint), 1000)).toBe('ENOTFOUND')
  })
})
