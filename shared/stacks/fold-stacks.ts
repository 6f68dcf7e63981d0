import type { EventOf, RunEvent, StackState } from '../run/event.ts'

/** One place on a stack. */
export interface Place { readonly file: string; readonly function: string; readonly line: number }

/** A sample with the time it stands for: half the way to the one before and half the way to the next. */
export interface WeighedSample { atMs: number; stack: number; state: StackState; ms: number }

export interface ThreadStacks {
  /** Number the kernel knows the thread by. */
  thread: number
  /** Its process; null for the script's own. */
  pid: number | null
  /** As the script calls it, else by its number. */
  name: string
  main: boolean
  samples: WeighedSample[]
}

/** The samples of a run so far. */
export interface Stacks {
  method: 'external' | 'thread' | null
  /** Why there are none, if the sampler said so. */
  off: string | null
  /** Samples per second asked for. */
  rateHz: number
  places: Place[]
  /** Indexes into `places`, innermost first. */
  stacks: number[][]
  threads: ThreadStacks[]
  /** Instants at which was looked, each with its threads. */
  ticks: number
  torn: number
  lost: number
}

/** For folding event by event; `stacksOf` does it for all at once. */
export interface StackFolding extends Stacks { byKey: Map<string, ThreadStacks>; names: Map<number, string>; scriptPid: number | null; lastTickMs: number }

export function emptyStacks(): StackFolding {
  return {
    method: null, off: null, rateHz: 100, places: [], stacks: [], threads: [], ticks: 0, torn: 0, lost: 0, byKey: new Map(), names: new Map(), scriptPid: null, lastTickMs: -1,
  }
}

/** What the samples of a run say. Accepts its events or the folded run. */
export function stacksOf(source: { events: Iterable<RunEvent> } | Iterable<RunEvent>): Stacks {
  const folding = emptyStacks()
  for (const event of 'events' in source ? source.events : source) applyStackEvent(folding, event)
  return folding
}

/** Takes one event in (in place: a live run sees thousands). Events of other kinds are ignored. */
export function applyStackEvent(folding: StackFolding, event: RunEvent): void {
  switch (event.type) {
    case 'run_started': if (event.plan.stacks.rateHz > 0) folding.rateHz = event.plan.stacks.rateHz; return
    case 'process_started': folding.scriptPid = event.pid; return
    case 'stacks_off': folding.off = event.reason; return
    case 'stack_samples': takeSamples(folding, event); return
    default:
  }
}

/** A gap that is longer than any number of missed samples explains: nobody looked, and nobody knows. */
const longestGapMs = 250

function takeSamples(folding: StackFolding, event: EventOf<'stack_samples'>): void {
  folding.method ??= event.method
  folding.torn = event.torn ?? folding.torn
  folding.lost = event.lost ?? folding.lost
  for (const [index, [file, name, line]] of (event.tables?.frames ?? []).entries()) folding.places[(event.tables?.firstFrame ?? 0) + index] = { file, function: name, line }
  for (const [index, stack] of (event.tables?.stacks ?? []).entries()) folding.stacks[(event.tables?.firstStack ?? 0) + index] = stack
  for (const [thread, name] of event.threads ?? []) {
    folding.names.set(thread, name)
    for (const known of folding.threads) if (known.thread === thread && !known.main) known.name = name
  }
  const period = 1000 / folding.rateHz
  const longest = Math.max(longestGapMs, 3 * period)
  for (const { atMs, thread, stack, state, pid } of event.samples) {
    if (atMs !== folding.lastTickMs) folding.ticks++
    folding.lastTickMs = atMs
    const { samples } = threadOf(folding, thread, pid ?? null)
    const last = samples.at(-1)
    if (!last) { samples.push({ atMs, stack, state, ms: period }); continue }
    const half = Math.min(atMs - last.atMs, longest) / 2
    // The outer halves of the first and the last sample reach half a period beyond what was seen.
    last.ms += half - period / 2
    samples.push({ atMs, stack, state, ms: half + period / 2 })
  }
}

function threadOf(folding: StackFolding, thread: number, pid: number | null): ThreadStacks {
  const key = `${pid ?? ''}/${thread}`
  const known = folding.byKey.get(key)
  if (known) return known
  const main = pid === null && (folding.scriptPid === null ? folding.threads.length === 0 : thread === folding.scriptPid)
  const name = main ? 'main' : folding.names.get(thread) ?? (pid === null ? `thread ${thread}` : thread === pid ? `process ${pid}` : `thread ${thread} of process ${pid}`)
  const made: ThreadStacks = { thread, pid, name, main, samples: [] }
  folding.byKey.set(key, made)
  folding.threads.push(made)
  return made
}

/** The places of a stack, innermost first. */
export function placesOf(stacks: Stacks, stack: number): Place[] {
  return (stacks.stacks[stack] ?? []).map((place) => stacks.places[place]).filter((place) => place !== undefined)
}
