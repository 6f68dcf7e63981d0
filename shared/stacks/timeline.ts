import type { EventOf, RunEvent, StackFrame, StackState } from '../run/event.ts'

/**
 * A stretch of time that one sample stands for: from it to the next sample of the same thread, at most `longestGapMs`.
 *
 *     sample      s1        s2   s3                      s4
 *     stretch     |---------|----|-------|  (gap)        |--- to the end of the script
 */
export interface Stretch {
  thread: number
  /** Process the thread belongs to; 0 = the script's own. */
  pid: number
  startMs: number
  endMs: number
  /** Innermost first. Samples of the same stack share the array. */
  frames: readonly StackFrame[]
  state: StackState
}

/** A thread that was sampled. `pid` as in `Stretch`; `main`: the main thread of the script's own process. */
export interface SampledThread { thread: number; pid: number; name: string; main: boolean }

export interface Timeline {
  stretches: Stretch[]
  samples: number
  method: EventOf<'stack_samples'>['method'] | null
  /** Why there are none; null when there are, or when they were not asked for. */
  off: string | null
  threads: SampledThread[]
  /** Readings that did not hold up and were made again, and samples given up: neither is among the stretches. */
  torn: number
  lost: number
}

/** A sample says nothing about a time so far from it (ms): nobody looked. */
const longestGapMs = 250
/** At low rates samples are that far apart on purpose: so many periods may pass. */
const longestGapPeriods = 3

/** Samples of a run as stretches of time. Pure; events of any part of a run. */
export function timelineOf(events: Iterable<RunEvent>): Timeline {
  const frames: StackFrame[] = []
  const stacks: StackFrame[][] = []
  const open = new Map<string, Stretch>()
  const names = new Map<number, string>()
  const timeline: Timeline = { stretches: [], samples: 0, method: null, off: null, threads: [], torn: 0, lost: 0 }
  let longestMs = longestGapMs
  let scriptPid: number | null = null
  let endMs: number | null = null
  // From then on there is no Python in the script's own process.
  let replacedMs = Infinity
  for (const event of events) {
    if (event.type === 'run_started' && event.plan.stacks.rateHz > 0) longestMs = Math.max(longestGapMs, longestGapPeriods * 1000 / event.plan.stacks.rateHz)
    if (event.type === 'process_started') scriptPid = event.pid
    if (event.type === 'stacks_off') timeline.off = event.reason
    if (event.type === 'process_exited') endMs = event.atMs
    if (event.type === 'process_replaced') replacedMs = Math.min(replacedMs, event.atMs)
    if (event.type !== 'stack_samples') continue
    timeline.method = event.method
    timeline.torn = event.torn ?? timeline.torn
    timeline.lost = event.lost ?? timeline.lost
    for (const [thread, name] of event.threads ?? []) names.set(thread, name)
    for (const [index, [file, name, line]] of (event.tables?.frames ?? []).entries()) frames[(event.tables?.firstFrame ?? 0) + index] = { file, function: name, line }
    for (const [index, stack] of (event.tables?.stacks ?? []).entries()) {
      stacks[(event.tables?.firstStack ?? 0) + index] = stack.map((frame) => frames[frame]).filter((frame) => frame !== undefined)
    }
    for (const sample of event.samples) {
      timeline.samples++
      const pid = sample.pid ?? 0
      const key = `${pid}/${sample.thread}`
      const before = open.get(key)
      if (before) before.endMs = Math.min(sample.atMs, before.startMs + longestMs)
      else timeline.threads.push({ thread: sample.thread, pid, name: '', main: false })
      const stretch: Stretch = { thread: sample.thread, pid, startMs: sample.atMs, endMs: sample.atMs, state: sample.state, frames: stacks[sample.stack] ?? [] }
      open.set(key, stretch)
      timeline.stretches.push(stretch)
    }
  }
  for (const last of open.values()) last.endMs = endMs === null ? last.startMs : Math.min(Math.max(endMs, last.startMs), last.startMs + longestMs)
  for (const stretch of timeline.stretches) if (stretch.pid === 0) stretch.endMs = Math.max(stretch.startMs, Math.min(stretch.endMs, replacedMs))
  nameThreads(timeline.threads, names, scriptPid)
  return timeline
}

/** The main thread has the number of its process; where that is not known it is the first that was seen. */
function nameThreads(threads: SampledThread[], names: ReadonlyMap<number, string>, scriptPid: number | null): void {
  for (const [index, seen] of threads.entries()) {
    seen.main = seen.pid === 0 && (scriptPid === null ? index === 0 : seen.thread === scriptPid)
    const other = seen.pid === 0 ? `thread ${seen.thread}` : seen.thread === seen.pid ? `process ${seen.pid}` : `thread ${seen.thread} of process ${seen.pid}`
    seen.name = seen.main ? 'main' : names.get(seen.thread) ?? other
  }
}
