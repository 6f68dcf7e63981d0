import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'

/** Last words of libraries and interpreters that end the process themselves when they get no memory (OpenBLAS, glib, C++, Python). */
export const noMemory = /memory allocation|MemoryError|cannot allocate memory|out of memory|bad_alloc|failed to map segment/i

/** The counter of OOM kills that rose, that of a control group before that of the whole machine; null where none did. */
export function oomKills(run: Run): EventOf<'kernel_counter'> | null {
  const risen = run.counters.filter((counter) => counter.name.endsWith('oom_kill') && counter.delta > 0)
  return risen.find((counter) => !counter.name.startsWith('vmstat')) ?? risen[0] ?? null
}
