import type { Run } from '../../shared/run/fold-run.ts'
import type { Selection } from './pointer.ts'

/** Where a reference (`event:38`, `log:7`, `limit:client.total`, `stack`) stands on the chart, in the log, among the limits. */
export function placeOfRef(run: Run, ref: string): Omit<Selection, 'turn'> {
  const [kind = '', id = ''] = splitOnce(ref)
  const none = { atMs: null, line: null, limitId: null, ref }
  if (kind === 'log') {
    const log = run.logs.find((event) => event.line === Number(id))
    return { ...none, line: Number(id), atMs: log?.atMs ?? null }
  }
  if (kind === 'limit') {
    const limit = run.limits.find((candidate) => candidate.id === id)
    // A deadline that the run never reached stands on the axis; no line of the log is about it.
    return { ...none, limitId: id, atMs: limit?.fired?.atMs ?? limit?.deadlineMs ?? null, line: limit?.fired ? nearestLogLine(run, limit.fired.atMs) : null }
  }
  if (kind === 'stack') return { ...none, atMs: run.stack?.atMs ?? null, line: run.stack ? nearestLogLine(run, run.stack.atMs) : null }
  if (kind === 'event' || kind === 'reading') {
    const event = run.events.find((candidate) => candidate.seq === Number(id))
    if (!event) return none
    const limitId = 'limitId' in event && typeof event.limitId === 'string' ? event.limitId : null
    return { ...none, atMs: event.atMs, limitId, line: nearestLogLine(run, event.atMs) }
  }
  return none
}

/** What a reference is called: `event 38`. */
export function refLabel(ref: string): string {
  const [kind = '', id = ''] = splitOnce(ref)
  return id === '' ? kind : kind === 'limit' || kind === 'config' ? kind : `${kind} ${id}`
}

function splitOnce(ref: string): [string, string] {
  const at = ref.indexOf(':')
  return at < 0 ? [ref, ''] : [ref.slice(0, at), ref.slice(at + 1)]
}

/** The flow's own log line about what happened at an instant: the nearest one, at it or right after it; null when the flow said nothing, or the run did not get there. */
export function nearestLogLine(run: Run, atMs: number): number | null {
  if (isAfterEnd(run, atMs)) return null
  let best: { line: number; distance: number } | null = null
  for (const log of run.logs) {
    // Who acts logs at once: of two lines equally near, the one after the instant is about it.
    const distance = log.atMs >= atMs - 0.05 ? log.atMs - atMs : (atMs - log.atMs) * 3
    if (!best || distance < best.distance) best = { line: log.line, distance }
  }
  return best?.line ?? null
}

/** A run that goes on reports at least this often (ms). */
const reportMs = 250

/** Has the run not got to that instant, or did it end before? Then nothing happened at it. */
export function isAfterEnd(run: Run, atMs: number): boolean {
  return atMs > run.nowMs + (run.ended ? 0 : reportMs)
}
