import * as v from 'valibot'

/** What the sampler tells (`harness/stacks/sampler.py`, `harness/stacks/in_script/`). Instants are ns of the harness's monotonic clock. */
const ns = v.pipe(v.number(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** One batch. A row is [microseconds after `at`, thread, stack, state, process if not the script's own]; `tables` carries what is new. */
export const samplesFact = v.object({
  e: v.literal('samples'), at: ns, samples: v.array(v.pipe(v.array(v.number()), v.minLength(4), v.maxLength(5))),
  tables: v.nullable(v.object({
    firstFrame: count, frames: v.array(v.tuple([v.string(), v.string(), v.number()])), firstStack: count, stacks: v.array(v.array(count)),
  })),
  /** Since the start: readings that did not hold up and were made again, and samples given up. */
  torn: count, lost: count,
})
export const stacksOffFact = v.object({ e: v.literal('stacks_off'), reason: v.string() })

/** What the script's own process tells. */
export const importedFact = v.object({ e: v.literal('imported'), module: v.string(), t: ns, selfNs: v.number(), totalNs: v.number(), depth: count })
export const collectedFact = v.object({ e: v.literal('collected'), t: ns, generation: count, tookNs: v.number() })
export const threadFact = v.object({ e: v.literal('thread'), thread: count, name: v.string() })
export const allocationsFact = v.object({
  e: v.literal('allocations'), t: ns, lines: v.array(v.object({ file: v.string(), line: v.number(), bytes: v.number(), count: v.number() })),
})

export type SamplesFact = v.InferOutput<typeof samplesFact>
export type StackFact =
  | SamplesFact
  | v.InferOutput<typeof stacksOffFact>
  | v.InferOutput<typeof importedFact>
  | v.InferOutput<typeof collectedFact>
  | v.InferOutput<typeof threadFact>
  | v.InferOutput<typeof allocationsFact>
