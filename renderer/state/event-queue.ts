/** Most events handed on at once: folding this many takes a few milliseconds, far below a long task. */
const perFrame = 4000

/** Events of this long are handed on together (ms): a frame's time. */
const gatherMs = 16

/**
 * Hands events on a frame's worth at a time, in pieces that never hold the page up. By a timer, not with the frame itself: what the
 * events change would then be computed in the same task that lays out and paints it, and hold the page up for both. A page that
 * nobody looks at gets no frames, but timers.
 */
export function createEventQueue<Event>(apply: (events: Event[]) => void): { push(events: readonly Event[]): void; flush(): void; clear(): void } {
  let waiting: Event[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function schedule() {
    timer ??= setTimeout(() => {
      timer = undefined
      const batch = waiting.splice(0, perFrame)
      if (batch.length > 0) apply(batch)
      if (waiting.length > 0) schedule()
    }, gatherMs)
  }
  return {
    push(events) {
      for (const event of events) waiting.push(event)
      if (waiting.length > 0) schedule()
    },
    flush() {
      const all = waiting
      waiting = []
      if (all.length > 0) apply(all)
    },
    clear() { waiting = [] },
  }
}
