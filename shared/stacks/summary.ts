import type { RunEvent, StackFrame } from '../run/event.ts'
import { functionTimesOf, lineTimesOf, splitOf, type PlaceTime } from './times.ts'
import { timelineOf } from './timeline.ts'

/** The `stacks` section of a record. */
export interface StacksSummary {
  /** Samples per second asked for. */
  rate: number
  /** How they were taken; `off` with the reason. */
  method: 'external' | 'thread' | 'off'
  off: string | null
  samples: number
  /** ms computing and waiting over all threads seen, and by what was waited for. */
  split: ReturnType<typeof splitOf>
  lines: (PlaceTime & { source?: string })[]
  functions: PlaceTime[]
  lastStack: { frames: StackFrame[]; state: string | null; ageMs: number; reason: string; method: string } | null
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
  const rate = started?.type === 'run_started' ? started.plan.stacks.rateHz : 0
  return {
    rate, method: timeline.method ?? 'off', off: timeline.off ?? (timeline.method === null ? (rate === 0 ? 'not asked for' : 'no sample was taken') : null), samples: timeline.samples,
    split: roundedSplit(splitOf(timeline.stretches)),
    lines: lineTimesOf(timeline.stretches).slice(0, mostLines).map((place) => {
      const source = sourceOf?.(place.file, place.line) ?? null
      return { ...rounded(place), ...(source === null ? {} : { source }) }
    }),
    functions: functionTimesOf(timeline.stretches).slice(0, mostLines).map(rounded),
    lastStack: stack?.type === 'stack' ? { frames: stack.frames.map(({ file, line, function: name }) => ({ file, line, function: name })), state: stack.state, ageMs: stack.ageMs, reason: stack.reason, method: stack.method } : null,
    imports: events.flatMap((event) => (event.type === 'imported' ? [{ module: event.module, startMs: ms(event.startMs), selfMs: ms(event.selfMs), totalMs: ms(event.totalMs), depth: event.depth }] : [])),
    garbage: { collections: pauses.length, pausedMs: ms(pauses.reduce((sum, event) => sum + (event.type === 'garbage_collected' ? event.durationMs : 0), 0)) },
    allocations: events.findLast((event) => event.type === 'allocations')?.lines ?? [],
  }
}

function rounded(place: PlaceTime): PlaceTime {
  return { ...place, selfMs: ms(place.selfMs), totalMs: ms(place.totalMs), computingMs: ms(place.computingMs), waitingMs: ms(place.waitingMs) }
}

function roundedSplit(split: ReturnType<typeof splitOf>): ReturnType<typeof splitOf> {
  return { computingMs: ms(split.computingMs), waitingMs: ms(split.waitingMs), byState: Object.fromEntries(Object.entries(split.byState).map(([state, value]) => [state, ms(value)])) }
}

function ms(value: number): number {
  return Math.round(value * 100) / 100
}
