import { formatMs } from '../limits/units.ts'
import type { Run } from '../run/fold-run.ts'
import type { EventOf, RunEvent } from '../run/event.ts'
import { leftLine } from './words.ts'
import { counted } from '../text/counted.ts'

/**
 * What followed the cut, in time order, one plain sentence each. `cutMs`: from when on things followed; `actedMs`: when the cause itself
 * acted. A proxy's log has whole milliseconds: what it did for the cut may seem to have come before.
 */
export function consequencesOf(run: Run, cutMs: number | null, actedMs: number | null = cutMs): string[] {
  if (cutMs === null) return []
  const sentences: { atMs: number; text: string }[] = []
  for (const event of run.events) {
    if (event.atMs < cutMs - 0.05) continue
    const text = sentenceOf(run, event, cutMs, actedMs ?? cutMs)
    if (!text) continue
    const atMs = instantOf(run, event, actedMs ?? cutMs)
    sentences.push({ atMs, text: `${text} (${formatMs(atMs)})` })
  }
  const seen = new Set<string>()
  return sentences.toSorted((a, b) => a.atMs - b.atMs).map((sentence) => sentence.text).filter((text) => !seen.has(text) && seen.add(text))
}

function instantOf(run: Run, event: RunEvent, actedMs: number): number {
  // The connection was closed by the timer itself; the client's own end is told once that is done.
  const closed = event.type === 'client_ended' && event.ended === 'timeout' ? run.limits.find((limit) => limit.fired?.effect === 'acted' && limit.id.startsWith('client.'))?.fired : null
  if (closed) return Math.max(closed.atMs, actedMs)
  return 'layer' in event && event.layer === 'proxy' ? Math.max(event.atMs, actedMs) : event.atMs
}

/** How the proxy's log calls it: what people find there, and take for the cause. */
function noted(run: Run, hop: number): string {
  const fields = leftLine(run, hop)?.fields
  return fields === undefined ? '' : fields.status === 499 ? ' and logged 499' : ` and logged ${String(fields.termination)}`
}

function sentenceOf(run: Run, event: RunEvent, cutMs: number, actedMs: number): string | null {
  switch (event.type) {
    case 'client_ended': return clientSaw(event)
    case 'connection_ended': return event.layer !== 'client' && event.side === 'downstream' && event.by === 'peer' ? `the ${event.layer}${event.layer === 'proxy' ? ` (hop ${event.hop})` : ''} saw its client leave${event.layer === 'proxy' ? noted(run, event.hop) : ''}` : null
    case 'context_canceled': return `the ${event.layer}’s context was cancelled: ${event.error}`
    case 'kill_intent': return event.limitId && run.limits.some((limit) => limit.id === event.limitId && limit.fired) && event.atMs - cutMs < 0.5 ? `the ${event.by} killed the script with ${event.signal}` : event.limitId === null ? `the script was killed by the cancelled context (${event.signal}: ${event.reason})` : `the ${event.by} killed the script with ${event.signal}`
    case 'fault_injected': return faultDid(event, actedMs)
    case 'answered': return `the ${event.layer}${event.layer === 'proxy' && (run.plan?.proxies.length ?? 0) > 1 ? ` (hop ${event.hop})` : ''} answered ${event.status} by itself`
    // What the cut itself answers may be lost as well.
    case 'limit_fired': return event.effect === 'late' && event.atMs > actedMs ? `that answer was lost: ${event.limitId} had passed${event.passedAtMs === null ? '' : ` at ${formatMs(event.passedAtMs)}`} already` : null
    case 'process_exited': return event.exit.signal ? `the script’s process was gone: signal ${event.exit.signal}${outlived(event)}` : run.kills.length > 0 || event.atMs > cutMs + 1 ? `the script’s process ended with code ${event.exit.exitCode}${outlived(event)}` : null
    default: return null
  }
}

/** What it had started and left running. */
function outlived({ leftovers }: EventOf<'process_exited'>): string {
  return leftovers > 0 ? `, and ${counted(leftovers, 'process', 'processes')} that outlived it ${leftovers === 1 ? 'was' : 'were'} ended` : ''
}

function clientSaw({ ended, complete, status, bytes, error }: EventOf<'client_ended'>): string {
  if (ended === 'timeout' || (ended === 'aborted' && (error === null || error === 'canceled'))) return 'the client closed its connection'
  if (ended === 'aborted') return `the client gave up: ${error}`
  if (complete && status !== null) return `the client got status ${status}`
  if (bytes > 0) return `the client got a broken answer of ${counted(bytes, 'byte')}`
  return ended === 'rst' ? `the client’s connection was ${/REFUSED/.test(error ?? '') ? 'refused' : 'reset'}` : 'the client got an empty reply'
}

/** A fault that came on top of what cut. One that only slows things down is no step of the story. */
function faultDid({ fault, action, atMs }: EventOf<'fault_injected'>, actedMs: number): string | null {
  if (/\.reuse/i.test(fault)) return 'the client sent its request on the connection that had been idle'
  if (atMs <= actedMs) return null
  if (action === 'blackhole' || action === 'idle_drop') return `the network swallowed what was sent: ${fault}`
  return ['reset', 'close', 'close_midbody', 'garbage'].includes(action) ? `the network acted as well: ${fault}` : null
}
