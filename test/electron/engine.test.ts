import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { descendantsOf } from '../../build/test-tools/kill/processes.ts'
import { createEngine, type Engine } from '../../electron/engine.ts'
import type { Push } from '../../electron/hosts/engine-port.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { scriptTextIn } from '../../shared/run/script-text.ts'
import { foldRun } from '../../shared/run/fold-run.ts'
import type { RunEvent } from '../../shared/run/event.ts'

const script = (name: string) => join(import.meta.dirname, '../matrix/scripts', name)
let dataDir = ''
let engine: Engine
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cutoff-engine-'))
  engine = await createEngine({ history: 'on', dataDir })
})
afterEach(async () => {
  await engine.close()
  await rm(dataDir, { recursive: true, force: true })
})

describe('one run, two crossings', () => {
  test('the screen’s pushes fold to the very run that the record was made of', async () => {
    const pushed: RunEvent[] = []
    engine.onPush((push: Push) => { if (push.push === 'events') pushed.push(...push.value.events) })
    const plan = await planOfArguments(script('sleeps.py'), { limit: ['client.total=300ms'] })
    const { runId } = await engine.call('startRun', [plan])
    await expect.poll(() => pushed.some((event) => event.type === 'run_ended'), { timeout: 10_000 }).toBe(true)
    expect(pushed.map((event) => event.seq)).toEqual(pushed.map((_, index) => index))
    const run = foldRun(pushed)
    expect(run.id).toBe(runId)
    expect(run.client?.ended).toBe('timeout')
  })

  test('a kept run comes back as it was, log included, also from another engine', async () => {
    const { record, events } = await (await engine.startRun(await planOfArguments(script('quick.py'), {}))).done
    await engine.close()
    engine = await createEngine({ history: 'on', dataDir })
    const kept = await engine.call('historyGet', [record.id])
    expect(kept?.record).toEqual(JSON.parse(JSON.stringify(record)))
    expect(kept?.events).toHaveLength(events.length)
    // The file may be another one tomorrow: what ran is kept.
    expect(scriptTextIn(kept?.events ?? [])).toBe(readFileSync(script('quick.py'), 'utf8'))
    const page = await engine.call('logRows', [{ runId: record.id, from: 0, count: 100, filter: null }])
    expect(page.total).toBe(record.log.lines)
    expect(page.rows.map((row) => row.text).join('\n')).toContain('Starting Python script execution')
  })

  test('the messages people grep for appear with their fields', async () => {
    const { events } = await (await engine.startRun(await planOfArguments(script('sleeps.py'), { limit: ['connector.python=300ms'] }))).done
    const logs = foldRun(events).logs
    const started = logs.find((log) => log.message === 'Starting Python script execution')
    expect(started?.fields).toMatchObject({ script_path: script('sleeps.py'), python_cmd: 'python3', timeout_seconds: 65 })
    const timedOut = logs.find((log) => log.message === 'Python script execution timed out')
    expect(timedOut?.fields).toHaveProperty('execution_time_ms')
    expect(timedOut?.fields).toHaveProperty('stderr')
  })
})

test('many runs do not keep their logs open', async () => {
  const plan = await planOfArguments(script('quick.py'), { stacks: 'off' })
  const ids: string[] = []
  for (let number = 0; number < 20; number++) ids.push((await (await engine.startRun(plan)).done).record.id)
  // The first has left memory; its log is read from the history.
  const page = await engine.call('logRows', [{ runId: ids[0] ?? '', from: 0, count: 10, filter: null }])
  expect(page.rows.length).toBeGreaterThan(0)
})

test.each([true, false])('closing the engine ends a run under way and leaves no process (cancel propagates: %s)', async (propagateCancel) => {
  const running = new Promise<void>((resolve) => {
    engine.onPush((push) => { if (push.push === 'events' && push.value.events.some((event) => event.type === 'process_started')) resolve() })
  })
  const handle = await engine.startRun(await planOfArguments(script('sleeps.py'), { input: '{"seconds": 60}', propagateCancel }))
  await running
  await engine.close()
  const { events } = await handle.done
  const pid = foldRun(events).process?.pid ?? 0
  expect(pid).toBeGreaterThan(0)
  expect(() => process.kill(pid, 0)).toThrow()
})

test('an engine that was closed leaves no timer that its process would have to wait for', async () => {
  const folder = join(import.meta.dirname, '../../electron')
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', `
    const { createEngine } = await import(${JSON.stringify(pathToFileURL(join(folder, 'engine.ts')).href)})
    const { planOfArguments } = await import(${JSON.stringify(pathToFileURL(join(folder, 'hosts/cli/plan-args.ts')).href)})
    const engine = await createEngine({ history: 'on', dataDir: ${JSON.stringify(dataDir)} })
    for (const proxy of ['', 'builtin']) await (await engine.startRun(await planOfArguments(${JSON.stringify(script('quick.py'))}, proxy ? { proxy } : {}))).done
    await engine.close()
    process.stdout.write(JSON.stringify(process.getActiveResourcesInfo()))
  `])
  expect((JSON.parse(stdout) as string[]).filter((resource) => resource === 'Timeout')).toEqual([])
})

describe('an engine that is closed while it is still making something ready', () => {
  test.each([0, 1, 5, 20, 60, 150])('leaves no spare interpreter: after %i ms', async (waitMs) => {
    const before = descendantsOf(process.pid)
    const warming = engine.warm()
    await setTimeout(waitMs)
    await engine.close()
    await warming
    expect(descendantsOf(process.pid).filter((pid) => !before.includes(pid))).toEqual([])
  })

  test('starts no run any more', async () => {
    const starting = engine.startRun(await planOfArguments(script('sleeps.py'), {}))
    const refused = expect(starting).rejects.toThrow('stopping')
    await engine.close()
    await refused
    await expect(engine.startRun(await planOfArguments(script('sleeps.py'), {}))).rejects.toThrow('stopping')
  })
})
