import type { DiagnosedLimit, Diagnosis } from '../../../shared/diagnose/diagnosis.ts'
import { timeText } from '../../../shared/diagnose/time-text.ts'
import { isFired } from './waterfall-lanes.ts'

/** A limit with its place in the order of firing; null for one that ends no waiting request. */
export interface LimitRow { key: string; rank: number | null; fired: boolean; limit: DiagnosedLimit }

/** The ladder first, in the order of firing; then limits in force that end no waiting request; then those that are not in force. */
export function limitRows(diagnosis: Diagnosis): LimitRow[] {
  const { limits, order } = diagnosis
  const ranks = new Map(order.map((index, rank) => [index, rank + 1]))
  return limits
    .map((limit, index): LimitRow => ({ key: String(index), rank: ranks.get(index) ?? null, fired: isFired(limit, diagnosis), limit }))
    .toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || Number(b.limit.enforced) - Number(a.limit.enforced) || Number(a.limit.isDefault) - Number(b.limit.isDefault))
}

/** What is known of a limit beside its place: `in force`, or why not. */
export function stateOf({ rank, fired, limit }: LimitRow): string {
  if (fired) return 'fired'
  if (!limit.enforced) return limit.valueMs === null && limit.isDefault ? 'not set' : 'not in force'
  return rank === null ? countsWords[limit.counts] : limit.isDefault ? 'default' : 'in force'
}

const countsWords: Record<DiagnosedLimit['counts'], string> = {
  total: 'in force', wait: 'in force', connect: 'while connecting', request: 'reading a request', write: 'while writing', idle: 'when idle', queue: 'in the queue', stop: 'when stopping', check: 'health check', size: 'a size', other: 'other',
}

/** How a number in a configuration reads where its unit is not written: `500` of HAProxy is `500 ms`. null where it says so itself. */
export function meaningOfValue(limit: DiagnosedLimit): string | null {
  if (limit.valueMs === null) return null
  const text = timeText(limit.valueMs)
  return text.replace(/\s/g, '') === limit.asWritten.trim().replace(/\s/g, '') ? null : text
}
