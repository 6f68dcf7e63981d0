import * as v from 'valibot'
import type { StackSettings } from '../../shared/run/plan.ts'
import type { Frame } from './frames.ts'
import { allocationsFact, collectedFact, importedFact, samplesFact, stacksOffFact, threadFact } from './stacks/stack-messages.ts'

/** What the supervisor tells (`harness/supervise.py`, `watch.py`, or `cold.py` in its place). Instants are ns of its monotonic clock. */
const ns = v.pipe(v.number(), v.minValue(0))
const limitFact = v.object({ e: v.literal('os_limit'), id: v.string(), ok: v.boolean(), reason: v.nullable(v.string()) })
const frame = v.object({ file: v.string(), line: v.number(), function: v.string(), locals: v.optional(v.record(v.string(), v.string())) })
const control = v.variant('e', [
  v.object({
    e: v.literal('ready'), now: ns, pid: v.number(), executable: v.nullable(v.string()), siteFolders: v.array(v.string()), reapsOrphans: v.boolean(),
    /** Descriptors of the pipes made for the script's stdout and stderr; answered by `piped`. */
    outputs: v.optional(v.tuple([v.number(), v.number()])),
  }),
  /** A spare has done beforehand what can be done. */
  v.object({ e: v.literal('prepared') }),
  v.object({ e: v.literal('clock'), id: v.number(), now: ns }),
  v.object({ e: v.literal('started'), pid: v.number(), at: ns }),
  v.object({ e: v.literal('intent'), at: ns, by: v.string(), limitId: v.nullable(v.string()), reason: v.string(), signal: v.string() }),
  /** `text`: as faulthandler prints; or `threads`, the main thread first, frames innermost first. */
  v.object({
    e: v.literal('stack'), at: ns, tookNs: v.number(), method: v.picklist(['external', 'thread', 'faulthandler']), state: v.nullable(v.string()),
    text: v.nullable(v.string()), threads: v.nullable(v.array(v.object({ name: v.string(), thread: v.optional(v.number()), frames: v.array(frame) }))),
    /** Absent: at the cut. `ageNs`: how old it was at `at`. */
    reason: v.optional(v.picklist(['cut', 'last_sample'])), ageNs: v.optional(v.number()),
  }),
  v.object({
    e: v.literal('reading'), at: ns, cpuNs: v.number(), rss: v.number(), addressSpace: v.number(), processes: v.number(), threads: v.number(),
    throttledNs: v.nullable(v.number()),
  }),
  /** exec has put another program in the place of Python. */
  v.object({ e: v.literal('replaced'), at: ns, program: v.string(), command: v.nullable(v.string()) }),
  v.object({ e: v.literal('children'), at: ns, children: v.array(v.object({ pid: v.number(), program: v.nullable(v.string()), command: v.nullable(v.string()), state: v.nullable(v.string()) })) }),
  v.object({
    e: v.literal('exited'), at: ns, goneAt: ns, exitCode: v.nullable(v.number()), signal: v.nullable(v.number()), leftovers: v.number(),
    cpuNs: v.nullable(v.number()), scriptCpuNs: v.nullable(v.number()), maxRss: v.nullable(v.number()), stack: v.string(),
    /** What the kernel called the process in the end, where that is not the name of its Python. */
    name: v.optional(v.nullable(v.string())),
    counters: v.array(v.object({ name: v.string(), delta: v.number() })),
  }),
  samplesFact,
  stacksOffFact,
  limitFact,
  /** The portable harness at its end: there is nobody to wait4 for it. */
  v.object({ e: v.literal('usage'), cpuNs: v.number(), maxRss: v.nullable(v.number()) }),
  v.object({ e: v.literal('fatal'), error: v.string() }),
])

const memoryAtError = v.object({
  asked: v.nullable(v.number()), used: v.nullable(v.number()), limit: v.nullable(v.number()), otherProcess: v.boolean(),
  machine: v.nullable(v.object({ memory: v.number(), swap: v.number(), overcommit: v.number(), commitLimit: v.number(), committed: v.number() })),
})
const leftAtError = v.object({
  descriptorLimit: v.nullable(v.number()), openDescriptors: v.nullable(v.number()), noDescriptorLeft: v.boolean(),
  fileSizeLimit: v.nullable(v.number()), largestFile: v.nullable(v.number()), freeBytes: v.nullable(v.number()),
})

/** What the wrapper in the script's own process tells (`harness/script.py`). */
const report = v.variant('e', [
  v.object({ e: v.literal('phase'), name: v.picklist(['load', 'transform', 'serialise', 'exit']), t: ns, pid: v.optional(v.number()) }),
  v.object({
    e: v.literal('error'), t: ns, phase: v.picklist(['read', 'compile', 'import', 'find_transform', 'transform', 'serialise']),
    type: v.string(), message: v.string(), file: v.nullable(v.string()), line: v.nullable(v.number()), traceback: v.string(),
    errno: v.nullable(v.number()), detail: v.nullable(v.string()),
    raised: v.nullable(v.boolean()), causes: v.array(v.object({ type: v.string(), message: v.string(), errno: v.nullable(v.number()), raised: v.nullable(v.boolean()) })),
    cpuSignal: v.boolean(), addressSpacePeak: v.nullable(v.number()), memory: v.nullable(memoryAtError), left: v.nullable(leftAtError), hidden: v.array(v.string()),
  }),
  v.object({ e: v.literal('result'), t: ns, bytes: v.number() }),
  samplesFact,
  stacksOffFact,
  importedFact,
  collectedFact,
  threadFact,
  allocationsFact,
  limitFact,
])

export type ControlMessage = v.InferOutput<typeof control>
export type ReportMessage = v.InferOutput<typeof report>
export type ExitMessage = Extract<ControlMessage, { e: 'exited' }>

/** Null for what does not have the agreed shape: it is ignored rather than believed. */
export function parseControl(frame: Frame): ControlMessage | null {
  const parsed = v.safeParse(control, frame.fields)
  return parsed.success ? parsed.output : null
}

export function parseReport(frame: Frame): ReportMessage | null {
  const parsed = v.safeParse(report, frame.fields)
  return parsed.success ? parsed.output : null
}

/** The request of a run as it goes down to the harness; the input's bytes follow the line. */
export interface RunCommand {
  c: 'run'
  nonce: string
  scriptPath: string
  cwd: string | null
  deadlines: { limitId: string; by: string; atNs: number }[]
  os: Record<string, number>
  /** Does the request ask for limits that need control groups? */
  groups: boolean
  largestResult: number
  stacks: StackSettings
  bytes: number
}
export type Command =
  | RunCommand
  | { c: 'hello'; nonce: string }
  | { c: 'piped'; ok: boolean }
  | { c: 'clock'; id: number }
  | { c: 'kill'; by: string; limitId: string | null; reason: string }
  | { c: 'stack'; id: number }

/** A command as bytes for the harness's standard input. */
export function toCommandLine(command: Command): string {
  return `${JSON.stringify(command)}\n`
}
