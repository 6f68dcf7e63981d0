import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findInterpreter } from '../../../electron/python/interpreters.ts'
import { createScriptRunner, type RunnerOptions } from '../../../electron/python/runner.ts'
import type { ScriptEnding, ScriptOutput, ScriptRequest, ScriptRun, ScriptRunner, ScriptSink } from '../../../electron/python/script-run.ts'
import type { Emit, RunEvent, RunEventBody } from '../../../shared/run/event.ts'
import { defaultStacks } from '../../../shared/run/plan.ts'

/** What a run left behind, for assertions. */
export interface Ran {
  ending: ScriptEnding
  output: ScriptOutput
  events: RunEvent[]
  stdout: string
  stderr: string
  /** The first event of a type; undefined if there was none. */
  event<T extends RunEventBody['type']>(type: T): Extract<RunEvent, { type: T }> | undefined
  all<T extends RunEventBody['type']>(type: T): Extract<RunEvent, { type: T }>[]
  /** An instant of Python's `time.monotonic_ns()` in the milliseconds of the run's events. */
  msOf(ns: bigint): number
  /** What transform returned; throws if the run did not complete. */
  result(): unknown
}

const found = await findInterpreter({ python: null, scriptPath: null })
if (!found.ok) throw new Error(`the tests need Python: ${found.detail}`)
/** The interpreter of this machine. */
export const machinePython = { path: found.path, version: found.version }

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/scripts/${name}`, import.meta.url))
}

/** A sink that keeps everything. */
export function recordingSink(): { sink: ScriptSink; events: RunEvent[]; out: { stdout: Buffer[]; stderr: Buffer[] }; nowMs(): number } {
  const start = process.hrtime.bigint()
  const events: RunEvent[] = []
  const out = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const runMsOf = (ns: bigint): number => Number(ns - start) / 1e6
  const nowMs = (): number => runMsOf(process.hrtime.bigint())
  const emit: Emit = (body, atMs) => {
    const event = { ...body, seq: events.length, atMs: atMs ?? nowMs() } as RunEvent
    events.push(event)
    return event
  }
  return { sink: { emit, runMsOf, output: (stream, chunk) => { out[stream].push(Buffer.from(chunk)) } }, events, out, nowMs }
}

export type Wish = Partial<Omit<ScriptRequest, 'inputJson'>> & { input?: unknown; inputJson?: string }
/** A run while it goes on: `printed` settles once stdout contains a text. */
export interface Going { run: ScriptRun; events: RunEvent[]; printed(text: string): Promise<void> }

/** Starts a script with defaults; `during` sees the run while it goes on. */
export async function runScript(runner: ScriptRunner, scriptPath: string, wish: Wish = {}, during?: (going: Going) => Promise<void> | void): Promise<Ran> {
  const { sink, events, out } = recordingSink()
  const { input, inputJson, ...rest } = wish
  const run = runner.start({
    runId: 'test', scriptPath, python: machinePython, inputJson: inputJson ?? JSON.stringify(input ?? {}), deadlines: [], os: {}, stacks: defaultStacks, ...rest,
  }, sink)
  const printed = async (text: string): Promise<void> => {
    while (!Buffer.concat(out.stdout).includes(text)) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await during?.({ run, events, printed })
  const { ending, output } = await run.ended
  return {
    ending, output, events, stdout: Buffer.concat(out.stdout).toString(), stderr: Buffer.concat(out.stderr).toString(),
    event: (type) => events.find((event) => event.type === type) as never,
    all: (type) => events.filter((event) => event.type === type) as never,
    msOf: sink.runMsOf,
    result() {
      if (ending.kind !== 'completed') throw new Error(`the run ended otherwise: ${JSON.stringify(ending)}`)
      return JSON.parse(ending.outputJson)
    },
  }
}

/** Runs `text` as a script in a folder of its own, removed afterwards. */
export async function runText(runner: ScriptRunner, text: string | Uint8Array, wish: Wish = {}, during?: (going: Going) => Promise<void> | void): Promise<Ran> {
  return inFolder(async (folder) => {
    const path = join(folder, 'script.py')
    await writeFile(path, text)
    return runScript(runner, path, wish, during)
  })
}

/** A temporary folder for as long as `use` takes. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-test-'))
  try { return await use(folder) } finally { await rm(folder, { recursive: true, force: true }) }
}

/** A runner whose processes, however detached, can be found again by a mark in their environment. */
export function markedRunner(options: RunnerOptions = {}): { runner: ScriptRunner; mark: string; alive(): number[] } {
  const mark = `RUN_MARK=${randomUUID()}`
  const [name, value] = mark.split('=') as [string, string]
  const runner = createScriptRunner({ ...options, env: { ...(options.env ?? process.env), [name]: value } })
  return { runner, mark, alive: () => marked(mark) }
}

/** Processes with this text in their environment that have not ended. */
export function marked(mark: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return false
      return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
    } catch { return false }
  })
}

/** Waits until `condition` holds; fails after `ms`. */
export async function until(condition: () => boolean, ms = 5000): Promise<void> {
  const end = Date.now() + ms
  while (!condition()) {
    if (Date.now() > end) throw new Error(`did not come true within ${ms} ms: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
