import type { Run } from '../../shared/run/fold-run.ts'
import type { EventOf, StackFrame, StackState } from '../../shared/run/event.ts'
import { flameOf, type FlameNode } from '../../shared/stacks/flame.ts'
import { laneOf } from '../../shared/stacks/lane.ts'
import { isOwnFile as isOwn } from '../../shared/stacks/own-file.ts'
import { lineTimesOf } from '../../shared/stacks/times.ts'
import { timelineOf } from '../../shared/stacks/timeline.ts'

/** A time during which the script's main thread stood at one place. ms on the run's clock; frames innermost first. */
export interface StackSegment {
  startMs: number
  endMs: number
  frames: readonly StackFrame[]
  state: StackState
  /** Index of the innermost frame of the user's script in `frames`; -1 if there is none. */
  own: number
}

/** What the samples tell so far. */
export interface Stacks {
  segments: readonly StackSegment[]
  /** ms seen per line of the user's script (the innermost own frame). */
  lineMs: ReadonlyMap<number, number>
  samples: number
  /** How many threads, of how many processes, `lineMs` adds up. */
  threads: number
  processes: number
}

interface Folding { segments: StackSegment[]; lineMs: Map<number, number>; samples: number; threads: 1; processes: 1; taken: number; frames: StackFrame[]; stacks: StackFrame[][]; last: { atMs: number; thread: number; line: number | null } | null }

/** A sample says nothing about a time so far from it (ms): nobody looked. */
const longestGapMs = 250
const live = new WeakMap<Run, Folding>()
const ended = new WeakMap<Run, Stacks>()
const none: Stacks = { segments: [], lineMs: new Map(), samples: 0, threads: 0, processes: 0 }

/**
 * What the samples of a run tell. While it goes on they are folded as they come, the main thread only, so that it may be asked at
 * every frame; once it is over everything comes from the same functions that engine and exports use.
 */
export function stacksOf(run: Run): Stacks {
  if (!run.ended) return foldLive(run)
  const known = ended.get(run)
  if (known) return known
  const stacks = finalStacks(run)
  ended.set(run, stacks)
  return stacks
}

function finalStacks(run: Run): Stacks {
  const timeline = timelineOf(run.events)
  const main = timeline.threads.find((thread) => thread.main) ?? timeline.threads[0]
  if (!main) return none
  const segments = laneOf(timeline.stretches, main).map((segment) => ({ ...segment, own: segment.frames.findIndex((frame) => isOwnFile(run, frame.file)) }))
  const lineMs = new Map<number, number>()
  for (const place of lineTimesOf(timeline.stretches, (file) => isOwnFile(run, file))) {
    if (place.ownMs > 0 && isOwnFile(run, place.file)) lineMs.set(place.line, (lineMs.get(place.line) ?? 0) + place.ownMs)
  }
  return { segments, lineMs, samples: timeline.samples, threads: timeline.threads.length, processes: new Set(timeline.threads.map(({ pid }) => pid)).size }
}

function foldLive(run: Run): Stacks {
  let folding = live.get(run)
  if (!folding) {
    folding = { segments: [], lineMs: new Map(), samples: 0, threads: 1, processes: 1, taken: 0, frames: [], stacks: [], last: null }
    live.set(run, folding)
  }
  for (; folding.taken < run.events.length; folding.taken++) {
    const event = run.events[folding.taken]
    if (event?.type === 'stack_samples') foldSamples(run, folding, event)
  }
  return folding
}

function foldSamples(run: Run, folding: Folding, event: EventOf<'stack_samples'>): void {
  for (const [index, [file, name, line]] of (event.tables?.frames ?? []).entries()) folding.frames[(event.tables?.firstFrame ?? 0) + index] = { file, function: name, line }
  for (const [index, stack] of (event.tables?.stacks ?? []).entries()) {
    folding.stacks[(event.tables?.firstStack ?? 0) + index] = stack.map((frame) => folding.frames[frame]).filter((frame) => frame !== undefined)
  }
  for (const sample of event.samples) {
    folding.samples++
    const main = run.process?.pid ?? folding.last?.thread ?? sample.thread
    if ((sample.pid ?? 0) !== 0 || (sample.thread !== main && sample.thread !== folding.last?.thread && folding.last !== null)) continue
    const frames = folding.stacks[sample.stack] ?? []
    const own = frames.findIndex((frame) => isOwnFile(run, frame.file))
    const { last } = folding
    const open = folding.segments.at(-1)
    if (last && open) {
      const until = Math.min(sample.atMs, last.atMs + longestGapMs)
      open.endMs = until
      if (last.line !== null) folding.lineMs.set(last.line, (folding.lineMs.get(last.line) ?? 0) + until - last.atMs)
    }
    folding.last = { atMs: sample.atMs, thread: sample.thread, line: frames[own]?.line ?? null }
    if (!open || open.frames !== frames || open.state !== sample.state || open.endMs !== sample.atMs) folding.segments.push({ startMs: sample.atMs, endMs: sample.atMs, frames, state: sample.state, own })
  }
}

/** Is this frame in the script that was run? Modules beside it are the user's own as well, but have no place in its editor. */
export function isOwnFile(run: Run, file: string): boolean {
  const script = run.plan?.script
  return script !== undefined && isOwn({ ...script, path: null }, file) || (script?.path ?? null) === file
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

const flames = new WeakMap<Run, FlameNode>()

/** The tree of all stacks of a run that is over. */
export function flameOfRun(run: Run): FlameNode {
  const known = flames.get(run)
  if (known) return known
  const flame = flameOf(timelineOf(run.events).stretches)
  flames.set(run, flame)
  return flame
}
