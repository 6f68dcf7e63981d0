import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { sendRequest } from '../../../../electron/flow/client/send-request.ts'
import { loopback } from '../../../../electron/flow/endpoint.ts'
import { sleep, tcpServer, testRun } from '../flow-run.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => { for (const close of closers.splice(0)) await close() })

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A server that answers what `answer` says to the number of the request on its connection (from 1); null = nothing. */
async function ask(answer: (number: number, socket: Socket) => string | null, options: { idleMs?: number; limits?: Record<string, string>; stop?: AbortSignal } = {}) {
  const requests: string[] = []
  const server = await tcpServer((socket) => {
    let number = 0
    socket.on('data', (bytes) => {
      requests.push(bytes.toString('latin1').split('\r\n')[0] ?? '')
      const text = answer(++number, socket)
      if (text !== null) socket.write(text)
    })
  })
  closers.push(server.close)
  const run = testRun(options.limits)
  const result = await sendRequest(run, { to: loopback(server.port), inputJson: '{}', reuse: { idleMs: options.idleMs ?? 60, fault: 'client.reuse=60ms' }, ...(options.stop ? { stop: options.stop } : {}) })
  expect(run.clock.pending).toBe(0)
  expect(run.of('span_started').length).toBe(run.of('span_ended').length)
  return { run, result, requests, connections: server.connections.length }
}

describe('a request on a kept connection', () => {
  test('comes second on it, after the connection was idle', async () => {
    const { run, result, requests, connections } = await ask(() => ok)
    expect(result).toMatchObject({ status: 200, complete: true })
    expect(requests).toEqual(['GET /healthz HTTP/1.1', 'POST /transform HTTP/1.1'])
    expect(connections).toBe(1)
    expect(run.the('fault_injected')).toMatchObject({ fault: 'client.reuse=60ms', place: 'client' })
    expect(run.the('fault_injected').atMs).toBeGreaterThanOrEqual(60)
    expect(run.of('span_started').map((span) => span.spanId)).toEqual(['client/earlier', 'client/earlier/idle', 'client', 'client/send', 'client/waiting', 'client/reading'])
    expect(run.of('stage')).toHaveLength(1)
  })
  test('is an empty reply when the server has closed meanwhile and the client did not look', async () => {
    const { run, result, connections } = await ask((_number, socket) => { setTimeout(() => socket.end(), 20); return ok })
    expect(result).toMatchObject({ status: null, bytes: 0, ended: 'fin', complete: false })
    expect(result.error).toContain('closed while it was idle')
    expect(connections).toBe(1)
    expect(run.the('connection_ended')).toMatchObject({ layer: 'client', by: 'peer', how: 'fin', complete: true })
    expect(run.the('connection_ended').atMs).toBeLessThan(run.the('fault_injected').atMs)
  })
  test('fails at once when the connection was reset meanwhile', async () => {
    const { run, result } = await ask((_number, socket) => { setTimeout(() => socket.resetAndDestroy(), 20); return ok })
    expect(result).toMatchObject({ ended: 'rst', complete: false })
    expect(run.the('connection_ended').how).toBe('rst')
  })
  test('meets a close that comes while it is on its way', async () => {
    const { result } = await ask((number, socket) => { if (number === 2) socket.end(); return number === 1 ? ok : null })
    expect(result).toMatchObject({ ended: 'fin', bytes: 0, error: 'empty reply (EOF)' })
  })
  test('has limits that count from its own start', async () => {
    const { run, result } = await ask((number) => (number === 1 ? ok : null), { idleMs: 120, limits: { 'client.total': '150ms' } })
    expect(result.ended).toBe('timeout')
    expect(run.the('limit_fired').atMs).toBeGreaterThanOrEqual(270)
  })
})

describe('where no connection can be kept, a new one is opened', () => {
  test('after an answer with Connection: close', async () => {
    const { run, result, connections } = await ask((_number, socket) => { setTimeout(() => socket.end(), 5); return 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok' })
    expect(result).toMatchObject({ status: 200, complete: true })
    expect(connections).toBe(2)
    expect(run.said(/no connection could be kept/)).toHaveLength(1)
  })
  test('after an earlier request that is not answered within the client’s own limits', async () => {
    const { result, requests } = await ask(() => null, { limits: { 'client.total': '100ms' } })
    expect(requests).toEqual(['GET /healthz HTTP/1.1', 'POST /transform HTTP/1.1'])
    expect(result.ended).toBe('timeout')
  })
  test('after rubbish', async () => {
    let first: Socket | null = null
    const { requests } = await ask((_number, socket) => (socket === (first ??= socket) ? '\0\x01' : ok))
    expect(requests).toEqual(['GET /healthz HTTP/1.1', 'POST /transform HTTP/1.1'])
  })
})

test('Stop ends the waiting, and nothing is sent', async () => {
  const stop = new AbortController()
  const asked = ask(() => ok, { idleMs: 5000, stop: stop.signal })
  await sleep(60)
  stop.abort()
  const { run, result, requests } = await asked
  expect(result).toMatchObject({ ended: 'aborted', error: 'canceled' })
  expect(requests).toEqual(['GET /healthz HTTP/1.1'])
  expect(run.of('fault_injected')).toEqual([])
})
