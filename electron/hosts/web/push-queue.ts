import type { Pushes } from '../../../shared/bridge/contract.ts'
import type { Push } from '../engine-port.ts'

/** A screen that reads nothing for so long that this many facts wait for it is let go: it can connect and ask again. */
export const mostWaitingEvents = 500_000

/**
 * Pushes that wait until a slow screen can take them. Waiting costs it nothing but time: facts of one run become one push,
 * of what only tells the present state (log size, readings) the last one stands for all.
 */
export interface PushQueue {
  add(push: Push): void
  /** The pushes to send now, in order of what they are about; the queue is empty afterwards. */
  takeAll(): Push[]
  readonly waitingEvents: number
}

export function createPushQueue(): PushQueue {
  let waiting = new Map<string, Push>()
  let events = 0
  let commands = 0
  return {
    add(push) {
      if (push.push === 'events') {
        events += push.value.events.length
        const before = waiting.get(`events ${push.value.runId}`)?.value as Pushes['events'] | undefined
        // Appends to a list of the queue's own: the engine's list goes to other screens too.
        if (before) before.events.push(...push.value.events)
        else waiting.set(`events ${push.value.runId}`, { push: 'events', value: { runId: push.value.runId, events: [...push.value.events] } })
        return
      }
      waiting.set(keyOf(push, () => commands++), push)
    },
    takeAll() {
      const all = [...waiting.values()]
      waiting = new Map()
      events = 0
      return all
    },
    get waitingEvents() { return events },
  }
}

/** Pushes with the same key replace each other. Commands never do. */
function keyOf(push: Exclude<Push, { push: 'events' }>, nextNumber: () => number): string {
  switch (push.push) {
    case 'logGrew': return `logGrew ${push.value.runId}`
    case 'readings': return 'readings'
    case 'desk': return 'desk'
    default: return `${push.push} ${nextNumber()}`
  }
}
