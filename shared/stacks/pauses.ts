import type { RunEvent } from '../run/event.ts'

/** Pauses of the garbage collector that were long enough to be told (half a millisecond). */
export interface Pauses { count: number; totalMs: number; longestMs: number }

export function pausesOf(events: Iterable<RunEvent>): Pauses {
  const pauses: Pauses = { count: 0, totalMs: 0, longestMs: 0 }
  for (const event of events) {
    if (event.type !== 'garbage_collected') continue
    pauses.count++
    pauses.totalMs += event.durationMs
    pauses.longestMs = Math.max(pauses.longestMs, event.durationMs)
  }
  return pauses
}
