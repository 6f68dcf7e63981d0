import type { StackState } from '../run/event.ts'

/** Time by what it was spent on. `throttledMs`: ready to run but held back by a share of the processors. */
export interface StateTimes { computingMs: number; waitingMs: number; throttledMs: number }

export function noTime(): StateTimes {
  return { computingMs: 0, waitingMs: 0, throttledMs: 0 }
}

export function addTime(times: StateTimes, state: StackState, ms: number): void {
  if (state === 'computing') times.computingMs += ms
  else if (state === 'throttled') times.throttledMs += ms
  else times.waitingMs += ms
}

/** For sentences: `asleep`, `waiting for a socket`. */
export const stateWords: Record<StackState, string> = {
  computing: 'computing', sleep: 'asleep', socket: 'waiting for a socket', file: 'waiting for a file', lock: 'waiting for a lock', child: 'waiting for a child process',
  waiting: 'waiting', throttled: 'held back by its share of the processors',
}
