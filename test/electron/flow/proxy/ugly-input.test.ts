import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loopback } from '../../../../electron/flow/endpoint.ts'
import { jsonAnswer } from '../../../../electron/flow/gateway/exchange.ts'
import { startGateway } from '../../../../electron/flow/gateway/server.ts'
import { findProxyProgram } from '../../../../electron/flow/proxy/program.ts'
import { startProxy } from '../../../../electron/flow/proxy/start-proxy.ts'
import { probe, sleep, tcpServer, testRun, type Probe } from '../flow-run.ts'

/** What a server made of the bytes: the statuses it sent, and whether it kept the connection. */
type Reaction = string
const host = 'Host: x\r\n'
const post = (headers: string, body = '') => `POST / HTTP/1.1\r\n${host}${headers}\r\n\r\n${body}`
const chunked = 'Transfer-Encoding: chunked'

/** Name, bytes, what built-in proxy and nginx do, what the gateway does. False: nginx is laxer or words it differently, and we refuse. */
const heads: [name: string, bytes: string, proxies: Reaction, gateway: Reaction, nginxToo?: false][] = [
  ['two requests in one packet', `GET /1 HTTP/1.1\r\n${host}\r\nGET /2 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`, '200 200 closed', '200 200 closed'],
  ['a body to GET', `GET / HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`, '200 open', '200 open'],
  ['empty lines before the request', `\r\n\r\nGET / HTTP/1.1\r\n${host}\r\n`, '200 open', '200 open'],
  ['both Content-Length and Transfer-Encoding', post(`Content-Length: 2\r\n${chunked}`, '0\r\n\r\n'), '400 closed', '400 closed'],
  ['the same length twice', post('Content-Length: 2\r\nContent-Length: 2', '{}'), '400 closed', '200 open'],
  ['two lengths', post('Content-Length: 2\r\nContent-Length: 3', '{}'), '400 closed', '400 closed'],
  ['a list of lengths', post('Content-Length: 2, 2', '{}'), '400 closed', '400 closed'],
  ['a length with a sign', post('Content-Length: +2', '{}'), '400 closed', '400 closed'],
  ['a length beyond all numbers', post('Content-Length: 99999999999999999999', '{}'), '400 closed', '400 closed'],
  ['two codings', post('Transfer-Encoding: gzip, chunked', '0\r\n\r\n'), '501 closed', '501 closed'],
  ['a coding that only looks like chunked', post('Transfer-Encoding: \x0bchunked', '0\r\n\r\n'), '501 closed', '501 closed'],
  ['chunked twice', post(`${chunked}\r\n${chunked}`, '0\r\n\r\n'), '501 closed', '501 closed', false],
  ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\n${chunked}\r\n\r\n0\r\n\r\n`, '400 closed', '400 closed'],
  ['a blank before the colon', post('Transfer-Encoding : chunked', '0\r\n\r\n'), '400 closed', '400 closed'],
  ['chunks with extensions and trailers', post(`${chunked}\r\nTrailer: X`, '2;a="b"\r\n{}\r\n0\r\nX: y\r\n\r\n'), '200 open', '200 open'],
  ['a chunk size in C', post(chunked, '0x2\r\n{}\r\n0\r\n\r\n'), '400 closed', '400 closed'],
  ['a chunk longer than it says', post(chunked, '2\r\n{}}\r\n0\r\n\r\n'), '400 closed', '400 closed'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400 closed', '400 closed'],
  ['two Hosts', `GET / HTTP/1.1\r\n${host}Host: y\r\n\r\n`, '400 closed', '400 closed'],
  ['HTTP/2.0', `GET / HTTP/2.0\r\n${host}\r\n`, '505 closed', '505 closed'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '505 closed', '505 closed', false],
  ['HTTP/1.0 that wants to stay', `GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`, '200 open', '200 open'],
  ['TRACE', `TRACE / HTTP/1.1\r\n${host}\r\n`, '405 closed', '200 open'],
  ['a method in lower case', `get / HTTP/1.1\r\n${host}\r\n`, '400 closed', '200 open'],
  ['a target without a slash', `GET foo HTTP/1.1\r\n${host}\r\n`, '400 closed', '400 closed'],
  ['a control character in the target', `GET /\x01 HTTP/1.1\r\n${host}\r\n`, '400 closed', '400 closed'],
  ['a blank in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`, '400 closed', '400 closed'],
  ['a zero byte', `GET / HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, '400 closed', '400 closed'],
  ['a folded header', `GET / HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, '400 closed', '400 closed'],
  ['lines that end with LF alone', 'GET / HTTP/1.1\nHost: x\n\n', '400 closed', '400 closed', false],
  ['lines that end with CR alone', 'GET / HTTP/1.1\rHost: x\r\r', '400 closed', '400 closed'],
  ['a request line of 9 KB', `GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`, '414 closed', '200 open'],
  ['a header of 9 KB', `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(9000)}\r\n\r\n`, '400 closed', '200 open'],
  ['40 headers of 1 KB', `GET / HTTP/1.1\r\n${host}${`X: ${'a'.repeat(1000)}\r\n`.repeat(40)}\r\n`, '400 closed', '200 open'],
  ['a header of more than 1 MB', `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(1_200_000)}\r\n\r\n`, '400 closed', '431 closed'],
  ['a request line of more than 1 MB', `GET /${'a'.repeat(1_200_000)} HTTP/1.1\r\n${host}\r\n`, '414 closed', '431 closed'],
  ['an upgrade to WebSocket', `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`, '200 open', '200 open'],
  ['an upgrade to h2c', `GET / HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`, '200 open', '200 open'],
  ['a client that wants to hear 100 first', post('Expect: 100-continue\r\nContent-Length: 2', '{}'), '100 200 open', '100 200 open'],
  ['the greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '400 closed', '400 closed'],
]

