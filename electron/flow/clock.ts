/**
 * The one clock of a run. It is monotonic (`process.hrtime`, which Python's `time.monotonic_ns` shares on Linux), in ms,
 * and zero at `start()`: the moment the client begins to connect. Before that it stands at 0.
 */
export interface RunClock {
  /** Sets the clock going; later calls change nothing. */
  start(): void
  nowMs(): number
  /** A monotonic instant in ns (`process.hrtime.bigint()`) as ms of the run. */
  runMsOf(monotonicNs: bigint): number
  /** A wall clock instant (ms since 1970), as log lines of other programs carry it, as ms of the run. As exact as both clocks agree. */
  runMsOfWall(epochMs: number): number
  /** Acts once at `deadlineMs`, never earlier. A deadline that has passed acts in the next turn of the loop. */
  at(deadlineMs: number, act: () => void): ArmedTimer
  after(delayMs: number, act: () => void): ArmedTimer
  /** Cancels every timer. */
  close(): void
  /** Timers that have neither acted nor been cancelled. */
  readonly pending: number
}

export interface ArmedTimer { readonly deadlineMs: number; cancel(): void }

/** setTimeout wraps above 2^31 - 1 ms and then fires at once; longer waits are taken in pieces. */
const longestWaitMs = 2 ** 31 - 1
/** setTimeout counts whole ms from a time the loop read earlier: up to 1 ms early, and 1 ms late. The last stretch is watched. */
const watchedMs = 2

/** A clock for one run. */
export function createRunClock(): RunClock {
  let originNs: bigint | null = null
  let wallOrigin = 0
  const armed = new Set<ArmedTimer>()
  const runMsOf = (ns: bigint) => (originNs === null ? 0 : Number(ns - originNs) / 1e6)
  const nowMs = () => (originNs === null ? 0 : runMsOf(process.hrtime.bigint()))

  const at = (deadlineMs: number, act: () => void): ArmedTimer => {
    let timeout: NodeJS.Timeout | undefined
    let immediate: NodeJS.Immediate | undefined
    const timer: ArmedTimer = {
      deadlineMs,
      cancel() {
        clearTimeout(timeout)
        clearImmediate(immediate)
        armed.delete(timer)
      },
    }
    const wait = () => {
      const left = deadlineMs - nowMs()
      if (left <= watchedMs) immediate = setImmediate(watch)
      else timeout = setTimeout(wait, Math.min(longestWaitMs, Math.floor(left - 1)))
    }
    const watch = () => {
      if (nowMs() < deadlineMs) { wait(); return }
      armed.delete(timer)
      act()
    }
    armed.add(timer)
    wait()
    return timer
  }

  return {
    start() {
      if (originNs !== null) return
      originNs = process.hrtime.bigint()
      wallOrigin = wallNowMs()
    },
    nowMs, runMsOf, at,
    runMsOfWall: (epochMs) => (originNs === null ? 0 : epochMs - wallOrigin),
    after: (delayMs, act) => at(nowMs() + delayMs, act),
    close() { for (const timer of armed) timer.cancel() },
    get pending() { return armed.size },
  }
}

/** The wall clock finer than a ms, as long as it was not set since this process began. */
function wallNowMs(): number {
  const fine = performance.timeOrigin + performance.now()
  const coarse = Date.now()
  return Math.abs(fine - coarse) <= 1.5 ? fine : coarse + 0.5
}
