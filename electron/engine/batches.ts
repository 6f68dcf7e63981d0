import type { RunEvent } from '../../shared/run/event.ts'

/** Facts leave for the screen at most this often per run (ms): two frames of a 60 Hz display. */
const intervalMs = 33

/** Collects events and hands them on in batches; `flush` sends what is left at once. */
export function createBatches(send: (events: RunEvent[]) => void): { add(event: RunEvent): void; flush(): void } {
  let waiting: RunEvent[] = []
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    send(events)
  }
  return {
    add(event) {
      waiting.push(event)
      timer ??= setTimeout(flush, intervalMs)
    },
    flush,
  }
}
