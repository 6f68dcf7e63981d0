import type { StackFrame, StackState } from '../run/event.ts'
import type { Stretch } from './timeline.ts'

/** A time during which a thread was seen at one place in one state. Times in ms on the run's clock; frames innermost first. */
export interface LaneSegment { startMs: number; endMs: number; frames: readonly StackFrame[]; state: StackState; samples: number }

/** What one thread did over time: neighbouring stretches that say the same are one segment. Where nobody looked there is a hole. */
export function laneOf(stretches: readonly Stretch[], of: { thread: number; pid: number }): LaneSegment[] {
  const segments: LaneSegment[] = []
  for (const { thread, pid, startMs, endMs, frames, state } of stretches) {
    if (thread !== of.thread || pid !== of.pid) continue
    const last = segments.at(-1)
    if (last && last.frames === frames && last.state === state && last.endMs === startMs) {
      last.endMs = endMs
      last.samples++
    } else segments.push({ startMs, endMs, frames, state, samples: 1 })
  }
  return segments
}
