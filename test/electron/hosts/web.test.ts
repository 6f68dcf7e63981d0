import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { mostBridgeBytes } from '../../../shared/bridge/contract.ts'
import { serveWeb, type WebHost } from '../../../electron/hosts/web.ts'
import { createRecordingEngine, type RecordingEngine } from '../../helpers/recording-engine.ts'

let folder = ''
let host: WebHost
let engine: RecordingEngine

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-web-'))
  mkdirSync(join(folder, 'page/assets'), { recursive: true })
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html><title>Cutoff</title>')
  writeFileSync(join(folder, 'page/assets/index-3f2a.js'), 'export {}')
  writeFileSync(join(folder, 'page/.hidden.js'), 'secret')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'page/link.txt'))
  engine = createRecordingEngine((name, args) => {
    if (name === 'stopRun' && args[0] === 'missing') throw Object.assign(new Error('There is no run missing.'), { code: 'no_run', hint: 'Start one.' })
    if (name === 'stopRun') throw new TypeError('a fault of ours')
    return { name }
  })
  host = await serveWeb({ engine, rendererDir: join(folder, 'page') })
})
afterEach(async () => {
  await host.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Reply { status: number; headers: IncomingHttpHeaders; body: string }

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })
}
async function session(): Promise<string> {
  const url = new URL(host.newUrl())
  const reply = await get(url.pathname + url.search)
  return String(reply.headers['set-cookie']?.[0]).split(';')[0] ?? ''
}
function bridge(headers: Record<string, string>, path = '/bridge'): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('error', reject)
  })
}
const openBridge = async () => bridge({ Cookie: await session(), Origin: `http://127.0.0.1:${host.port}` })
const nextMessage = (socket: WebSocket) => new Promise<unknown>((resolve) => { socket.once('message', (data) => resolve(JSON.parse(String(data)))) })
const closing = (socket: WebSocket) => new Promise<number>((resolve) => { socket.once('close', (code) => resolve(code)) })

