import type { LayerId } from '../flow/layers.ts'
import type { DiagnosedLimit } from './diagnosis.ts'

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

/** The rungs that a request of this duration (ms) meets, in the order they fire; what comes after the first is its wake. */
export function firingFor(limits: readonly DiagnosedLimit[], durationMs: number): Rung[] {
  return ladderOf(limits).filter((rung) => rung.atMs < durationMs)
}
