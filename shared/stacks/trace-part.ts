import type { StackFrame } from '../run/event.ts'
import type { TraceEvent, TracePart } from '../export/trace.ts'
import { laneOf, type LaneSegment } from './lane.ts'
import { stateNames } from './states.ts'
import { timelineOf } from './timeline.ts'

/** The stacks as threads of a Chrome trace: for each thread of the script its calls as nested slices, and below them what it was doing. */
export const stackTracePart: TracePart = (run, { pid, firstTid }) => {
  const { stretches, threads } = timelineOf(run.events)
  return threads.flatMap((thread, index) => {
    const segments = laneOf(stretches, thread)
    const tid = firstTid + 2 * index
    const named = (name: string, at: number): TraceEvent[] => [
      { name: 'thread_name', ph: 'M', ts: 0, pid, tid: at, args: { name } }, { name: 'thread_sort_index', ph: 'M', ts: 0, pid, tid: at, args: { sort_index: at } },
    ]
    return [
      ...named(`python: ${thread.name}`, tid), ...callsOf(segments).map((slice): TraceEvent => ({ ...slice, pid, tid })),
      ...named(`python: ${thread.name}, state`, tid + 1), ...statesOf(segments).map((slice): TraceEvent => ({ ...slice, pid, tid: tid + 1 })),
    ]
  })
}

type Slice = Omit<TraceEvent, 'pid' | 'tid'>

const us = (ms: number): number => Math.round(ms * 1000)

/** A call lasts as long as neighbouring segments agree on it and on everything outside it. */
function callsOf(segments: readonly LaneSegment[]): Slice[] {
  const slices: Slice[] = []
  let open: { frame: StackFrame; slice: Slice }[] = []
  let untilMs = -Infinity
  const close = (from: number): void => {
    for (const { slice } of open.slice(from)) slice.dur = us(untilMs) - slice.ts
    open = open.slice(0, from)
  }
  for (const { startMs, endMs, frames } of segments) {
    if (startMs !== untilMs) close(0)
    const calls = frames.toReversed()
    let same = 0
    while (same < open.length && isSameCall(open[same]!.frame, calls[same])) same++
    close(same)
    for (const frame of calls.slice(same)) {
      const slice: Slice = { name: frame.function, cat: 'stack', ph: 'X', ts: us(startMs), dur: 0, args: { file: frame.file, line: frame.line } }
      open.push({ frame, slice })
      slices.push(slice)
    }
    untilMs = endMs
  }
  close(0)
  return slices
}

function isSameCall(a: StackFrame, b: StackFrame | undefined): boolean {
  return b !== undefined && a.file === b.file && a.function === b.function
}

function statesOf(segments: readonly LaneSegment[]): Slice[] {
  const slices: Slice[] = []
  let last: { slice: Slice; segment: LaneSegment } | null = null
  for (const segment of segments) {
    if (last && last.segment.state === segment.state && last.segment.endMs === segment.startMs) last.slice.dur = us(segment.endMs) - last.slice.ts
    else {
      last = { slice: { name: stateNames[segment.state], cat: 'state', ph: 'X', ts: us(segment.startMs), dur: us(segment.endMs) - us(segment.startMs) }, segment }
      slices.push(last.slice)
    }
    last.segment = segment
  }
  return slices
}