/** Sends the bytes and waits until nothing more can be expected: the wanted statuses and then the end, or some silence. */
async function reactionTo(port: number, bytes: string, wanted: Reaction): Promise<Reaction> {
  const client = probe(port)
  client.send(Buffer.from(bytes, 'latin1'))
  const statuses = () => (client.text().match(/HTTP\/1\.1 \d{3}/g) ?? []).map((line) => line.slice(9)).join(' ')
  const ended = client.ended.then(() => `${statuses()} closed`)
  if (wanted.endsWith('closed')) return Promise.race([ended, sleep(2000).then(() => `${statuses()} open`)])
  await Promise.race([ended, expect.poll(() => `${statuses()} open`, { timeout: 2000 }).toBe(wanted).catch(() => {})])
  const reaction = await Promise.race([ended, sleep(20).then(() => `${statuses()} open`)])
  client.socket.destroy()
  return reaction
}

const closers: (() => Promise<void>)[] = []
const closeAll = async () => { for (const close of closers.splice(0).toReversed()) await close() }
const answerOk = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe.each(['builtin', 'nginx', 'gateway'] as const)('%s answers, or refuses clearly', (server) => {
  const installed = server !== 'nginx' || findProxyProgram('nginx') !== null
  let port = 0
  beforeAll(async () => {
    const run = testRun({ 'gateway.read_header': '5s', 'proxy.client_header': '5s' })
    const upstream = await tcpServer((socket) => { socket.on('data', () => socket.end(answerOk)) })
    closers.push(upstream.close)
    if (installed) {
      const started = server === 'gateway'
        ? await startGateway(run, { propagateCancel: true, parentSpanId: 'client' }, async () => jsonAnswer(200, 'ok'))
        : await startProxy(run, server, { hop: 1, upstream: loopback(upstream.port), parentSpanId: 'client' })
      closers.push(started.close)
      port = started.port
    }
    run.clock.start()
  })
  afterAll(closeAll)
  test.each(installed ? heads.filter(([, , , , nginxToo]) => server !== 'nginx' || nginxToo !== false) : [])('%s', async (_, bytes, proxies, gateway) => {
    const wanted = server === 'gateway' ? gateway : proxies
    expect(await reactionTo(port, bytes, wanted)).toBe(wanted)
  })
})

