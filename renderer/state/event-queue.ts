/** Most events handed on in one frame: folding this many takes a few milliseconds, far below a long task. */
const perFrame = 4000

/**
 * Hands events on once per frame, in pieces that never hold the page up. A hidden page gets no frames, so a timer
 * stands in for them.
 */
export function createEventQueue<Event>(apply: (events: Event[]) => void): { push(events: readonly Event[]): void; flush(): void; clear(): void } {
  let waiting: Event[] = []
  let scheduled = false

  function schedule() {
    if (scheduled) return
    scheduled = true
    let done = false
    const once = () => {
      if (done) return
      done = true
      clearTimeout(timer)
      scheduled = false
      const batch = waiting.splice(0, perFrame)
      if (batch.length > 0) apply(batch)
      if (waiting.length > 0) schedule()
    }
    const timer = setTimeout(once, 100)
    requestAnimationFrame(once)
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
