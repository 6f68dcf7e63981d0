/** This process's monotonic clock, ns. On Linux Python's `time.monotonic_ns` is the same clock. */
export function nowNs(): bigint {
  return process.hrtime.bigint()
}

/**
 * How the clock of another process relates to ours, from one exchange: it read `theirsNs` between our `sentNs` and `receivedNs`.
 * 0 (the same clock) where its reading lies between them; otherwise the middle is assumed. Add the result to its instants.
 */
export function clockOffset(sentNs: bigint, theirsNs: bigint, receivedNs: bigint): bigint {
  if (theirsNs >= sentNs && theirsNs <= receivedNs) return 0n
  return (sentNs + receivedNs) / 2n - theirsNs
}

/** The monotonic instant (ns) of `runMs` on the run's clock; `runMsOf` is a shift and a change of unit. */
export function nsOfRunMs(runMs: number, runMsOf: (ns: bigint) => number, now: bigint): bigint {
  return now + BigInt(Math.round((runMs - runMsOf(now)) * 1e6))
}
