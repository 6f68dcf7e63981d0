import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnector, type Preflight } from '../../../../electron/flow/connector/connector.ts'
import { createContext, type RequestContext } from '../../../../electron/flow/context.ts'
import type { GatewayAnswer } from '../../../../electron/flow/gateway/exchange.ts'
import { createSlots, type Slots } from '../../../../electron/flow/queue.ts'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
import type { ScriptRunner } from '../../../../electron/python/script-run.ts'
import { defaultStacks } from '../../../../shared/run/plan.ts'
import { machinePython } from '../../python/run-script.ts'
import { sleep, testRun, type TestRun } from '../flow-run.ts'

let runner: ScriptRunner
let folder: string
beforeAll(async () => {
  runner = createScriptRunner()
  folder = await mkdtemp(join(tmpdir(), 'cutoff-connector-'))
})
afterAll(async () => {
  await runner.close()
  await rm(folder, { recursive: true, force: true })
})

interface Asked { run: TestRun; answer: GatewayAnswer; json: unknown }
interface Wish { limits?: Record<string, string>; body?: string; slots?: Slots; context?: RequestContext; preflight?: () => Promise<Preflight>; runner?: ScriptRunner; during?: (run: TestRun, context: RequestContext) => Promise<void> | void }

let number = 0
async function transform(text: string, wish: Wish = {}): Promise<Asked> {
  const scriptPath = join(folder, `script${++number}.py`)
  await writeFile(scriptPath, text)
  const run = testRun(wish.limits)
  run.clock.start()
  const context = wish.context ?? createContext()
  const connector = createConnector(run, {
    runId: 'test', slots: wish.slots ?? createSlots(Infinity), runner: wish.runner ?? runner, output: () => {}, os: {}, stacks: { ...defaultStacks, rateHz: 0 },
    preflight: wish.preflight ?? (async () => ({ ok: true, checks: [{ name: 'script.not_accessible', ok: true, detail: 'readable' }], logs: [], python: { ...machinePython, command: 'python3' }, scriptPath, scriptLabel: 'script.py' })),
  })
  void wish.during?.(run, context)
  const answer = await connector({ method: 'POST', target: '/transform', headers: [], body: Buffer.from(wish.body ?? '{"n":20}') }, context)
  expect(run.clock.pending).toBe(0)
  expect(run.of('span_started').length).toBe(run.of('span_ended').length)
  return { run, answer, json: JSON.parse(answer.body.toString()) }
}
const sleeper = 'import time\ndef transform(i):\n  time.sleep(20)\n'
const stages = (run: TestRun) => run.of('stage').map((event) => `${event.stage}${event.detail ? ` ${event.detail}` : ''}`)

describe('a script', () => {
  test('that returns is answered 200 with its JSON, and logged as people grep for it', async () => {
    const { run, answer, json } = await transform('import sys\ndef transform(i):\n  print("hello")\n  print("warn", file=sys.stderr)\n  return {"twice": i["n"] * 2}', { limits: { 'connector.context': '65s', 'connector.python': '30s' } })
    expect(answer.status).toBe(200)
    expect(json).toEqual({ twice: 40 })
    expect(stages(run)).toEqual(['connector_started', 'script_started', 'script_finished completed'])
    expect(run.said('Starting Python script execution')[0]?.fields).toEqual({ script_path: 'script.py', python_cmd: 'python3', timeout_seconds: 65 })
    expect(run.said('Python script execution completed')[0]?.fields).toMatchObject({ stdout_length: 6, stderr_length: 5, has_error: false })
    expect(run.fired()).toEqual([])
  })
  test('that raises is answered 500 with the error', async () => {
    const { run, answer, json } = await transform('def transform(i):\n  raise ValueError("no such order")')
    expect(answer.status).toBe(500)
    expect(json).toEqual({ error: 'python script execution failed: ValueError: no such order' })
    expect(run.said('Python script execution completed')[0]?.fields.has_error).toBe(true)
    expect(stages(run)).toContain('script_finished failed')
  })
  test('that exits or dies says how, in Go’s words', async () => {
    expect((await transform('import os\ndef transform(i): os._exit(7)')).json).toEqual({ error: 'python script execution failed: exit status 7' })
    expect((await transform('import os, signal\ndef transform(i): os.kill(os.getpid(), signal.SIGSEGV)')).json).toEqual({ error: 'python script execution failed: signal: segmentation fault' })
  })
  test('gets its input byte for byte, whatever it holds', async () => {
    const body = JSON.stringify({ n: ['ü', '\u2028', '\0', '😀', 'x'.repeat(300_000)] })
    expect((await transform('def transform(i): return i', { body })).json).toEqual(JSON.parse(body))
  })
})

describe('its own deadlines', () => {
  test.each(['connector.context', 'connector.python'])('%s kills the script and answers 504', async (id) => {
    const { run, answer } = await transform(sleeper, { limits: { [id]: '400ms', 'wrapper.timeout': '30s' } })
    expect(answer.status).toBe(504)
    expect(run.fired()).toEqual([id])
    expect(run.the('limit_fired').atMs).toBeGreaterThanOrEqual(400)
    expect(run.the('kill_intent')).toMatchObject({ by: 'connector', limitId: id })
    expect(stages(run)).toContain('script_finished timed_out')
    expect(run.said('Python script execution timed out')[0]?.fields).toMatchObject({ stderr: '', limit: id })
    expect(run.the('answered')).toMatchObject({ layer: 'connector', status: 504 })
  })
  test('wrapper.timeout is the wrapper’s own act: the connector sees a failed script', async () => {
    const { run, answer } = await transform(sleeper, { limits: { 'wrapper.timeout': '400ms', 'connector.python': '30s' } })
    expect(answer.status).toBe(500)
    expect(run.fired()).toEqual(['wrapper.timeout'])
    expect(run.the('kill_intent').by).toBe('wrapper')
  })
})

