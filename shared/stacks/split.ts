import type { StackState } from '../run/event.ts'
import type { Stacks } from './fold-stacks.ts'
import { mainThreadOf } from './lane.ts'
import { addTime, noTime, type StateTimes } from './states.ts'

/** How a run's time divides. `sampledMs` is their sum; `byState` is what the main thread did meanwhile. */
export interface Split extends StateTimes { sampledMs: number; byState: Partial<Record<StackState, number>> }

/**
 * Computing or waiting, as a whole: at an instant at which any thread or process of the run computes, it computes, whatever its main thread
 * waits for. Measured along the main thread.
 */
export function splitOf(stacks: Stacks): Split {
  const split: Split = { ...noTime(), sampledMs: 0, byState: {} }
  const busy = new Map<number, StackState>()
  for (const { main, samples } of stacks.threads) {
    if (main) continue
    for (const { atMs, state } of samples) {
      if (state === 'computing' || (state === 'throttled' && busy.get(atMs) !== 'computing')) busy.set(atMs, state)
    }
  }
  for (const { atMs, state, ms } of mainThreadOf(stacks)?.samples ?? []) {
    const whole = state === 'computing' ? state : busy.get(atMs) ?? state
    addTime(split, whole, ms)
    split.sampledMs += ms
    split.byState[state] = (split.byState[state] ?? 0) + ms
  }
  return split
}
