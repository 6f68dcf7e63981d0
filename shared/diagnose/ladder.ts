import type { LayerId } from '../flow/layers.ts'
import type { DiagnosedLimit } from './diagnosis.ts'
import { timeText } from './time-text.ts'

/** Outermost first: of two deadlines at the same instant the outer one is named first. */
const outermost: readonly LayerId[] = ['client', 'network', 'proxy', 'platform', 'gateway', 'connector', 'wrapper', 'script', 'os']

/** A rung: a limit and the instant at which it ends a request that waits for its answer. */
export interface Rung { index: number; atMs: number; limit: DiagnosedLimit }

/**
 * The limits that end a request which waits for its answer, first to fire first. Limits on connecting, on reading the request and
 * on idle connections are over before, or begin after; a limit that is switched off is no rung.
 */
export function ladderOf(limits: readonly DiagnosedLimit[]): Rung[] {
  return limits
    .map((limit, index): Rung | null => (limit.enforced && limit.valueMs !== null && limit.cause !== null && (limit.counts === 'total' || limit.counts === 'wait') ? { index, atMs: limit.valueMs, limit } : null))
    .filter((rung) => rung !== null)
    .toSorted((a, b) => a.atMs - b.atMs || outermost.indexOf(a.limit.layer) - outermost.indexOf(b.limit.layer) || a.index - b.index)
}

/**
 * The rungs that a request of this duration (ms) meets, in the order they are felt; what comes after the first is its wake. A write
 * deadline interrupts nobody: it is felt when the handler ends.
 */
export function firingFor(limits: readonly DiagnosedLimit[], durationMs: number): Rung[] {
  return ladderOf(limits).filter((rung) => rung.atMs < durationMs).map((rung) => (rung.limit.cause === 'gateway.write' ? { ...rung, atMs: durationMs } : rung)).toSorted((a, b) => a.atMs - b.atMs)
}

/** What a request of this duration (ms) meets, as the end of a sentence that begins with it; it is computed, not seen. */
export function firingWords(limits: readonly DiagnosedLimit[], durationMs: number): string {
  const [first, second] = firingFor(limits, durationMs)
  if (!first) return 'passes every deadline in these files.'
  const name = (limit: DiagnosedLimit) => `${limit.product} ${limit.directive}`
  const then = second ? `; ${name(second.limit)} would be next${Number.isFinite(second.atMs) ? `, at ${timeText(second.atMs)}` : ', when the handler ends'}` : '; no other deadline is near'
  if (first.limit.cause === 'gateway.write') return `is answered in vain: ${name(first.limit)} has passed at ${timeText(first.limit.valueMs ?? 0)}, and the client gets an empty reply when the handler ends${Number.isFinite(durationMs) ? `, at ${timeText(durationMs)}` : ''}${then}.`
  const tries = first.limit.attempts > 1 ? ` (with all ${first.limit.attempts} tries at ${timeText(first.atMs * first.limit.attempts)})` : ''
  return `is ended first by ${name(first.limit)}, at ${timeText(first.atMs)}${tries}${then}.`
}
