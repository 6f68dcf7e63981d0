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
  /** Innermost first. */
  frames: readonly StackFrame[]
  state: StackState
}

export interface Timeline {
  stretches: Stretch[]
  samples: number
  method: EventOf<'stack_samples'>['method'] | null
  /** Why there are none; null when there are, or when they were not asked for. */
  off: string | null
}

/** A sample says nothing about a time so far from it (ms): nobody looked. */
const longestGapMs = 250

/** Samples of a run as stretches of time. Pure; events of any part of a run. */
export function timelineOf(events: Iterable<RunEvent>): Timeline {
  const frames: StackFrame[] = []
  const stacks: number[][] = []
  const open = new Map<string, Stretch>()
  const timeline: Timeline = { stretches: [], samples: 0, method: null, off: null }
  let endMs: number | null = null
  for (const event of events) {
    if (event.type === 'stacks_off') timeline.off = event.reason
    if (event.type === 'process_exited') endMs = event.atMs
    if (event.type !== 'stack_samples') continue
    timeline.method = event.method
    for (const [index, [file, name, line]] of (event.tables?.frames ?? []).entries()) frames[(event.tables?.firstFrame ?? 0) + index] = { file, function: name, line }
    for (const [index, stack] of (event.tables?.stacks ?? []).entries()) stacks[(event.tables?.firstStack ?? 0) + index] = stack
    for (const sample of event.samples) {
      timeline.samples++
      const key = `${sample.pid ?? 0}/${sample.thread}`
      const before = open.get(key)
      if (before) before.endMs = Math.min(sample.atMs, before.startMs + longestGapMs)
      const stretch: Stretch = {
        thread: sample.thread, pid: sample.pid ?? 0, startMs: sample.atMs, endMs: sample.atMs, state: sample.state,
        frames: (stacks[sample.stack] ?? []).map((frame) => frames[frame]).filter((frame) => frame !== undefined),
      }
      open.set(key, stretch)
      timeline.stretches.push(stretch)
    }
  }
  for (const last of open.values()) last.endMs = endMs === null ? last.startMs : Math.min(Math.max(endMs, last.startMs), last.startMs + longestGapMs)
  return timeline
}
