import type { RunHandle } from '../../engine.ts'

/** `asked` once the user wants to stop; the run that goes on is followed, so that it hears of it. */
export interface StopSignal { asked: boolean; follow(handle: RunHandle): void; release(): void }

/** Ctrl+C is the user's Stop: the client leaves, and the verdict is still printed. A second one ends at once. */
export function stopOnSignal(): StopSignal {
  let current: RunHandle | null = null
  const state: StopSignal = { asked: false, follow(handle) {
    current = handle
    if (state.asked) handle.stop()
  }, release: () => { process.off('SIGINT', onSignal); process.off('SIGTERM', onSignal) } }
  const onSignal = () => {
    if (state.asked) process.exit(130)
    state.asked = true
    current?.stop()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return state
}
