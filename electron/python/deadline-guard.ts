/** Longest delay a timer takes; a longer one is as good as never. */
const longestTimerMs = 2 ** 31 - 1

export interface GuardedDeadline { limitId: string; by: import('../../shared/flow/layers.ts').LayerId; ns: bigint }

/**
 * Watches the one who watches. The supervisor holds the deadlines; these timers only step in where it cannot: before it has started
 * (`passed`, which returns true if it acted) and when it does not act (`overdue`, `patienceMs` later).
 */
export function deadlineGuard(deadlines: GuardedDeadline[], act: {
  passed(deadline: GuardedDeadline): boolean
  overdue(deadline: GuardedDeadline): void
  patienceMs: number
}): { expect(withinMs: number, otherwise: () => void): void; stop(): void } {
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, run: () => void): void => {
    if (ms > longestTimerMs) return
    const timer = setTimeout(() => { timers.delete(timer); run() }, Math.max(0, ms))
    timers.add(timer)
  }
  for (const deadline of deadlines) {
    const leftMs = Number(deadline.ns - process.hrtime.bigint()) / 1e6
    // Timers may fire up to a millisecond early.
    later(Math.ceil(leftMs) + 1, () => { if (!act.passed(deadline)) later(act.patienceMs, () => act.overdue(deadline)) })
  }
  return {
    /** Runs `otherwise` unless the run has ended by then. */
    expect: later,
    stop() { for (const timer of timers) clearTimeout(timer); timers.clear() },
  }
}