test('a browser that leaves in the middle of its requests ends nothing', async () => {
  const cookie = await session()
  const faults: unknown[] = []
  const note = (reason: unknown) => { faults.push(reason) }
  process.on('unhandledRejection', note)
  try {
    for (let round = 0; round < 60; round++) {
      const socket = connect(host.port, '127.0.0.1')
      socket.on('error', () => undefined)
      await new Promise((resolve) => { socket.once('connect', resolve) })
      socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nCookie: ${cookie}\r\n\r\n`)
      await new Promise((resolve) => { setTimeout(resolve, (round % 6) / 3) })
      socket.resetAndDestroy()
    }
    expect((await get('/', { Cookie: cookie })).status).toBe(200)
    expect(faults).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})

describe('the way in', () => {
  test('the printed link buys a session and leads to an address without a secret', async () => {
    const url = new URL(host.url)
    const reply = await get(url.pathname + url.search)
    expect(reply.status).toBe(303)
    expect(reply.headers.location).toBe('/')
    expect(reply.headers['set-cookie']?.[0]).toMatch(/^cutoff-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await get('/', { Cookie: String(reply.headers['set-cookie']?.[0]).split(';')[0] ?? '' })).body).toContain('<title>Cutoff')
  })
  test('a link works once', async () => {
    const url = new URL(host.url)
    await get(url.pathname + url.search)
    const replay = await get(url.pathname + url.search)
    expect(replay.status).toBe(403)
    expect(replay.headers['set-cookie']).toBeUndefined()
    expect(replay.body).toContain('has been used already')
  })
  test('a link opened again by the browser it let in still leads to the screen', async () => {
    const cookie = await session()
    expect((await get(`/?token=${'x'.repeat(43)}`, { Cookie: cookie })).status).toBe(303)
  })
  test.each([['/'], ['/assets/index-3f2a.js'], ['/?token='], ['/?token=guess'], ['/nothing']])('without a session %s is refused', async (path) => {
    expect((await get(path)).status).toBe(403)
    expect((await get(path, { Cookie: `cutoff-${host.port}=guess` })).status).toBe(403)
  })
  test('nobody but this machine can connect', async () => {
    const others = Object.values(networkInterfaces()).flat().filter((address) => address && !address.internal && address.family === 'IPv4')
    for (const address of [...others.map((other) => other?.address ?? ''), '127.0.0.2']) {
      await expect(new Promise((resolve, reject) => { connect(host.port, address, () => resolve('connected')).on('error', reject) }), address).rejects.toThrow('ECONNREFUSED')
    }
  })
})

describe('a page elsewhere cannot use this server', () => {
  test.each([['evil.example'], ['127.0.0.1'], ['127.0.0.1.evil.example:80'], ['localhost.evil.example'], ['127.0.0.1:1'], ['[::1]:80']])('under the name "%s" (DNS rebinding) nothing is served', async (name) => {
    const reply = await get('/', { Host: name, Cookie: await session() })
    expect([400, 421]).toContain(reply.status)
    expect(reply.body).not.toContain('<title>')
  })
  test('under localhost the screen is served', async () => {
    expect((await get('/', { Host: `localhost:${host.port}`, Cookie: await session() })).status).toBe(200)
  })
  test.each([['https://evil.example'], ['null'], ['http://127.0.0.1:1'], ['']])('a WebSocket from the origin "%s" is refused, session or not', async (origin) => {
    await expect(bridge({ Cookie: await session(), Origin: origin })).rejects.toThrow('403')
  })
  test('a WebSocket from localhost to 127.0.0.1 is refused: they are two origins', async () => {
    await expect(bridge({ Cookie: await session(), Origin: `http://localhost:${host.port}` })).rejects.toThrow('403')
  })
  test('a WebSocket without an origin is refused', async () => {
    await expect(bridge({ Cookie: await session() })).rejects.toThrow('403')
  })
  test('a WebSocket without a session is refused', async () => {
    await expect(bridge({ Origin: `http://127.0.0.1:${host.port}` })).rejects.toThrow('403')
  })
  test('a WebSocket under another name is refused', async () => {
    await expect(bridge({ Cookie: await session(), Host: `evil.example:${host.port}`, Origin: `http://evil.example:${host.port}` })).rejects.toThrow('421')
  })
  test('a WebSocket to another path is refused', async () => {
    await expect(bridge({ Cookie: await session(), Origin: `http://127.0.0.1:${host.port}` }, '/other')).rejects.toThrow('404')
  })
  test('a script or frame of ours inside a page of another port is refused', async () => {
    const cookie = await session()
    expect((await get('/assets/index-3f2a.js', { Cookie: cookie, 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' })).status).toBe(403)
    expect((await get('/', { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' })).status).toBe(403)
    expect((await get('/', { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' })).status).toBe(200)
  })
})

describe('files', () => {
  test('every answer forbids what the screen does not need', async () => {
    for (const reply of [await get('/', { Cookie: await session() }), await get('/'), await get('/x', { Cookie: await session() })]) {
      expect(reply.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'")
      expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(reply.headers['x-content-type-options']).toBe('nosniff')
      expect(reply.headers['referrer-policy']).toBe('no-referrer')
      expect(reply.headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(reply.headers['cross-origin-resource-policy']).toBe('same-origin')
    }
  })
  test('hashed files are kept for good, the page is asked for again', async () => {
    const cookie = await session()
    const script = await get('/assets/index-3f2a.js', { Cookie: cookie })
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'private, max-age=31536000, immutable' })
    const page = await get('/', { Cookie: cookie })
    expect(page.headers['cache-control']).toBe('no-cache')
    expect((await get('/', { Cookie: cookie, 'If-None-Match': String(page.headers.etag) })).status).toBe(304)
  })
  test('HEAD answers without a body, other methods are refused', async () => {
    const cookie = await session()
    expect(await get('/', { Cookie: cookie }, 'HEAD')).toMatchObject({ status: 200, body: '' })
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) expect((await get('/', { Cookie: cookie }, method)).status).toBe(405)
  })
  test.each([
    ['/../secret.txt'], ['/%2e%2e/secret.txt'], ['/..%2fsecret.txt'], ['/%2e%2e%2fsecret.txt'], ['/assets/../../secret.txt'], ['/..\\secret.txt'], ['/%5c..%5csecret.txt'],
    ['//etc/passwd'], ['/link.txt'], ['/.hidden.js'], ['/assets'], ['/assets/'], ['/%00'], ['/index.html%00.js'], ['/%'], ['/secret.txt'], ['http://evil.example/'],
  ])('%s leads nowhere', async (path) => {
    const reply = await get(path, { Cookie: await session() })
    expect([400, 404]).toContain(reply.status)
    expect(reply.body).not.toContain('secret\n')
  })
})

describe('the bridge', () => {
  test('answers a call by its number', async () => {
    const socket = await openBridge()
    socket.send(JSON.stringify({ id: 7, call: 'hello', args: [] }))
    expect(await nextMessage(socket)).toEqual({ id: 7, ok: { name: 'hello' } })
    socket.terminate()
  })
  test('an error meant for people arrives whole, a fault of ours without its stack', async () => {
    const socket = await openBridge()
    socket.send(JSON.stringify({ id: 1, call: 'stopRun', args: ['missing'] }))
    expect(await nextMessage(socket)).toEqual({ id: 1, error: { code: 'no_run', message: 'There is no run missing.', hint: 'Start one.', where: null } })
    socket.send(JSON.stringify({ id: 2, call: 'stopRun', args: ['r-1'] }))
    expect(await nextMessage(socket)).toEqual({ id: 2, error: { code: 'internal', message: 'a fault of ours', hint: null, where: null } })
    socket.terminate()
  })
  test('a saved run with a long log reaches the engine', async () => {
    const socket = await openBridge()
    const text = 'x"'.repeat(30 * 1024 ** 2)
    socket.send(JSON.stringify({ id: 1, call: 'importRun', args: [text] }))
    await nextMessage(socket)
    const call = engine.calls.at(-1)
    expect([call?.name, String(call?.args[0]).length]).toEqual(['importRun', text.length])
    socket.terminate()
  })
  test('arguments that the contract does not allow never reach the engine', async () => {
    const socket = await openBridge()
    socket.send(JSON.stringify({ id: 1, call: 'readScript', args: [{ $path: '/etc/passwd' }] }))
    expect(await nextMessage(socket)).toMatchObject({ id: 1, error: { code: 'bad_arguments', where: 'path' } })
    expect(engine.calls).toEqual([])
    socket.terminate()
  })
  test.each([['not json'], ['null'], ['[]'], ['{}'], ['{"id":"1","call":"hello","args":[]}'], ['"x"']])('the message %s closes the socket and nothing else', async (text) => {
    const socket = await openBridge()
    const other = await openBridge()
    socket.send(text)
    expect(await closing(socket)).toBe(1007)
    other.send(JSON.stringify({ id: 1, call: 'hello', args: [] }))
    expect(await nextMessage(other)).toMatchObject({ id: 1, ok: { name: 'hello' } })
    other.terminate()
  })
  test('a binary message closes the socket', async () => {
    const socket = await openBridge()
    socket.send(Buffer.from('{"id":1,"call":"hello","args":[]}'))
    expect(await closing(socket)).toBe(1007)
  })
  test('a huge message closes the socket before it is held in memory', async () => {
    const socket = await openBridge()
    socket.on('error', () => undefined)
    socket.send('x'.repeat(mostBridgeBytes + 1))
    expect(await closing(socket)).toBe(1009)
  })
  test('pushes reach every screen, and stop when a screen leaves', async () => {
    const sockets = [await openBridge(), await openBridge()]
    expect(engine.listeners()).toBe(2)
    const received = Promise.all(sockets.map(nextMessage))
    engine.push({ push: 'command', value: { name: 'run', value: null } })
    expect(await received).toEqual([{ push: 'command', value: { name: 'run', value: null } }, { push: 'command', value: { name: 'run', value: null } }])
    sockets[0]?.close()
    await expect.poll(() => engine.listeners()).toBe(1)
    sockets[1]?.terminate()
    await expect.poll(() => engine.listeners()).toBe(0)
  })
  test('a screen that reads nothing loses no fact: they wait, merged, and arrive in order', async () => {
    const socket = await openBridge()
    const facts: number[] = []
    let messages = 0
    socket.on('message', (data) => {
      messages++
      for (const event of JSON.parse(String(data)).value.events) facts.push(event.seq)
    })
    socket.pause()
    const filler = 'x'.repeat(1000)
    for (let batch = 0; batch < 400; batch++) {
      const events = Array.from({ length: 50 }, (_, index) => ({ type: 'proxy_log' as const, seq: batch * 50 + index, atMs: batch, hop: 1, product: 'nginx' as const, kind: 'error' as const, line: filler, fields: {} }))
      engine.push({ push: 'events', value: { runId: 'r', events } })
      if (batch % 20 === 0) await new Promise((resolve) => { setTimeout(resolve, 1) })
    }
    socket.resume()
    await expect.poll(() => facts.length, { timeout: 20_000 }).toBe(20_000)
    expect(facts).toEqual(Array.from({ length: 20_000 }, (_, index) => index))
    expect(messages).toBeLessThan(400)
    socket.terminate()
  })
})

describe('the server', () => {
  test('a port in use is an error that says so', async () => {
    await expect(serveWeb({ engine, port: host.port, rendererDir: join(folder, 'page') })).rejects.toMatchObject({ code: 'port_in_use', message: `Port ${host.port} of 127.0.0.1 is in use by another program.` })
  })
  test('a given port is the one that is used', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
    })
    const other = await serveWeb({ engine, port: free, rendererDir: join(folder, 'page') })
    expect(new URL(other.url).host).toBe(`127.0.0.1:${free}`)
    await other.close()
  })
  test('a screen that was not built is an error that says what to do', async () => {
    await expect(serveWeb({ engine, rendererDir: join(folder, 'nowhere') })).rejects.toMatchObject({ code: 'screen_not_built', hint: 'run `npm run build` first' })
  })
  test('junk in place of HTTP and half a request do no harm', async () => {
    for (const junk of ['\0\u0001\u0002\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`]) {
      const socket = connect(host.port, '127.0.0.1').on('error', () => undefined)
      socket.write(junk)
      setTimeout(() => socket.destroy(), 20)
      await new Promise((resolve) => { socket.on('close', resolve) })
    }
    expect((await get('/', { Cookie: await session() })).status).toBe(200)
  })
  test('closing ends open connections at once', async () => {
    const socket = await openBridge()
    const closed = closing(socket)
    await host.close()
    expect(await closed).toBe(1006)
    host = await serveWeb({ engine, rendererDir: join(folder, 'page') })
  })
})
