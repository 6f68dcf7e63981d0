import type { RunEvent, StackFrame, StackState } from '../run/event.ts'

/** Where the main thread was, innermost frame first. `ageMs`: how much earlier than the instant asked for it was seen there. */
export interface PlaceAt { frames: StackFrame[]; state: StackState | null; ageMs: number; reason: 'cut' | 'last_sample'; method: 'external' | 'thread' | 'faulthandler' }

/** A stack that was taken so shortly after a cut (ms) was taken because of it: the news had only to go down to the process. */
const soonMs = 25
/** One taken so shortly before (ms) as well: whoever takes it may say only then that it cut. */
const justBeforeMs = 5
/** What was seen so much earlier (ms, or periods of the sampling) says nothing about an instant. */
const oldestMs = 50
const oldestPeriods = 3

/**
 * Where the script was at an instant of the run's clock: the stack that was taken at the cut if this is about that cut, else the last
 * sample before; null if nobody looked closely enough, or if it had ended. A cut far out reaches the script late or never, so the two may tell different lines.
 * On a busy machine both may be far from the instant: where they tell the same place, it was there.
 */
export function placeAt(events: readonly RunEvent[], atMs: number): PlaceAt | null {
  if (events.some((event) => event.type === 'process_exited' && event.atMs < atMs - 0.5)) return null
  // Another program has taken the place of Python: where that had been is past.
  if (events.some((event) => event.type === 'process_replaced' && event.atMs <= atMs + soonMs)) return null
  const taken = takenAtCut(events, atMs)
  if (taken && (taken.atMs - atMs <= soonMs || killsAt(events, atMs))) return { frames: taken.frames, state: taken.state, ageMs: 0, reason: 'cut', method: taken.method }
  const before = lastSampleBefore(events, atMs)
  const sampled = before && before.ageMs <= oldestAgeOf(events) ? before : null
  const kept = events.findLast((event) => event.type === 'stack' && event.reason === 'last_sample')
  if (kept?.type === 'stack') {
    const ageMs = atMs - (kept.atMs - kept.ageMs)
    if (ageMs >= -0.001 && (sampled === null || ageMs <= sampled.ageMs)) return { frames: kept.frames, state: kept.state, ageMs: Math.max(0, ageMs), reason: 'last_sample', method: kept.method }
  }
  return sampled ?? (before && taken && isSamePlace(before.frames, taken.frames) ? before : null)
}

/** The stack that was taken before the kill, which this cut led to. */
function takenAtCut(events: readonly RunEvent[], atMs: number): Extract<RunEvent, { type: 'stack' }> | null {
  const taken = events.findLast((event) => event.type === 'stack' && event.reason === 'cut' && event.atMs >= atMs - justBeforeMs)
  return taken?.type === 'stack' ? taken : null
}

/** Who cuts at this instant kills the script itself: its stack is taken in between, however long a busy machine lets that wait. */
function killsAt(events: readonly RunEvent[], atMs: number): boolean {
  return events.some((event) => event.type === 'kill_intent' && Math.abs(event.atMs - atMs) <= justBeforeMs)
}

function isSamePlace(one: readonly StackFrame[], other: readonly StackFrame[]): boolean {
  return one.length === other.length && one.every(({ file, function: name, line }, index) => file === other[index]?.file && name === other[index].function && line === other[index].line)
}

function lastSampleBefore(events: readonly RunEvent[], atMs: number): PlaceAt | null {
  const main = mainThreadOf(events)
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]!
    if (event.type !== 'stack_samples') continue
    const sample = event.samples.findLast((candidate) => candidate.atMs <= atMs && (candidate.pid ?? 0) === 0 && (main === null || candidate.thread === main))
    if (!sample) continue
    const ageMs = atMs - sample.atMs
    return { frames: framesOf(events, sample.stack), state: sample.state, ageMs, reason: 'last_sample', method: event.method }
  }
  return null
}

/** The main thread has the number of its process, where that was told. */
function mainThreadOf(events: readonly RunEvent[]): number | null {
  const started = events.find((event) => event.type === 'process_started')
  if (started?.type === 'process_started') return started.pid
  const first = events.find((event) => event.type === 'stack_samples')
  return first?.type === 'stack_samples' ? first.samples[0]?.thread ?? null : null
}

function oldestAgeOf(events: readonly RunEvent[]): number {
  const started = events[0]
  const rate = started?.type === 'run_started' ? started.plan.stacks.rateHz : 0
  return rate > 0 ? Math.max(oldestMs, oldestPeriods * 1000 / rate) : oldestMs
}

/** The tables are spread over the events, each with what was new by then. */
function framesOf(events: readonly RunEvent[], stack: number): StackFrame[] {
  const tables = events.flatMap((event) => (event.type === 'stack_samples' && event.tables ? [event.tables] : []))
  const numbers = tables.findLast((table) => stack >= table.firstStack && stack < table.firstStack + table.stacks.length)
  return (numbers?.stacks[stack - numbers.firstStack] ?? []).flatMap((frame) => {
    const table = tables.findLast(({ firstFrame, frames }) => frame >= firstFrame && frame < firstFrame + frames.length)
    const found = table?.frames[frame - table.firstFrame]
    return found ? [{ file: found[0], function: found[1], line: found[2] }] : []
  })
}