describe('the built-in proxy', () => {
  afterEach(closeAll)
  async function before(answer: string, limits: Record<string, string> = { 'proxy.read': '5s' }): Promise<Probe> {
    const run = testRun(limits)
    const upstream = await tcpServer((socket) => { socket.on('data', () => socket.end(Buffer.from(answer, 'latin1'))) })
    closers.push(upstream.close)
    const proxy = await startProxy(run, 'builtin', { hop: 1, upstream: loopback(upstream.port), parentSpanId: 'client' })
    closers.push(proxy.close)
    run.clock.start()
    return probe(proxy.port)
  }
  const answers: [name: string, request: string, answer: string, wanted: RegExp][] = [
    ['HEAD with a length', 'HEAD / HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n', /^HTTP\/1\.1 200 OK\r\nContent-Length: 500\r\nConnection: keep-alive\r\n\r\n$/],
    ['HEAD with a body all the same', 'HEAD / HTTP/1.1', answerOk, /^HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n$/],
    ['204', 'GET / HTTP/1.1', 'HTTP/1.1 204 No Content\r\n\r\n', /^HTTP\/1\.1 204 No Content\r\nConnection: keep-alive\r\n\r\n$/],
    ['304 with the length of what is not sent', 'GET / HTTP/1.1', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n', /^HTTP\/1\.1 304 Not Modified\r\nContent-Length: 500\r\nConnection: keep-alive\r\n\r\n$/],
    ['100 and 103 before the answer', 'GET / HTTP/1.1', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${answerOk}`, /^HTTP\/1\.1 200 OK[^]*ok$/],
    ['nothing but 100', 'GET / HTTP/1.1', 'HTTP/1.1 100 Continue\r\n\r\n', /^HTTP\/1\.1 502 /],
    ['ten thousand times 100', 'GET / HTTP/1.1', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000) + answerOk, /^HTTP\/1\.1 502 /],
    ['101 that nobody asked for', 'GET / HTTP/1.1', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', /^HTTP\/1\.1 502 /],
    ['both length and chunks', 'GET / HTTP/1.1', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', /^HTTP\/1\.1 502 /],
    ['more than its length', 'GET / HTTP/1.1', `${answerOk}HTTP/1.1 500 X\r\n\r\n`, /^HTTP\/1\.1 200 OK[^]*\r\n\r\nok$/],
    ['chunks to HTTP/1.0', 'GET / HTTP/1.0\r\nConnection: keep-alive', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n\r\nok$/],
    ['no length to HTTP/1.0', 'GET / HTTP/1.0\r\nConnection: keep-alive', 'HTTP/1.1 200 OK\r\n\r\nok', /^HTTP\/1\.1 200 OK\r\nConnection: close\r\n\r\nok$/],
    ['no length to HTTP/1.1', 'GET / HTTP/1.1', 'HTTP/1.1 200 OK\r\n\r\nok', /chunked\r\nConnection: keep-alive\r\n\r\n2\r\nok\r\n0\r\n\r\n$/],
    ['a status below 100', 'GET / HTTP/1.1', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n', /^HTTP\/1\.1 502 /],
    ['lines that end with LF alone', 'GET / HTTP/1.1', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', /^HTTP\/1\.1 502 /],
  ]
  test.each(answers)('passes on an answer with %s', async (_, request, answer, wanted) => {
    const client = await before(answer)
    client.send(`${request}\r\n${host}\r\n`)
    await client.until(/\r\n\r\n/)
    await sleep(30)
    expect(client.text()).toMatch(wanted)
    if (request.includes('HTTP/1.0')) expect(await client.ended).toBe('fin')
  })
  test('serves a thousand requests of one packet, one after the other', async () => {
    const client = await before(answerOk)
    client.send(`GET / HTTP/1.1\r\n${host}\r\n`.repeat(1000))
    await expect.poll(() => client.text().split('\r\n\r\nok').length - 1, { timeout: 20_000 }).toBe(1000)
  })
  test('a client that sends on and on gets the refusal, not a reset', async () => {
    const client = await before(answerOk)
    client.send(`GET / HTTP/1.1\r\n${host}X: `)
    client.send('a'.repeat(3_000_000))
    await client.until(/400 Bad Request/)
    expect(await client.ended).toBe('fin')
  })
  test('a byte now and then does not stretch the time for the head', async () => {
    const client = await before(answerOk, { 'proxy.client_header': '200ms' })
    const sending = setInterval(() => client.send('G'), 30)
    expect(await client.ended).toBe('fin')
    clearInterval(sending)
    expect(client.text()).toBe('')
  })
})

test('the gateway answers thousands of health checks of one packet', async () => {
  const gateway = await startGateway(testRun(), { propagateCancel: true, parentSpanId: 'client' }, async () => jsonAnswer(200, '{}'))
  const client = probe(gateway.port)
  client.send(`GET /healthz HTTP/1.1\r\n${host}\r\n`.repeat(5000))
  await expect.poll(() => client.text().split('ok\n').length - 1, { timeout: 10_000 }).toBe(5000)
  client.send(`GET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)
  expect(await client.ended).toBe('fin')
  await gateway.close()
})
