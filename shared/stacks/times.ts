import type { StackFrame, StackState } from '../run/event.ts'
import type { Stretch } from './timeline.ts'

/**
 * Time seen at a place, ms. `self`: it was the innermost; `own`: the innermost of the user's own files, so with the library code it called;
 * `total`: it was anywhere on the stack. Computing and waiting split `total`. Two threads at once count twice.
 */
export interface PlaceTime { file: string; line: number; function: string; selfMs: number; ownMs: number; totalMs: number; computingMs: number; waitingMs: number }

const everyFile = (): boolean => true

/**
 * Time per line of source, the heaviest (own, then self) first. A line that is twice on one stack (recursion, a
 * generator expression) counts once; `function` is the one most often seen on it.
 */
export function lineTimesOf(stretches: readonly Stretch[], isOwn: (file: string) => boolean = everyFile): PlaceTime[] {
  return timesBy(stretches, isOwn, (frame) => `${frame.file}\n${frame.line}`)
}

/** Time per function, the heaviest (own, then self) first; `line` is the one most often seen. */
export function functionTimesOf(stretches: readonly Stretch[], isOwn: (file: string) => boolean = everyFile): PlaceTime[] {
  return timesBy(stretches, isOwn, (frame) => `${frame.file}\n${frame.function}`)
}

function timesBy(stretches: readonly Stretch[], isOwn: (file: string) => boolean, keyOf: (frame: StackFrame) => string): PlaceTime[] {
  const places = new Map<string, PlaceTime & { heaviestMs: number }>()
  // There are few files and many frames.
  const own = new Map<string, boolean>()
  const isOwnFrame = ({ file }: StackFrame): boolean => {
    const known = own.get(file) ?? isOwn(file)
    own.set(file, known)
    return known
  }
  for (const { frames, ms, computingMs } of weightsOf(stretches)) {
    const seen = new Set<string>()
    const innermostOwn = frames.findIndex(isOwnFrame)
    for (const [depth, frame] of frames.entries()) {
      const key = keyOf(frame)
      const place = places.get(key) ?? { file: frame.file, line: frame.line, function: frame.function, selfMs: 0, ownMs: 0, totalMs: 0, computingMs: 0, waitingMs: 0, heaviestMs: 0 }
      places.set(key, place)
      if (depth === 0) place.selfMs += ms
      if (depth === innermostOwn) place.ownMs += ms
      if (seen.has(key)) continue
      seen.add(key)
      place.totalMs += ms
      place.computingMs += computingMs
      place.waitingMs += ms - computingMs
      if (ms > place.heaviestMs) { place.heaviestMs = ms; place.line = frame.line; place.function = frame.function }
    }
  }
  return [...places.values()].map(({ heaviestMs: _, ...place }) => place).toSorted((a, b) => b.ownMs - a.ownMs || b.selfMs - a.selfMs || b.totalMs - a.totalMs)
}

/** Time per different stack: there are far fewer of them than samples. */
export function weightsOf(stretches: readonly Stretch[]): Iterable<{ frames: readonly StackFrame[]; ms: number; computingMs: number }> {
  const weights = new Map<readonly StackFrame[], { frames: readonly StackFrame[]; ms: number; computingMs: number }>()
  for (const { frames, startMs, endMs, state } of stretches) {
    const weight = weights.get(frames) ?? { frames, ms: 0, computingMs: 0 }
    weights.set(frames, weight)
    weight.ms += endMs - startMs
    if (isComputing(state)) weight.computingMs += endMs - startMs
  }
  return weights.values()
}

/** Held back by a CPU share is neither: it wanted to compute. It counts as waiting, as the clock does. */
export function isComputing(state: StackState): boolean {
  return state === 'computing'
}

/**
 * How long the script was computing and waiting, by what it waited for, along its main thread: at an instant at which any other of its
 * threads or processes computes it computes, whatever the main thread waits for.
 */
export function splitOf(stretches: readonly Stretch[], isMain: (stretch: Stretch) => boolean = firstThread(stretches)): { computingMs: number; waitingMs: number; byState: Partial<Record<StackState, number>> } {
  const computes = new Set<number>()
  for (const stretch of stretches) if (isComputing(stretch.state)) computes.add(stretch.startMs)
  const byState: Partial<Record<StackState, number>> = {}
  for (const stretch of stretches) {
    if (!isMain(stretch)) continue
    const state = computes.has(stretch.startMs) ? 'computing' : stretch.state
    byState[state] = (byState[state] ?? 0) + stretch.endMs - stretch.startMs
  }
  const computingMs = byState.computing ?? 0
  return { computingMs, waitingMs: Object.values(byState).reduce((sum, ms) => sum + ms, 0) - computingMs, byState }
}

function firstThread(stretches: readonly Stretch[]): (stretch: Stretch) => boolean {
  const [first] = stretches
  return ({ pid, thread }) => pid === first?.pid && thread === first.thread
}
