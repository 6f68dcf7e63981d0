import { startTransition, useEffect, useState } from 'react'
import { create } from 'zustand'
import type { Run } from '../../shared/run/fold-run.ts'
import { afterPaint } from '../ui/after-paint.ts'
import { showTail } from './log.ts'
import { isLive, takeGrowth, useRun } from './run.ts'

/** How often what ticks is redrawn while a run goes on (ms): often enough to be seen going on, and no work of the page that the script would feel. */
const tickMs = 150
/** Ticks per slow beat: what costs more to draw (the chart) follows three times a second. */
const slowTicks = 2

/**
 * The pace of the screen. Events arrive thirty times a second and more; numbers that change that fast cannot be read, and
 * drawing them would take the page's time. `nowMs` is where the live run stands, for a finished run its last event.
 */
interface ClockState {
  nowMs: number
  /** The run's version at the last tick; up to date at once when a run ends. */
  beat: number
  /** The run as it was at the last slow beat. */
  slow: SlowRun
  /** The user froze the view. */
  frozen: boolean
}

/** What is costly to draw sees the run by this: its version, where it stood (ms), and whether it went on. */
export interface SlowRun { run: Run; version: number; nowMs: number; live: boolean }

export const useClock = create<ClockState>(() => ({ nowMs: 0, beat: 0, slow: { run: useRun.getState().run, version: 0, nowMs: 0, live: false }, frozen: false }))

/** Redraws a component whenever the run has changed, at the screen's pace. */
export function useBeat(): number {
  return useClock((clock) => clock.beat)
}

export function setFrozen(frozen: boolean): void {
  useClock.setState({ frozen })
}

/**
 * The run as what is costly to draw sees it: at the last slow beat. As long as the run goes on it is drawn in a transition, in small
 * pieces between which the page answers; a run that is over is drawn at once, with everything else that tells of it.
 */
export function useSlowRun(): SlowRun {
  const run = useRun((state) => state.run)
  const over = useClock((clock) => (clock.slow.live ? null : clock.slow))
  const [live, setLive] = useState(slowNow)
  useEffect(() => useClock.subscribe(({ slow }, before) => {
    if (slow !== before.slow && slow.live) startTransition(() => setLive(slow))
  }), [])
  return over ?? (live.run === run && live.live ? live : slowNow())
}

function slowNow(): SlowRun {
  return useClock.getState().slow
}

/** Starts the ticking; called once. It costs nothing while no run goes on. */
export function startClock(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  let ticks = 0
  const tick = () => {
    if (useClock.getState().frozen) return
    // All that ticks in one picture: one of its own for each would cost the page twice the work.
    takeGrowth()
    showTail()
    const state = useRun.getState()
    useClock.setState({ nowMs: nowOf(state), beat: state.version })
  }
  const slowTick = () => {
    if (useClock.getState().frozen) return
    const state = useRun.getState()
    useClock.setState({ slow: { run: state.run, version: state.version, nowMs: nowOf(state), live: isLive(state) } })
  }
  useRun.subscribe((state, before) => {
    if (state.runId !== before.runId || state.phase !== before.phase) useClock.setState({ frozen: false })
    if (isLive(state)) {
      if (timer !== undefined) return
      ticks = 0
      tick()
      slowTick()
      timer = setInterval(() => {
        tick()
        // A picture of its own: both in one would hold the page up for as long as both take.
        if (ticks++ % slowTicks === 0) afterPaint(slowTick)
      }, tickMs)
      return
    }
    if (timer !== undefined) {
      clearInterval(timer)
      timer = undefined
      // The verdict first; what is costly to draw follows in the next frame.
      tick()
      afterPaint(slowTick)
      return
    }
    if (state.phase !== before.phase || state.version !== before.version || state.runId !== before.runId) { tick(); slowTick() }
  })
}

/** Where a run stands: a live one by the time, a finished one at its last event. */
function nowOf(state: ReturnType<typeof useRun.getState>): number {
  return isLive(state) && Number.isFinite(state.zeroMs) ? Math.max(state.run.nowMs, performance.now() - state.zeroMs) : state.run.nowMs
}
