import { formatMs } from '../limits/units.ts'
import type { StackState } from '../run/event.ts'
import type { Run } from '../run/fold-run.ts'
import { isOwnFile } from '../stacks/own-file.ts'
import { stateNames } from '../stacks/states.ts'
import { timelineOf, type Stretch } from '../stacks/timeline.ts'
import { lineTimesOf, splitOf } from '../stacks/times.ts'
import { lineWords } from './words.ts'

/** Fewer samples than this say where the script was, not how its time was spent. */
const enoughSamples = 10
/** A share from which one line, or one kind of waiting, is worth naming alone. */
const mostShare = 0.6

/** "43 ms of 496 ms were computing, the rest asleep: a faster machine will not help." Null where nothing tells. CPU time is of the whole tree. */
export function cpuAdvice(run: Run): string | null {
  const exit = run.exit?.exit
  if (!exit || exit.wallMs < 20) return null
  // Of a program that took the place of Python nothing is sampled.
  const split = run.replaced.length > 0 ? null : sampledSplit(run)
  if (exit.cpuMs === null) return split === null ? null : `As far as it was sampled, ${shareAdvice(split.computingMs, split.computingMs + split.waitingMs, split.byState)}`
  const held = Math.max(0, ...run.readings.map((reading) => reading.throttledMs ?? 0))
  if (held > exit.wallMs * 0.2) return `${formatMs(exit.cpuMs)} of ${formatMs(exit.wallMs)} were computing, and os.cpu_share held it back for ${formatMs(held)}: a larger share will help.`
  // Without samples it is not known whether the rest was waited for or lost to other programs.
  if (split === null) return exit.cpuMs > exit.wallMs * mostlyComputing ? shareAdvice(exit.cpuMs, exit.wallMs, {}) : `${formatMs(exit.cpuMs)} of ${formatMs(exit.wallMs)} were computing.`
  // Ready to run and not on a CPU: that is no waiting of the script's own.
  const starved = split.computingMs - exit.cpuMs
  if (starved > 50 && starved > exit.wallMs * 0.2) return `It was ready to compute for ${formatMs(split.computingMs)} and got ${formatMs(exit.cpuMs)} of CPU time: other programs kept the machine busy.`
  return elsewhereAdvice(run, exit.cpuMs, exit.wallMs) ?? shareAdvice(exit.cpuMs, exit.wallMs, split.byState)
}

/** The main thread slept, or waited for the world, while others of the script computed: what they did is not what it took. */
function elsewhereAdvice(run: Run, cpuMs: number, wallMs: number): string | null {
  const { all, isMain } = sampled(run)
  const main = splitOf(all.filter(isMain), isMain)
  const others = cpuMs - main.computingMs
  const forNobody = (main.byState.sleep ?? 0) + (main.byState.socket ?? 0) + (main.byState.file ?? 0)
  if (others < 50 || others < wallMs * hardlyComputing || main.computingMs > wallMs * hardlyComputing || forNobody < main.waitingMs * mostShare) return null
  return `The main thread was computing for ${formatMs(main.computingMs)} of ${formatMs(wallMs)}, the rest ${restOf(main.byState)}; ${formatMs(others)} more were computed by other threads or processes meanwhile: a faster machine helps only where it waits for those.`
}

const mostlyComputing = 0.8
const hardlyComputing = 0.25

function shareAdvice(computingMs: number, wallMs: number, byState: Partial<Record<StackState, number>>): string {
  const said = `${formatMs(computingMs)} of ${formatMs(wallMs)} were computing`
  const share = computingMs / wallMs
  if (share > mostlyComputing) return `${said}: less work or a faster machine will help.`
  return share < hardlyComputing ? `${said}, the rest ${restOf(byState)}: a faster machine will not help.` : `${said}, the rest ${restOf(byState)}.`
}

/** What was waited for, where most of it was one thing. */
function restOf(byState: Partial<Record<StackState, number>>): string {
  const waits = Object.entries(byState).filter(([state]) => state !== 'computing') as [StackState, number][]
  const all = waits.reduce((sum, [, ms]) => sum + ms, 0)
  const [most] = waits.toSorted((a, b) => b[1] - a[1])
  return most && most[1] >= all * mostShare ? stateNames[most[0]] : 'waiting'
}

/** "Line 9 took 412 ms of it, asleep." Of the time until the cut, as far as it was sampled; null where no line stands out. */
export function heaviestLine(run: Run, cutMs: number): string | null {
  const { all, isMain } = sampled(run)
  const stretches = untilMs(all.filter(isMain), cutMs)
  if (stretches.length < enoughSamples) return null
  const total = stretches.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const [line] = lineTimesOf(stretches, (file) => isOwnFile(run.plan?.script, file))
  if (!line || line.ownMs < total * mostShare || line.ownMs < cutMs * 0.3) return null
  const there = stretches.filter(({ frames }) => frames.some((frame) => frame.file === line.file && frame.line === line.line))
  const [state] = Object.entries(splitOf(there).byState).toSorted((a, b) => b[1] - a[1])
  const doing = state && state[1] >= line.ownMs * mostShare ? `, ${stateNames[state[0] as StackState]}` : ''
  const words = lineWords(run, line)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} took ${formatMs(line.ownMs)} of the time until then${doing}.`
}

/** Null with too few samples. */
function sampledSplit(run: Run): ReturnType<typeof splitOf> | null {
  const { all, isMain } = sampled(run)
  return all.filter(isMain).length < enoughSamples ? null : splitOf(all, isMain)
}

interface Sampled { events: number; all: Stretch[]; isMain: (stretch: Stretch) => boolean }
/** Several sentences of one verdict ask for the same; a live run has grown by the next one. */
const known = new WeakMap<Run, Sampled>()

function sampled(run: Run): Sampled {
  const before = known.get(run)
  if (before?.events === run.events.length) return before
  const { stretches, threads } = timelineOf(run.events)
  const main = threads.find((thread) => thread.main)
  const found: Sampled = { events: run.events.length, all: stretches, isMain: ({ pid, thread }) => pid === main?.pid && thread === main.thread }
  known.set(run, found)
  return found
}

function untilMs(stretches: readonly Stretch[], atMs: number): Stretch[] {
  return stretches.filter((stretch) => stretch.startMs < atMs).map((stretch) => ({ ...stretch, endMs: Math.min(stretch.endMs, atMs) }))
}
