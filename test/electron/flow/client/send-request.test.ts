import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sendRequest } from '../../../../electron/flow/client/send-request.ts'
import { loopback } from '../../../../electron/flow/endpoint.ts'
import { openHandles, tcpServer, testRun } from '../flow-run.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of closers.splice(0)) await close() })

async function serve(answer: (socket: Socket) => void): Promise<number> {
  const server = await tcpServer((socket) => { socket.once('data', () => answer(socket)) })
  closers.push(server.close)
  return server.port
}
async function ask(answer: (socket: Socket) => void, limits: Record<string, string> = {}, stop?: AbortSignal) {
  const run = testRun(limits)
  const result = await sendRequest(run, { to: loopback(await serve(answer)), inputJson: '{"n":1}', ...(stop ? { stop } : {}) })
  expect(run.clock.pending).toBe(0)
  expect(run.of('span_started').length).toBe(run.of('span_ended').length)
  return { run, result }
}

describe('an answer that is whole', () => {
  test('is complete, with its status, body, bytes and first byte', async () => {
    const { run, result } = await ask((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'))
    expect(result).toMatchObject({ status: 200, complete: true, ended: 'fin', error: null, bytes: 50 })
    expect(result.body.toString()).toBe('{"ok":true}')
    expect(result.firstByteMs).toBeLessThanOrEqual(result.endedMs)
    expect(run.the('client_ended')).toMatchObject({ status: 200, complete: true })
    expect(run.the('stage').stage).toBe('response_returned')
  })
  test('has one end: what the client saw, the stage and its spans tell the same instant, however long the telling takes', async () => {
    const large = 'x'.repeat(2_000_000)
    const { run, result } = await ask((socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n${large}`))
    const ends = run.of('span_ended').filter(({ spanId }) => spanId === 'client' || spanId === 'client/reading')
    expect([run.the('stage').atMs, run.the('client_ended').atMs, ...ends.map(({ atMs }) => atMs)]).toEqual(Array(4).fill(result.endedMs))
  })
  test('is kept with its head, and so is what was sent for it', async () => {
    const { run } = await ask((socket) => socket.write(`HTTP/1.1 200 Fine\r\nX-Long: ${'x'.repeat(5000)}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n42\r\n0\r\n\r\n`))
    const { request, response, bytes } = run.the('client_ended')
    expect(request).toMatchObject({ bodyBytes: 7, headers: [{ name: 'Host', value: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }, { name: 'User-Agent', value: 'cutoff' }, { name: 'Accept', value: 'application/json' }, { name: 'Content-Type', value: 'application/json' }, { name: 'Content-Length', value: '7' }] })
    expect(request?.headBytes).toBe(`POST /transform HTTP/1.1\r\n${request?.headers.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`.length)
    expect(response).toMatchObject({ version: '1.1', reason: 'Fine', bodyBytes: 2, headBytes: bytes - 12, headers: [{ name: 'X-Long' }, { name: 'Transfer-Encoding', value: 'chunked' }] })
    // A head may be a megabyte; what is kept of it is not.
    expect(response?.headers[0]?.value).toMatch(/^x{2000}…$/)
  })
  test('may be an error of the server: that is an answer too', async () => {
    const { run, result } = await ask((socket) => socket.end('HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n'))
    expect(result).toMatchObject({ status: 504, complete: true })
    expect(run.of('stage')).toHaveLength(1)
  })
  test('goes through the phases connect, send, wait, read', async () => {
    const { run } = await ask((socket) => setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'), 20))
    expect(run.of('span_started').map((span) => span.spanId)).toEqual(['client', 'client/connect', 'client/send', 'client/waiting', 'client/reading'])
  })
})

describe('an answer that is not whole', () => {
  test('a close without a byte is an empty reply', async () => {
    const { run, result } = await ask((socket) => socket.end())
    expect(result).toMatchObject({ status: null, bytes: 0, ended: 'fin', complete: false, error: 'empty reply (EOF)' })
    expect(run.the('connection_ended')).toMatchObject({ layer: 'client', side: 'upstream', by: 'peer', how: 'fin' })
    expect(run.the('client_ended')).toMatchObject({ request: { bodyBytes: 7 }, response: null })
    expect(run.of('stage')).toEqual([])
  })
  test('a close in the middle of the body keeps what came', async () => {
    const { result } = await ask((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    expect(result).toMatchObject({ status: 200, ended: 'fin', complete: false })
    expect(result.body.toString()).toBe('half')
  })
  test('a reset is told from a close', async () => {
    const { result } = await ask((socket) => socket.resetAndDestroy())
    expect(result).toMatchObject({ status: null, ended: 'rst', complete: false, error: 'read ECONNRESET' })
  })
  test('rubbish is refused at once', async () => {
    const { result } = await ask((socket) => socket.write('\0\x01rubbish'))
    expect(result).toMatchObject({ ended: 'aborted', complete: false })
    expect(result.error).toContain('not HTTP')
  })
})

describe('a limit that passes closes the connection and names itself:', () => {
  test('client.total, counted from the start', async () => {
    const { run, result } = await ask(() => {}, { 'client.total': '60ms', 'client.first_byte': '5s' })
    expect(result).toMatchObject({ ended: 'timeout', complete: false, error: 'client.total limit of 60ms reached' })
    expect(run.fired()).toEqual(['client.total'])
    expect(run.the('limit_fired').atMs).toBeGreaterThanOrEqual(60)
    expect(run.said('total limit reached, closing the connection')[0]?.fields).toEqual({ limit: 'client.total', value: '60ms' })
  })
  test('client.first_byte, counted from the request sent', async () => {
    const { run } = await ask(() => {}, { 'client.first_byte': '40ms', 'client.total': '5s' })
    expect(run.fired()).toEqual(['client.first_byte'])
    expect(run.of('limit_disarmed').map((event) => event.limitId)).toEqual(['client.total'])
  })
  test('client.read, between two reads only', async () => {
    const { run, result } = await ask((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
      for (const ms of [40, 80, 120]) setTimeout(() => socket.write('x'), ms)
    }, { 'client.read': '70ms' })
    expect(run.fired()).toEqual(['client.read'])
    expect(result.body.toString()).toBe('xxx')
    expect(result.endedMs).toBeGreaterThanOrEqual(190)
  })
  test('a limit that was not reached is disarmed', async () => {
    const { run, result } = await ask((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), { 'client.total': '5s', 'client.connect': '5s', 'client.first_byte': '5s', 'client.read': '5s' })
    expect(result.complete).toBe(true)
    expect(run.fired()).toEqual([])
    expect(run.of('limit_disarmed').length).toBe(run.of('limit_armed').filter((event, index, all) => all.findIndex((other) => other.limitId === event.limitId) === index).length)
  })
})

describe('the user', () => {
  test('stops a run in the middle: the connection is gone at once', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 30)
    let left: string | null = null
    const { run, result } = await ask((socket) => { socket.once('end', () => { left = 'fin' }) }, {}, stop.signal)
    expect(result).toMatchObject({ ended: 'aborted', error: 'canceled' })
    expect(run.of('stop_requested')).toHaveLength(1)
    await expect.poll(() => left).toBe('fin')
  })
  test('may have stopped before it began', async () => {
    const { result } = await ask(() => {}, {}, AbortSignal.abort())
    expect(result.ended).toBe('aborted')
  })
})

test('nothing listens: the connection is refused, in so many words', async () => {
  const server = await tcpServer(() => {})
  await server.close()
  const run = testRun()
  const result = await sendRequest(run, { to: loopback(server.port), inputJson: '{}' })
  expect(result).toMatchObject({ status: null, ended: 'rst', complete: false })
  expect(result.error).toContain('ECONNREFUSED')
  expect(run.the('connection_ended').how).toBe('refused')
})

test('an input of 20 MB goes out and an answer of 20 MB comes back', async () => {
  const run = testRun({ 'client.total': '60s' })
  const big = 'x'.repeat(20_000_000)
  let received = 0
  const server = await tcpServer((socket) => {
    socket.on('data', (bytes) => {
      received += bytes.length
      if (received > big.length) socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${big.length}\r\n\r\n${big}`)
    })
  })
  closers.push(server.close)
  const result = await sendRequest(run, { to: loopback(server.port), inputJson: JSON.stringify(big) })
  expect(result).toMatchObject({ status: 200, complete: true })
  expect(result.body.length).toBe(big.length)
})

test('a hundred requests leave no socket open', async () => {
  await expect.poll(() => openHandles()['TCPSocketWrap'] ?? 0).toBe(0)
  const server = await tcpServer((socket) => { socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')) })
  await Promise.all(Array.from({ length: 100 }, () => sendRequest(testRun(), { to: loopback(server.port), inputJson: '{}' })))
  await server.close()
  await expect.poll(() => openHandles()['TCPSocketWrap'] ?? 0).toBe(0)
})
