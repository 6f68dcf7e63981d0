import { create } from 'zustand'
import { afterPaint } from '../ui/after-paint.ts'
import { isLive, useRun } from './run.ts'

/** How often what ticks is redrawn while a run goes on (ms). */
const tickMs = 100
/** Ticks per slow beat: what costs more to draw (the chart) follows four times a second. */
const slowTicks = 3

/**
 * The pace of the screen. Events arrive thirty times a second and more; numbers that change that fast cannot be read, and
 * drawing them would take the page's time. `nowMs` is where the live run stands, for a finished run its last event.
 */
interface ClockState {
  nowMs: number
  /** The run's version at the last tick; up to date at once when a run ends. */
  beat: number
  /** `nowMs` and version at the last slow beat. */
  slowMs: number
  slowBeat: number
  /** Whether the run went on at the last slow beat. */
  slowLive: boolean
  /** The user froze the view. */
  frozen: boolean
}

export const useClock = create<ClockState>(() => ({ nowMs: 0, beat: 0, slowMs: 0, slowBeat: 0, slowLive: false, frozen: false }))

/** Redraws a component whenever the run has changed, at the screen's pace. */
export function useBeat(): number {
  return useClock((clock) => clock.beat)
}

export function setFrozen(frozen: boolean): void {
  useClock.setState({ frozen })
}

/** The run as what is costly to draw sees it: at the last slow beat. */
export function useSlowRun(): { version: number; nowMs: number; live: boolean } {
  const version = useClock((clock) => clock.slowBeat)
  const nowMs = useClock((clock) => clock.slowMs)
  const live = useClock((clock) => clock.slowLive)
  return { version, nowMs, live }
}

/** Starts the ticking; called once. It costs nothing while no run goes on. */
export function startClock(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  let ticks = 0
  const tick = (slow: boolean) => {
    const state = useRun.getState()
    if (useClock.getState().frozen) return
    const nowMs = isLive(state) && Number.isFinite(state.zeroMs) ? Math.max(state.run.nowMs, performance.now() - state.zeroMs) : state.run.nowMs
    useClock.setState({ nowMs, beat: state.version, ...(slow ? { slowMs: nowMs, slowBeat: state.version, slowLive: isLive(state) } : {}) })
  }
  useRun.subscribe((state, before) => {
    if (state.runId !== before.runId || state.phase !== before.phase) useClock.setState({ frozen: false })
    if (isLive(state)) {
      if (timer === undefined) { ticks = 0; tick(true); timer = setInterval(() => tick(ticks++ % slowTicks === 0), tickMs) }
      return
    }
    if (timer !== undefined) {
      clearInterval(timer)
      timer = undefined
      // The verdict first; what is costly to draw follows in the next frame.
      tick(false)
      afterPaint(() => tick(true))
      return
    }
    if (state.phase !== before.phase || state.version !== before.version || state.runId !== before.runId) tick(true)
  })
}
