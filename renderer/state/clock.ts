import { create } from 'zustand'
import { isLive, useRun } from './run.ts'

/** How often numbers that tick are redrawn (ms). */
const tickMs = 100

/** Where the live run stands now, ms on its clock; for a finished run its last event. Frozen while the user freezes the view. */
export const useClock = create<{ nowMs: number; frozen: boolean }>(() => ({ nowMs: 0, frozen: false }))

export function setFrozen(frozen: boolean): void {
  useClock.setState({ frozen })
}

/** Starts the ticking; called once. It costs nothing while no run goes on. */
export function startClock(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    const state = useRun.getState()
    if (useClock.getState().frozen) return
    const nowMs = isLive(state) && Number.isFinite(state.zeroMs) ? Math.max(state.run.nowMs, performance.now() - state.zeroMs) : state.run.nowMs
    if (nowMs !== useClock.getState().nowMs) useClock.setState({ nowMs })
  }
  useRun.subscribe((state, before) => {
    if (isLive(state) && timer === undefined) { useClock.setState({ nowMs: 0, frozen: false }); timer = setInterval(tick, tickMs) }
    if (!isLive(state) && timer !== undefined) { clearInterval(timer); timer = undefined }
    if (!isLive(state) && (state.phase !== before.phase || state.version !== before.version)) { useClock.setState({ frozen: false }); tick() }
  })
}
