import { Agent, createServer, request, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { createRunClock } from '../../electron/flow/clock.ts'
import { loopback } from '../../electron/flow/endpoint.ts'
import { createFlowRun, type FlowRun } from '../../electron/flow/flow-run.ts'
import { startRelay } from '../../electron/flow/network/relay.ts'
import { findProxyProgram } from '../../electron/flow/proxy/program.ts'
import { createSpans } from '../../electron/flow/spans.ts'
import { startProxy } from '../../electron/flow/proxy/start-proxy.ts'
import { figure, quantile, type Figure } from './figure.ts'

/** Rounds of the alternation, and requests per path in each: short bursts, so that what slows the machine slows all paths. */
const rounds = 400
const perRound = 5
/** Requests per path before: until V8 has compiled what is measured, it measures V8. */
const warmUp = 1000
const body = JSON.stringify({ orders: Array.from({ length: 20 }, (_, id) => ({ id, total: 129.9 })) })

interface Path { name: string; port: number; close(): Promise<void>; /** The least time of each burst, ms: what other programs take from this one is left out on both sides. */ bursts: number[] }

/**
 * What the built-in proxy and the relay add to one request over a new connection, beside the smallest ones that node:http and
 * node:net can make, and nginx where it is installed. All paths lead to one server in this process.
 */
export async function benchFlow(): Promise<Figure[]> {
  const upstream = createServer((incoming, answer) => { incoming.resume().on('end', () => answer.end(body)) })
  const port = await listen(upstream)
  const run = quietRun()
  const direct = (): Path => ({ name: 'direct', port, close: async () => {}, bursts: [] })
  const nginx = findProxyProgram('nginx') ? [await ours('nginx', () => startProxy(run, 'nginx', { hop: 1, upstream: loopback(port), parentSpanId: 'client' }))] : []
  // What is compared takes turns with each other, and with nothing else.
  const groups: Path[][] = [
    [direct(), await minimalProxy(port), await ours('builtin', () => startProxy(run, 'builtin', { hop: 1, upstream: loopback(port), parentSpanId: 'client' })), ...nginx],
    // A fault that never comes: the relay counts the bytes and lets them through.
    [direct(), await minimalRelay(port), await ours('relay', () => startRelay(run, { to: 'gateway', next: loopback(port), parentSpanId: 'client', faults: [{ text: 'network.close_midbody=1GB', action: 'close_midbody', place: 'client', atMs: null, amount: 2 ** 30, jitterMs: null }] }))],
  ]
  try {
    for (const paths of groups) await measure(paths, () => run.renewSpans())
  } finally {
    for (const path of groups.flat()) await path.close()
    await closed(upstream)
    run.clock.close()
  }
  /** Paired: what a path took more than the direct one of its group in the same round. */
  const added = (name: string) => {
    const group = groups.find((paths) => paths.some((path) => path.name === name)) ?? []
    return quantile((group.find((path) => path.name === name)?.bursts ?? []).map((ms, round) => ms - (group[0]?.bursts[round] ?? 0)), 0.5)
  }
  const shown = (name: string) => `${(added(name) * 1000).toFixed(0)} us`
  const how = `the least of ${perRound} requests over new connections less the direct one of its round, median of ${rounds} rounds (direct ${(quantile(groups[0]?.[0]?.bursts ?? [], 0.5) * 1000).toFixed(0)} us)`
  return [
    figure('flow.proxy', added('builtin') / added('minimal proxy'), 'x a minimal node:http proxy', '<= 1.3', `added ${shown('builtin')} against ${shown('minimal proxy')}; ${how}`),
    figure('flow.relay', added('relay') / added('minimal relay'), 'x a minimal node:net relay', '<= 1.3', `added ${shown('relay')} against ${shown('minimal relay')}; ${how}`),
    ...(nginx.length > 0 ? [figure('flow.proxy-nginx', added('builtin') / added('nginx'), 'x nginx', null, `added ${shown('builtin')} against ${shown('nginx')} (nginx runs beside us, on another core); ${how}`)] : []),
  ]
}

/** Fills the bursts of these paths, in turns. */
async function measure(paths: readonly Path[], onRound: () => void): Promise<void> {
  for (const path of paths) for (let i = 0; i < warmUp; i++) await roundTrip(path.port)
  for (let round = 0; round < rounds; round++) {
    onRound()
    // Forwards and backwards: no path always pays for what the same other one left to be collected.
    for (const path of round % 2 === 0 ? paths : paths.toReversed()) path.bursts.push(await burst(path.port))
  }
}

/** A run whose facts go nowhere but are made, as in a real one. It remembers the names of its spans, of which a real run has few: they are renewed. */
function quietRun(): FlowRun & { renewSpans(): void } {
  const clock = createRunClock()
  clock.start()
  let seq = 0
  const run = createFlowRun({ clock, limits: [{ id: 'proxy.read', value: 60_000, unit: 'ms', origin: 'profile', enforced: true }], log: () => {}, emit: (event, atMs) => ({ ...event, seq: seq++, atMs: atMs ?? clock.nowMs() }) })
  let { spans } = run
  return {
    ...run,
    spans: { start: (...span) => spans.start(...span), setMark: (mark) => { spans.setMark(mark) } },
    renewSpans() { spans = createSpans(run.emit) },
  }
}

async function ours(name: string, start: () => Promise<{ port: number; close(): Promise<void> }>): Promise<Path> {
  const started = await start()
  return { name, port: started.port, close: started.close, bursts: [] }
}

/** One new connection upstream per request, as nginx and the built-in proxy do it. */
async function minimalProxy(upstreamPort: number): Promise<Path> {
  const agent = new Agent({ keepAlive: false })
  const server = createServer((incoming, answer) => {
    const outgoing = request({ host: '127.0.0.1', port: upstreamPort, method: incoming.method, path: incoming.url, headers: incoming.headers, agent }, (upstream) => {
      answer.writeHead(upstream.statusCode ?? 502, upstream.headers)
      upstream.pipe(answer)
    })
    incoming.pipe(outgoing)
  })
  return { name: 'minimal proxy', port: await listen(server), close: () => closed(server), bursts: [] }
}

async function minimalRelay(upstreamPort: number): Promise<Path> {
  const server = createTcpServer({ noDelay: true }, (near) => {
    const far = connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true })
    near.pipe(far)
    far.pipe(near)
  })
  return { name: 'minimal relay', port: await listen(server), close: () => closed(server), bursts: [] }
}

async function burst(port: number): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < perRound; i++) times.push(await roundTrip(port))
  return Math.min(...times)
}

/** A POST over a connection of its own; ms from connecting to the last byte. */
function roundTrip(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', agent: false, headers: { 'content-length': body.length } }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(performance.now() - start))
    })
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

async function listen(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return (server.address() as AddressInfo).port
}

function closed(server: Server | TcpServer): Promise<void> {
  return new Promise((resolve) => { server.close(() => resolve()) })
}
