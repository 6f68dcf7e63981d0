import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Emit, RunEvent, RunEventBody } from '../../../shared/run/event.ts'
import { defaultStacks } from '../../../shared/run/plan.ts'
import type { ScriptEnding, ScriptOutput, ScriptRequest, ScriptRun, ScriptRunner, ScriptSink } from '../../../electron/python/script-run.ts'

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
}

/** Real interpreters that are always there. */
export const systemPython = { path: '/usr/bin/python3', version: '3.11.2' }

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

/** Starts a script with defaults; `started` gives the run while it goes on. */
export async function runScript(runner: ScriptRunner, scriptPath: string, wish: Wish = {}, started?: (run: ScriptRun, events: RunEvent[]) => void): Promise<Ran> {
  const { sink, events, out } = recordingSink()
  const { input, inputJson, ...rest } = wish
  const run = runner.start({
    runId: 'test', scriptPath, python: systemPython, inputJson: inputJson ?? JSON.stringify(input ?? {}), deadlines: [], os: {}, stacks: defaultStacks, ...rest,
  }, sink)
  started?.(run, events)
  const { ending, output } = await run.ended
  return {
    ending, output, events, stdout: Buffer.concat(out.stdout).toString(), stderr: Buffer.concat(out.stderr).toString(),
    event: (type) => events.find((event) => event.type === type) as never,
    all: (type) => events.filter((event) => event.type === type) as never,
  }
}

/** Runs `text` as a script in a folder of its own, removed afterwards. */
export async function runText(runner: ScriptRunner, text: string | Uint8Array, wish: Wish = {}, started?: (run: ScriptRun, events: RunEvent[]) => void): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-script-'))
  try {
    const path = join(folder, 'script.py')
    await writeFile(path, text)
    return await runScript(runner, path, wish, started)
  } finally { await rm(folder, { recursive: true, force: true }) }
}
