/** How many scripts run at once. One object is shared by all requests of an engine that belong to the same service. */
export interface Slots {
  readonly concurrency: number
  readonly running: number
  readonly waiting: number
  /** A place in the queue; first come, first served. */
  take(): SlotTicket
}

export interface SlotTicket {
  /** Settles when a slot is free for this request. It never does after `leave` gave the ticket up. */
  readonly turn: Promise<void>
  /** Gives the slot back, or gives the waiting up. Counts once. */
  leave(): void
}

/** `concurrency` Infinity = nobody ever waits. */
export function createSlots(concurrency: number): Slots {
  let running = 0
  const queue: (() => void)[] = []
  return {
    concurrency,
    get running() { return running },
    get waiting() { return queue.length },
    take() {
      const { promise, resolve } = Promise.withResolvers<void>()
      let state: 'waiting' | 'running' | 'left' = 'waiting'
      const start = () => {
        state = 'running'
        running++
        resolve()
      }
      if (running < concurrency) start()
      else queue.push(start)
      return {
        turn: promise,
        leave() {
          if (state === 'waiting') queue.splice(queue.indexOf(start), 1)
          if (state === 'running') {
            running--
            queue.shift()?.()
          }
          state = 'left'
        },
      }
    },
  }
}

/** The queues of an engine: requests with the same key and concurrency share one. */
export function createQueues(): { slotsFor(key: string, concurrency: number | null): Slots } {
  const known = new Map<string, Slots>()
  return {
    slotsFor(key, concurrency) {
      const name = `${key}\n${concurrency}`
      let slots = known.get(name)
      if (!slots) known.set(name, slots = createSlots(concurrency ?? Infinity))
      return slots
    },
  }
}
