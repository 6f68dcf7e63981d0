import type { StackFrame, StackState } from '../run/event.ts'
import type { Stretch } from './timeline.ts'

/** Time seen at a place, ms. `self`: it was the innermost; `total`: it was anywhere on the stack. Computing and waiting split `total`. */
export interface PlaceTime { file: string; line: number; function: string; selfMs: number; totalMs: number; computingMs: number; waitingMs: number }

/** Time per line of source, the heaviest (self) first. A line that is twice on one stack (recursion) counts once. */
export function lineTimesOf(stretches: readonly Stretch[]): PlaceTime[] {
  return timesBy(stretches, (frame) => `${frame.file}\n${frame.line}\n${frame.function}`)
}

/** Time per function, the heaviest (self) first; `line` is the one most often seen. */
export function functionTimesOf(stretches: readonly Stretch[]): PlaceTime[] {
  return timesBy(stretches, (frame) => `${frame.file}\n${frame.function}`)
}

function timesBy(stretches: readonly Stretch[], keyOf: (frame: StackFrame) => string): PlaceTime[] {
  const places = new Map<string, PlaceTime & { heaviestMs: number }>()
  for (const stretch of stretches) {
    const ms = stretch.endMs - stretch.startMs
    const seen = new Set<string>()
    for (const [depth, frame] of stretch.frames.entries()) {
      const key = keyOf(frame)
      const place = places.get(key) ?? { file: frame.file, line: frame.line, function: frame.function, selfMs: 0, totalMs: 0, computingMs: 0, waitingMs: 0, heaviestMs: 0 }
      places.set(key, place)
      if (depth === 0) place.selfMs += ms
      if (seen.has(key)) continue
      seen.add(key)
      place.totalMs += ms
      if (isComputing(stretch.state)) place.computingMs += ms
      else place.waitingMs += ms
      if (ms > place.heaviestMs) { place.heaviestMs = ms; place.line = frame.line }
    }
  }
  return [...places.values()].map(({ heaviestMs: _, ...place }) => place).toSorted((a, b) => b.selfMs - a.selfMs || b.totalMs - a.totalMs)
}

/** Held back by a CPU share is neither: it wanted to compute. It counts as waiting, as the clock does. */
export function isComputing(state: StackState): boolean {
  return state === 'computing'
}

/** How long the script was computing and waiting, by what it waited for. */
export function splitOf(stretches: readonly Stretch[]): { computingMs: number; waitingMs: number; byState: Partial<Record<StackState, number>> } {
  const byState: Partial<Record<StackState, number>> = {}
  for (const stretch of stretches) byState[stretch.state] = (byState[stretch.state] ?? 0) + stretch.endMs - stretch.startMs
  const computingMs = byState.computing ?? 0
  return { computingMs, waitingMs: Object.values(byState).reduce((sum, ms) => sum + ms, 0) - computingMs, byState }
}
