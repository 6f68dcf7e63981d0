import type { StackState } from '../run/event.ts'

/** What a thread does, for people. */
export const stateNames: Record<StackState, string> = {
  computing: 'computing', sleep: 'asleep', socket: 'waiting for a socket', file: 'waiting for a file', lock: 'waiting for a lock', child: 'waiting for a child process',
  waiting: 'waiting', throttled: 'held back by its CPU share',
}
