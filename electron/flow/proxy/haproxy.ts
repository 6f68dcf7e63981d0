import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryName } from '../../leftovers.ts'
import { FlowError } from '../flow-error.ts'
import type { FlowRun } from '../flow-run.ts'
import { limitsOfLayer, type LayerLimits } from '../limit-timers.ts'
import { endedAtOnce, noSignOfLife, startGuarded } from './guarded-process.ts'
import { haproxyConfigOf, haproxyMarkerPath, type HaproxySettings } from './haproxy-config.ts'
import { parseHaproxyLine, type HaproxyLine } from './haproxy-log.ts'
import { holdSlot, otherRequestPath } from './hold-slot.ts'
import { openListeningSocket } from './listening-socket.ts'
import { emitFacts, emitLine, emitTimes, isEarlier, type ProxyFact, type RequestTimes } from './log-facts.ts'
import { openLogSocket } from './log-socket.ts'
import { passMarker, whenAnswering } from './marker.ts'
import { requireProxyProgram } from './program.ts'
import type { ProxyPlace, RunningProxy } from './running-proxy.ts'


/**
 * The machine's own HAProxy for one run: generated configuration in a private folder, a socket it inherits (`fd@3`), its HTTP log
 * read as evidence. Works as any user. Rejects with FlowError where HAProxy is missing or does not start.
 */
export async function startHaproxy(run: FlowRun, place: ProxyPlace): Promise<RunningProxy> {
  const program = requireProxyProgram('haproxy')
  const times = timesOfLimits(run, place, limitsOfLayer(run, `proxy${place.hop}`))
  const folder = await mkdtemp(join(tmpdir(), temporaryName('haproxy')))
  let markers: (() => void)[] = []
  const logs = await openLogSocket((text) => {
    const line = parseHaproxyLine(text)
    if (line?.request.includes(haproxyMarkerPath)) {
      for (const seen of markers) seen()
      markers = []
    } else if (line && !line.request.includes(otherRequestPath)) tell(run, place, line)
    else run.log('proxy', 'info', text, { hop: place.hop, product: 'haproxy' })
  })
  const socket = await openListeningSocket()
  const config = join(folder, 'haproxy.cfg')
  await writeFile(config, haproxyConfigOf({ upstream: place.upstream, log: logs, times, oneAtATime: place.busy !== undefined, keepUpstream: place.keepUpstream !== undefined, ...(place.fault ? { fault: place.fault } : {}) }), { mode: 0o600 })
  const haproxy = startGuarded(program, ['-db', '-f', config], { listenFd: socket.fd, env: { PATH: process.env.PATH ?? '' }, folder })
  await socket.release()
  const end = async () => {
    haproxy.kill()
    await haproxy.ended
    await logs.close()
    await rm(folder, { recursive: true, force: true })
  }
  const failed = await Promise.race([whenAnswering(socket.port, haproxyMarkerPath).then(() => null), endedAtOnce(haproxy), noSignOfLife()])
  if (failed) {
    await end()
    throw new FlowError('proxy_failed', `HAProxy did not start: ${alertsOf(failed.stderr) || failed.silence}`, `try ${program} -vv, or use --proxy builtin`)
  }
  const held = place.busy ? await holdSlot(run, socket.port, place.hop, place.busy) : null
  const settled = () => passMarker(socket.port, haproxyMarkerPath, () => new Promise((resolve) => { markers.push(resolve) }))
  return {
    port: socket.port, settled,
    async close() {
      await held?.release()
      await settled()
      await end()
    },
  }
}

/** Limits as HAProxy can hold them; what it cannot is reported. */
function timesOfLimits(run: FlowRun, place: ProxyPlace, limits: LayerLimits): HaproxySettings['times'] {
  const notEnforced = (name: string, reason: string) => {
    if (limits.valueOf(name) !== null) run.emit({ type: 'limit_not_enforced', limitId: limits.idOf(name), reason })
  }
  notEnforced('send', 'HAProxy has no limit of its own for sending: timeout server (proxy.read) covers it')
  if (!place.busy) notEnforced('queue', 'each run has a HAProxy of its own, so no request waits in its queue unless the fault proxy1.busy=2s fills it')
  return {
    connect: limits.valueOf('connect'), read: limits.valueOf('read'), client_header: limits.valueOf('client_header'), client: limits.valueOf('client_write'),
    client_body: limits.valueOf('client_body'), idle: limits.valueOf('idle'), queue: limits.valueOf('queue'),
  }
}

function tell(run: FlowRun, place: ProxyPlace, line: HaproxyLine): void {
  const arrivedMs = run.clock.nowMs()
  const startMs = run.clock.runMsOfWall(line.startEpochMs)
  // Both numbers are whole ms: the end lies within the ms after their sum, and before the line arrived.
  const endMs = Number.isNaN(startMs) ? arrivedMs : Math.min(arrivedMs, startMs + line.timers.total + 1)
  emitTimes(run, 'HAProxy', place, timesOf(line, Math.max(0, Math.min(startMs, endMs)), endMs))
  emitFacts(run, place, heldBy(limitsOfLayer(run, `proxy${place.hop}`), line.facts), endMs)
  emitLine(run, 'haproxy', place, line)
}

/** `timeout client` (proxy.client_write) holds while the header comes as well; the log does not tell which of the two it was. The shorter one. */
function heldBy(limits: LayerLimits, facts: readonly ProxyFact[]): ProxyFact[] {
  const isShorter = (limits.valueOf('client_write') ?? Infinity) < (limits.valueOf('client_header') ?? Infinity)
  return facts.map((fact) => (fact.kind === 'limit' && fact.name === 'client_header' && isShorter ? { ...fact, name: 'client_write' } : fact))
}

function timesOf({ timers, state, status, request }: HaproxyLine, startMs: number, endMs: number): RequestTimes {
  const plus = (fromMs: number | null, ms: number | null) => (fromMs === null || ms === null ? null : Math.min(endMs, fromMs + ms))
  const inQueue = state.endsWith('Q')
  const queuedMs = inQueue || (timers.queue ?? 0) > 0 ? plus(startMs, timers.request) : null
  const connectMs = inQueue ? null : plus(plus(startMs, timers.request), timers.queue)
  const connectedMs = plus(connectMs, timers.connect)
  const outcome = state.startsWith('C') ? 'canceled' : /^[sc]/.test(state) ? 'cut' : state !== '--' || status >= 500 ? 'error' : 'ok'
  return { startMs, endMs, queuedMs, connectMs, connectedMs, firstByteMs: plus(connectedMs, timers.response), outcome, earlier: isEarlier(request) }
}

/** HAProxy warns about much on stderr; what kept it from starting is marked ALERT. */
function alertsOf(stderr: string): string {
  const alerts = stderr.split('\n').filter((line) => line.includes('[ALERT]'))
  return (alerts.length > 0 ? alerts : stderr.trim().split('\n').slice(-3)).join(' ').trim()
}
