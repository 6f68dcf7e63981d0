import type { RunHandle } from '../../engine.ts'

/** `asked` once the user wants to stop; the run that goes on is followed, so that it hears of it. */
export interface StopSignal { asked: boolean; follow(handle: RunHandle): void; release(): void }

/** Ctrl+C is the user's Stop: the client leaves, and the verdict is still printed. A second one ends at once. */
export function stopOnSignal(): StopSignal {
  let current: RunHandle | null = null
  const state: StopSignal = { asked: false, follow(handle) {
    current = handle
    if (state.asked) handle.stop()
  }, release: onStopSignals(['SIGINT', 'SIGTERM'], () => {
    state.asked = true
    current?.stop()
  }) }
  return state
}

/** One press may arrive twice: from the terminal, and from `npm run`, `timeout` or our own launcher, which pass it on. Closer together than this (ms), they are one. */
const onePressMs = 300

/** Calls `onFirst` at the first of these signals; a second one, by somebody who will not wait, ends the process at once. Returns what takes it back. */
export function onStopSignals(signals: readonly NodeJS.Signals[], onFirst: () => void): () => void {
  let firstMs: number | null = null
  const onSignal = () => {
    if (firstMs === null) {
      firstMs = performance.now()
      onFirst()
    } else if (performance.now() - firstMs > onePressMs) process.exit(130)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return () => { for (const signal of signals) process.off(signal, onSignal) }
}
