import type { Run } from '../../shared/run/fold-run.ts'
import type { EventOf, StackState } from '../../shared/run/event.ts'

/** A stretch during which the script stood at the same place. Times in ms on the run's clock. */
export interface StackSegment {
  startMs: number
  endMs: number
  /** Innermost frame first; the frame of the user's script that is nearest to it comes with `line`. */
  frames: readonly [file: string, name: string, line: number][]
  state: StackState
  /** Index of the innermost frame of the user's script in `frames`; -1 if there is none. */
  own: number
}

/** What the samples tell so far. */
export interface Stacks {
  segments: StackSegment[]
  /** ms seen per line of the user's script (the innermost own frame). */
  lineMs: Map<number, number>
  samples: number
}

interface Folding extends Stacks {
  taken: number
  frames: [string, string, number][]
  stacks: number[][]
  last: { atMs: number; thread: number } | null
}

/** Longest gap (ms) that one sample stands for: beyond it nobody looked. */
const longestGapMs = 250
const folded = new WeakMap<Run, Folding>()

/** Folds the samples of a run; events that were folded before are not looked at again, so it may be asked at every frame. */
export function stacksOf(run: Run): Stacks {
  let folding = folded.get(run)
  if (!folding) {
    folding = { segments: [], lineMs: new Map(), samples: 0, taken: 0, frames: [], stacks: [], last: null }
    folded.set(run, folding)
  }
  for (; folding.taken < run.events.length; folding.taken++) {
    const event = run.events[folding.taken]
    if (event?.type === 'stack_samples') foldSamples(run, folding, event)
  }
  return folding
}

function foldSamples(run: Run, folding: Folding, event: EventOf<'stack_samples'>): void {
  for (const [index, frame] of (event.tables?.frames ?? []).entries()) folding.frames[(event.tables?.firstFrame ?? 0) + index] = frame
  for (const [index, stack] of (event.tables?.stacks ?? []).entries()) folding.stacks[(event.tables?.firstStack ?? 0) + index] = stack
  for (const sample of event.samples) {
    // The main thread's lane: the first thread that was seen.
    folding.last ??= { atMs: sample.atMs, thread: sample.thread }
    if (sample.thread !== folding.last.thread) continue
    folding.samples++
    const frames = (folding.stacks[sample.stack] ?? []).map((frame) => folding.frames[frame]).filter((frame) => frame !== undefined)
    const own = frames.findIndex(([file]) => isOwnFile(run, file))
    const elapsed = Math.min(sample.atMs - folding.last.atMs, longestGapMs)
    const line = frames[own]?.[2]
    if (line !== undefined) folding.lineMs.set(line, (folding.lineMs.get(line) ?? 0) + elapsed)
    folding.last = { atMs: sample.atMs, thread: sample.thread }
    const open = folding.segments.at(-1)
    if (open && open.state === sample.state && samePlace(open.frames, frames)) open.endMs = sample.atMs
    else {
      if (open) open.endMs = Math.min(sample.atMs, open.endMs + longestGapMs)
      folding.segments.push({ startMs: sample.atMs, endMs: sample.atMs, frames, state: sample.state, own })
    }
  }
}

function samePlace(a: StackSegment['frames'], b: StackSegment['frames']): boolean {
  return a.length === b.length && a.every((frame, index) => frame[1] === b[index]?.[1] && frame[2] === b[index]?.[2])
}

/** Is this frame in the script that was run? A draft without a file is run from a temporary one of the same name. */
export function isOwnFile(run: Run, file: string): boolean {
  const script = run.plan?.script
  return script !== undefined && (file === script.path || file.endsWith(`/${script.name}`) || file.endsWith(`\\${script.name}`) || file === script.name)
}

/** The segment that covers an instant. */
export function segmentAt(stacks: Stacks, atMs: number): StackSegment | undefined {
  let low = 0
  let high = stacks.segments.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const segment = stacks.segments[middle]
    if (!segment) return undefined
    if (atMs < segment.startMs) high = middle - 1
    else if (atMs > segment.endMs) low = middle + 1
    else return segment
  }
  return undefined
}
