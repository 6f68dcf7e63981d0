import type { Emit, StackSample, StackState } from '../../../shared/run/event.ts'
import type { SamplesFact, StackFact } from './stack-messages.ts'

/** States by number, as the sampler writes them (`harness/stacks/states.py`). */
export const sampleStates: readonly StackState[] = ['computing', 'sleep', 'socket', 'file', 'lock', 'child', 'waiting', 'throttled']

/** What the harness told of stacks, on its way to becoming events. */
export interface StackFollower {
  /** A fact from the supervisor, or from the script's own process. */
  take(fact: StackFact, method: 'external' | 'thread'): void
  /** What the script calls a thread; `fallback` where it has not said. */
  nameOf(thread: number | undefined, fallback: string): string
}

/** Turns facts about stacks into events, each with its own instant. `msOf`: an instant of the harness's clock (ns) on the run's (ms). */
export function followStacks(emit: Emit, msOf: (ns: number) => number): StackFollower {
  const names = new Map<number, string>()
  let namesToTell: [thread: number, name: string][] = []

  const takeSamples = (fact: SamplesFact, method: 'external' | 'thread'): void => {
    const threads = namesToTell
    namesToTell = []
    emit({
      type: 'stack_samples', method, samples: fact.samples.map((row) => sampleOf(row, fact.at, msOf)), torn: fact.torn, lost: fact.lost,
      ...(fact.tables ? { tables: fact.tables } : {}), ...(threads.length > 0 ? { threads } : {}),
    }, msOf(fact.at))
  }
  return {
    take(fact, method) {
      switch (fact.e) {
        case 'samples': takeSamples(fact, method); return
        case 'stacks_off': emit({ type: 'stacks_off', reason: fact.reason }); return
        case 'thread':
          names.set(fact.thread, fact.name)
          namesToTell.push([fact.thread, fact.name])
          return
        case 'imported':
          emit({
            type: 'imported', module: fact.module, startMs: msOf(fact.t), selfMs: fact.selfNs / 1e6, totalMs: fact.totalNs / 1e6, depth: fact.depth,
          }, msOf(fact.t + fact.totalNs))
          return
        case 'collected': emit({ type: 'garbage_collected', generation: fact.generation, durationMs: fact.tookNs / 1e6 }, msOf(fact.t + fact.tookNs)); return
        case 'allocations': emit({ type: 'allocations', lines: fact.lines }, msOf(fact.t))
      }
    },
    nameOf: (thread, fallback) => (thread === undefined ? undefined : names.get(thread)) ?? fallback,
  }
}

function sampleOf([afterUs = 0, thread = 0, stack = 0, state = 0, pid]: number[], at: number, msOf: (ns: number) => number): StackSample {
  const sample: StackSample = { atMs: msOf(at + afterUs * 1000), thread, stack, state: sampleStates[state] ?? 'waiting' }
  return pid === undefined ? sample : { ...sample, pid }
}
