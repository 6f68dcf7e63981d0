import type { EventOf, RunEvent, StackFrame } from '../run/event.ts'
import { isOwnFile } from './own-file.ts'
import { functionTimesOf, lineTimesOf, splitOf, type PlaceTime } from './times.ts'
import { timelineOf, type Stretch, type Timeline } from './timeline.ts'

/** The `stacks` section of a record. */
export interface StacksSummary {
  /** Samples per second asked for, and got while the script was looked at. */
  rate: number
  gotRate: number
  /** How they were taken; `off` with the reason. */
  method: 'external' | 'thread' | 'off'
  off: string | null
  samples: number
  /** Readings that did not hold up and were made again, and samples given up: neither is among the samples. */
  torn: number
  lost: number
  /** ms along the main thread, computing as long as any thread does, and by what was waited for. */
  split: ReturnType<typeof splitOf>
  /** The lines of the user's own files come first, by the time spent in them and in what they call. */
  lines: (PlaceTime & { source?: string })[]
  functions: PlaceTime[]
  lastStack: { frames: StackFrame[]; state: string | null; ageMs: number; reason: string; method: string } | null
  /** In the order they began; `depth` is inside how many others. Only those of 1 ms and more. */
  imports: { module: string; startMs: number; selfMs: number; totalMs: number; depth: number }[]
  garbage: { collections: number; pausedMs: number }
  allocations: { file: string; line: number; bytes: number; count: number }[]
}

const mostLines = 50

/** Where Python was in a run. `sourceOf` gives the text of a line where it is at hand. Locals are never part of it. */
export function stacksSummaryOf(events: readonly RunEvent[], sourceOf?: (file: string, line: number) => string | null): StacksSummary {
  const timeline = timelineOf(events)
  const started = events.find((event) => event.type === 'run_started')
  const stack = events.findLast((event) => event.type === 'stack' && event.reason === 'cut') ?? events.findLast((event) => event.type === 'stack')
  const pauses = events.filter((event) => event.type === 'garbage_collected')
  const plan = started?.type === 'run_started' ? started.plan : null
  const rate = plan?.stacks.rateHz ?? 0
  const isOwn = (file: string): boolean => isOwnFile(plan?.script, file)
  return {
    rate, gotRate: gotRateOf(timeline), method: timeline.method ?? 'off', off: timeline.off ?? (timeline.method === null ? (rate === 0 ? 'not asked for' : 'no sample was taken') : null), samples: timeline.samples, torn: timeline.torn, lost: timeline.lost,
    split: roundedSplit(splitOf(timeline.stretches, isMainOf(timeline))),
    lines: lineTimesOf(timeline.stretches, isOwn).slice(0, mostLines).map((place) => {
      const source = sourceOf?.(place.file, place.line) ?? null
      return { ...rounded(place), ...(source === null ? {} : { source }) }
    }),
    functions: functionTimesOf(timeline.stretches, isOwn).slice(0, mostLines).map(rounded),
    lastStack: stack?.type === 'stack' ? lastStackOf(stack) : null,
    imports: events.flatMap((event) => (event.type === 'imported' ? [{ module: event.module, startMs: ms(event.startMs), selfMs: ms(event.selfMs), totalMs: ms(event.totalMs), depth: event.depth }] : [])).toSorted((a, b) => a.startMs - b.startMs || a.depth - b.depth),
    garbage: { collections: pauses.length, pausedMs: ms(pauses.reduce((sum, event) => sum + (event.type === 'garbage_collected' ? event.durationMs : 0), 0)) },
    allocations: events.findLast((event) => event.type === 'allocations')?.lines ?? [],
  }
}

/** The files that were seen in the samples. */
export function sampledFilesOf(events: readonly RunEvent[]): Set<string> {
  return new Set(events.flatMap((event) => (event.type === 'stack_samples' ? (event.tables?.frames ?? []).map(([file]) => file) : [])))
}

/** Without locals, which may hold secrets. */
export function lastStackOf({ frames, state, ageMs, reason, method }: Pick<EventOf<'stack'>, 'frames' | 'state' | 'ageMs' | 'reason' | 'method'>): NonNullable<StacksSummary['lastStack']> {
  return { frames: frames.map(({ file, line, function: name }) => ({ file, line, function: name })), state, ageMs: ms(ageMs), reason, method }
}

function isMainOf({ threads }: Timeline): (stretch: Stretch) => boolean {
  const main = threads.find((thread) => thread.main)
  return ({ pid, thread }) => pid === main?.pid && thread === main.thread
}

/** Looks at the main thread per second, from its first to its last; 0 with fewer than two. */
function gotRateOf(timeline: Timeline): number {
  const looks = timeline.stretches.filter(isMainOf(timeline))
  const [first, last] = [looks[0], looks.at(-1)]
  return first && last && last.startMs > first.startMs ? ms((looks.length - 1) / ((last.startMs - first.startMs) / 1000)) : 0
}

function rounded(place: PlaceTime): PlaceTime {
  return { ...place, selfMs: ms(place.selfMs), ownMs: ms(place.ownMs), totalMs: ms(place.totalMs), computingMs: ms(place.computingMs), waitingMs: ms(place.waitingMs) }
}

function roundedSplit(split: ReturnType<typeof splitOf>): ReturnType<typeof splitOf> {
  return { computingMs: ms(split.computingMs), waitingMs: ms(split.waitingMs), byState: Object.fromEntries(Object.entries(split.byState).map(([state, value]) => [state, ms(value)])) }
}

function ms(value: number): number {
  return Math.round(value * 100) / 100
}
