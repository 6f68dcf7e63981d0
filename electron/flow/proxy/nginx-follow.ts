import type { ArmedTimer } from '../clock.ts'
import type { FlowRun } from '../flow-run.ts'
import { emitFacts, emitLine, emitTimes, isEarlier, type ProxyFact } from './log-facts.ts'
import { otherRequestPath } from './hold-slot.ts'
import { nginxMarkerPath } from './nginx-config.ts'
import { parseNginxLine, type NginxAccess, type NginxLine } from './nginx-log.ts'
import type { ProxyPlace } from './running-proxy.ts'

export interface NginxFollower {
  take(line: string): void
  /** Settles with the next marker's access line. */
  marker(): Promise<void>
  /** Tells what still waited for its access line. */
  flush(): void
}

/**
 * The access line follows its error line at once, except where nginx lingers: a client that does not close its side after a
 * broken answer is waited for up to 5 s first.
 */
const accessLineWithinMs = 20

/**
 * Turns nginx's lines into facts. An error line tells what happened, the access line of the same connection when (to the ms):
 * facts wait for it a moment.
 */
export function followNginxLog(run: FlowRun, place: ProxyPlace): NginxFollower {
  const waiting = new Map<number, Held>()
  let markers: (() => void)[] = []

  const tell = (held: Held) => {
    held.timer.cancel()
    emitFacts(run, place, held.facts.splice(0), held.atMs)
  }
  const takeAccess = (line: NginxLine, access: NginxAccess) => {
    if (line.request?.includes(otherRequestPath)) return
    if (line.request?.includes(nginxMarkerPath)) {
      for (const seen of markers) seen()
      markers = []
      return
    }
    const arrivedMs = run.clock.nowMs()
    // $msec is cut to whole ms: the end of the request lies within the ms after it, and before its line arrived.
    const endMs = Math.min(arrivedMs, run.clock.runMsOfWall(access.endEpochMs) + 1)
    const held = line.connection === null ? undefined : waiting.get(line.connection)
    if (line.connection !== null) waiting.delete(line.connection)
    emitTimes(run, 'nginx', place, timesOf(access, line.request, endMs))
    if (held) {
      held.atMs = Math.min(held.atMs, endMs)
      tell(held)
    } else emitFacts(run, place, silentFactsOf(access), endMs)
    emitLine(run, 'nginx', place, line)
  }
  return {
    take(text) {
      const line = parseNginxLine(text)
      if (!line) return
      if (line.access) { takeAccess(line, line.access); return }
      if (line.connection === null) { if (line.level !== 'info') emitLine(run, 'nginx', place, line); return }
      if (line.request?.includes(nginxMarkerPath)) return
      if (line.facts.length === 0) { if (!/closed keepalive connection|while keepalive/.test(text)) emitLine(run, 'nginx', place, line); return }
      emitLine(run, 'nginx', place, line)
      // A connection that never sent a request has no access line to wait for.
      if (line.request === null && /waiting for request/.test(text)) { emitFacts(run, place, line.facts, run.clock.nowMs()); return }
      const known = waiting.get(line.connection)
      if (known) { known.facts.push(...line.facts); return }
      const held: Held = { facts: [...line.facts], atMs: run.clock.nowMs(), timer: run.clock.after(accessLineWithinMs, () => tell(held)) }
      waiting.set(line.connection, held)
    },
    marker: () => new Promise((resolve) => { markers.push(resolve) }),
    flush() { for (const held of waiting.values()) tell(held) },
  }
}

/** Facts of a connection whose access line has not come yet; empty once they were told. */
interface Held { facts: ProxyFact[]; atMs: number; timer: ArmedTimer }

/** Of all its limits nginx keeps one to itself: a stalled request body ends with status 408 (which is not sent) and no line in the error log. */
function silentFactsOf(access: NginxAccess): ProxyFact[] {
  if (access.status !== 408 || access.upstreamStatus !== null) return []
  return [{ kind: 'limit', name: 'client_body', action: 'closed the connection' }, { kind: 'cut_client', how: 'timeout', error: 'client_body_timeout: 408 in the access log, nothing in the error log' }]
}

function timesOf(access: NginxAccess, request: string | null, endMs: number): Parameters<typeof emitTimes>[3] {
  const startMs = Math.max(0, endMs - access.requestMs)
  const connectMs = access.responseMs === null ? null : Math.max(startMs, endMs - access.responseMs)
  const after = (ms: number | null) => (connectMs === null || ms === null ? null : Math.min(endMs, connectMs + ms))
  const outcome = access.status === 499 ? 'canceled' : access.status === 504 && access.headerMs === null ? 'cut' : access.status >= 500 ? 'error' : 'ok'
  return { startMs, endMs, connectMs, connectedMs: after(access.connectMs), firstByteMs: after(access.headerMs), outcome, earlier: isEarlier(request) }
}
