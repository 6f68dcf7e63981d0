import type { StackState } from '../run/event.ts'
import type { Stacks, ThreadStacks } from './fold-stacks.ts'

/** A stretch of time during which a thread was seen at one place in one state. Times in ms on the run's clock. */
export interface LaneSegment { startMs: number; endMs: number; stack: number; state: StackState; samples: number }

/** The segments of one thread over time, the main thread's unless another is given. Where nobody looked for long there is a hole. */
export function laneOf(stacks: Stacks, thread: ThreadStacks | undefined = mainThreadOf(stacks)): LaneSegment[] {
  const segments: LaneSegment[] = []
  let before = 0
  for (const [index, { atMs, stack, state, ms }] of (thread?.samples ?? []).entries()) {
    const next = thread?.samples[index + 1]
    // A sample's time lies around it: up to half of the way to its neighbours, and no longer than it stands for.
    const startMs = index === 0 ? atMs - ms / 2 : Math.max(before, atMs - ms)
    const endMs = next ? Math.min((atMs + next.atMs) / 2, atMs + ms) : atMs + ms / 2
    const open = segments.at(-1)
    if (open && open.stack === stack && open.state === state && open.endMs >= startMs) {
      open.endMs = endMs
      open.samples++
    } else segments.push({ startMs, endMs, stack, state, samples: 1 })
    before = next ? Math.max((atMs + next.atMs) / 2, endMs) : endMs
  }
  return segments
}

/** The script's main thread; undefined while nothing was sampled. */
export function mainThreadOf(stacks: Stacks): ThreadStacks | undefined {
  return stacks.threads.find(({ main }) => main)
}