describe('a context that ends', () => {
  test('kills the script: "signal: killed", nobody’s limit', async () => {
    const { run, answer } = await transform(sleeper, {
      limits: { 'connector.context': '30s' },
      async during(run, context) {
        await expect.poll(() => run.of('process_started').length, { timeout: 5000 }).toBe(1)
        context.cancel('gateway', { kind: 'client_gone', limitId: null })
      },
    })
    expect(answer.status).toBe(500)
    expect(run.the('kill_intent')).toMatchObject({ by: 'connector', limitId: null, reason: 'context canceled' })
    expect(run.said('Python script execution failed: signal: killed')[0]?.fields).toMatchObject({ has_error: true, stdout_length: 0 })
    expect(stages(run)).toContain('script_finished killed')
    expect(run.fired()).toEqual([])
  })
  test('before the script was started starts none', async () => {
    const context = createContext()
    context.cancel('gateway', { kind: 'client_gone', limitId: null })
    const { run, answer } = await transform(sleeper, { context })
    expect(answer.status).toBe(500)
    expect(stages(run)).toEqual(['connector_started'])
    expect(run.of('queue_entered')).toEqual([])
  })
})

describe('the queue', () => {
  test('a request waits for its turn, and the wait is told apart from the script', async () => {
    const slots = createSlots(1)
    const before = slots.take()
    const { run, answer } = await transform('def transform(i): return 1', { slots, limits: { 'connector.queue': '30s' }, during: () => { setTimeout(before.leave, 80) } })
    expect(answer.status).toBe(200)
    expect(run.the('queue_entered')).toMatchObject({ waiting: 1, running: 1, concurrency: 1 })
    expect(run.the('queue_left').waitedMs).toBeGreaterThanOrEqual(75)
    expect(slots.running).toBe(0)
  })
  test('connector.queue: 503, no script, and the place is given up', async () => {
    const slots = createSlots(1)
    slots.take()
    const { run, answer } = await transform(sleeper, { slots, limits: { 'connector.queue': '60ms', 'connector.context': '30s' } })
    expect(answer.status).toBe(503)
    expect(run.fired()).toEqual(['connector.queue'])
    expect(stages(run)).toEqual(['connector_started'])
    expect([slots.running, slots.waiting]).toEqual([1, 0])
  })
  test('connector.context covers the queue: 504 while waiting', async () => {
    const slots = createSlots(1)
    slots.take()
    const { run, answer } = await transform(sleeper, { slots, limits: { 'connector.context': '60ms', 'connector.queue': '30s' } })
    expect(answer.status).toBe(504)
    expect(run.fired()).toEqual(['connector.context'])
    expect(run.the('context_canceled')).toMatchObject({ layer: 'connector', error: 'context deadline exceeded' })
    expect(slots.waiting).toBe(0)
  })
  test('the slot is free again after every ending', async () => {
    const slots = createSlots(1)
    for (const text of ['def transform(i): return 1', 'def transform(i): raise KeyError()', 'import os\ndef transform(i): os._exit(1)', 'def transform(']) await transform(text, { slots })
    expect([slots.running, slots.waiting]).toEqual([0, 0])
  })
})

describe('checks that fail', () => {
  test('start nothing, are told as events and lines, and answer 500', async () => {
    const { run, json } = await transform(sleeper, {
      preflight: async () => ({
        ok: false, error: 'script file not accessible: stat x.py: no such file or directory', checks: [{ name: 'script.not_accessible', ok: false, detail: 'x.py: no such file or directory' }],
        logs: [{ level: 'warn', message: 'python3 not found, trying python' }, { level: 'error', message: 'Script file not accessible', fields: { script_path: 'x.py' } }],
      }),
    })
    expect(json).toEqual({ error: 'script file not accessible: stat x.py: no such file or directory' })
    expect(run.the('check')).toMatchObject({ name: 'script.not_accessible', ok: false })
    expect(run.said(/python3 not found|not accessible/).map((line) => `${line.source} ${line.level}`)).toEqual(['connector warn', 'connector error'])
    expect(stages(run)).toEqual(['connector_started'])
  })
  test('an interpreter that cannot be started is a failure of the spawn', async () => {
    const { run, answer } = await transform(sleeper, {
      preflight: async () => ({ ok: true, checks: [], logs: [], python: { path: '/nonexistent/python', version: '3.0', command: 'python3' }, scriptPath: '/x.py' }),
    })
    expect(answer.status).toBe(500)
    expect(stages(run)).toEqual(['connector_started'])
  })
})

test('a supervisor that is slow to die does not let the connector forget its slot', async () => {
  const slots = createSlots(1)
  const context = createContext()
  const first = transform('import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ndef transform(i): time.sleep(20)', { slots, context })
  await sleep(300)
  context.cancel('gateway', { kind: 'client_gone', limitId: null })
  await first
  expect(slots.running).toBe(0)
})
