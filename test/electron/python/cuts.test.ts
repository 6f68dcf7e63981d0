import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { defaultHarnessFolder } from '../../../electron/python/harness-folder.ts'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import { fixture, inFolder, machinePython, markedRunner, runScript, runText, until, type Wish } from './run-script.ts'

const { runner, alive } = markedRunner()
afterAll(() => runner.close())

const after = (ms: number, limitId = 'connector.python'): Wish['deadlines'] => [{ limitId, by: limitId.startsWith('wrapper') ? 'wrapper' : 'connector', at: { afterStartMs: ms } }]

describe('a deadline', () => {
  test('kills the script, and says so before it does', async () => {
    const other = markedRunner()
    await other.runner.warm(machinePython) // a cold start may take longer than the deadline on a busy machine
    const ran = await runScript(other.runner, fixture('sleeps.py'), { deadlines: after(1000) })
    await other.runner.close()
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'connector', limitId: 'connector.python', reason: 'deadline passed', exit: { exitCode: null, signal: 'SIGKILL' } })
    const order = ran.events.map(({ type }) => type).filter((type) => ['limit_armed', 'kill_intent', 'limit_fired', 'stack', 'process_exited'].includes(type))
    expect(order).toEqual(['limit_armed', 'kill_intent', 'limit_fired', 'stack', 'process_exited'])
    const armed = ran.event('limit_armed')
    const fired = ran.event('limit_fired')
    expect(armed?.deadlineMs).toBeCloseTo((ran.event('process_started')?.atMs ?? NaN) + 1000, 3)
    expect(fired).toMatchObject({ limitId: 'connector.python', effect: 'acted', passedAtMs: armed?.deadlineMs })
    expect(fired?.atMs).toBeGreaterThanOrEqual(armed?.deadlineMs ?? Infinity)
    expect(ran.event('limit_disarmed')).toBeUndefined()
    expect(ran.all('span_ended').slice(-2).map(({ spanId, status }) => [spanId, status])).toEqual([['python.transform', 'cut'], ['python', 'cut']])
    expect(ran.stdout).toBe('asleep\n')
  })

  test('may be an instant of the run instead of a time after the start', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { deadlines: [{ limitId: 'platform.duration', by: 'platform', at: { runMs: 300 } }] })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'platform', limitId: 'platform.duration' })
    expect(ran.event('limit_armed')?.deadlineMs).toBeCloseTo(300, 3)
  })

  test('that comes first is the one that acts; the others are disarmed', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { deadlines: [...after(5000, 'wrapper.timeout')!, ...after(150)!, ...after(60_000, 'connector.context')!] })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python' })
    expect(ran.all('limit_fired').map(({ limitId }) => limitId)).toEqual(['connector.python'])
    expect(ran.all('limit_disarmed').map(({ limitId }) => limitId).toSorted()).toEqual(['connector.context', 'wrapper.timeout'])
  })

  test('is disarmed when the script ends in time', async () => {
    const ran = await runText(runner, 'def transform(d):\n    return 1\n', { deadlines: after(20_000) })
    expect(ran.ending.kind).toBe('completed')
    expect(ran.event('limit_disarmed')).toMatchObject({ limitId: 'connector.python' })
  })

  test('that passes while Python is starting is kept as well', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { deadlines: after(1) })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python', exit: { signal: 'SIGKILL' } })
    await until(() => alive().length === 0)
  })

  test('that has passed before the run began still ends it', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { deadlines: [{ limitId: 'connector.context', by: 'connector', at: { runMs: -1000 } }] })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.context' })
  })

  test('may be weeks away', async () => {
    const ran = await runText(runner, 'def transform(d):\n    return 1\n', { deadlines: after(2 ** 31 - 1) })
    expect(ran.ending.kind).toBe('completed')
  })

  test('cuts a C call that keeps the interpreter lock, and shows its line', async () => {
    const ran = await runScript(runner, fixture('holds_the_lock.py'), { deadlines: after(1000) })
    expect(ran.ending).toMatchObject({ kind: 'killed', exit: { signal: 'SIGKILL' } })
    expect(ran.event('stack')?.frames.find((frame) => frame.function === 'transform')).toMatchObject({ file: fixture('holds_the_lock.py'), line: 7 })
    // Runnable, whether or not a busy machine lets it run just then.
    expect(['computing', 'throttled']).toContain(ran.event('stack')?.state)
  })
})

describe("the wrapper's limit", () => {
  test('asks with SIGTERM first, which ends a script that does not mind', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { deadlines: after(1000, 'wrapper.timeout') })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'wrapper', limitId: 'wrapper.timeout', exit: { signal: 'SIGTERM' } })
    expect(ran.all('kill_intent').map(({ signal }) => signal)).toEqual(['SIGTERM'])
  })

  test('kills a script that ignores SIGTERM a moment later', async () => {
    const ran = await runScript(runner, fixture('../../../shared/samples/ignores_sigterm.py'), { input: { seconds: 20 }, deadlines: after(1000, 'wrapper.timeout') })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'wrapper', limitId: 'wrapper.timeout', reason: 'deadline passed', exit: { signal: 'SIGKILL' } })
    expect(ran.all('kill_intent').map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL'])
    expect(ran.all('limit_fired')).toHaveLength(1)
    expect(ran.stdout).toContain('SIGTERM received')
  })

  test('takes children along that outlive the asked script', async () => {
    const ran = await runScript(runner, fixture('holds_pipes.py'), { input: { seconds: 30 }, deadlines: after(1000, 'wrapper.timeout') })
    expect(ran.ending).toMatchObject({ kind: 'killed', exit: { signal: 'SIGTERM' } })
    await until(() => alive().length === 0)
  })
})

describe('kill()', () => {
  test('ends a running script with the reason it was given', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), {}, async ({ run, printed }) => {
      await printed('asleep')
      run.kill('connector', null, 'context canceled')
      run.kill('connector', 'connector.python', 'too late to count')
    })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'connector', limitId: null, reason: 'context canceled', exit: { signal: 'SIGKILL' } })
    expect(ran.all('kill_intent')).toHaveLength(1)
    expect(ran.all('limit_fired')).toHaveLength(0)
    expect(ran.event('stack')?.frames.map((frame) => frame.function)).toEqual(['wait', 'transform'])
    expect(ran.all('span_ended').at(-1)?.status).toBe('canceled')
  })

  test('right after the start ends a script that has not begun', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), {}, ({ run }) => run.kill('connector', null, 'context canceled'))
    expect(ran.ending).toMatchObject({ kind: 'killed', reason: 'context canceled' })
    await until(() => alive().length === 0)
  })

  test('right after the start of a warm harness, too', async () => {
    const other = markedRunner()
    await other.runner.warm(machinePython)
    const ran = await runScript(other.runner, fixture('sleeps.py'), {}, ({ run }) => run.kill('connector', null, 'context canceled'))
    expect(ran.ending).toMatchObject({ kind: 'killed', reason: 'context canceled' })
    await other.runner.close()
    await until(() => other.alive().length === 0)
  })

  test('after the end changes nothing', async () => {
    const ran = await runText(runner, 'def transform(d):\n    return 1\n', {}, async ({ run }) => {
      await run.ended
      run.kill('connector', null, 'too late')
    })
    expect(ran.ending.kind).toBe('completed')
    expect(ran.event('kill_intent')).toBeUndefined()
  })

  test('shows where a script last ran Python, and how long ago, if it has become another program', async () => {
    const other = markedRunner()
    await other.runner.warm(machinePython) // samples from the first line on
    const become = "import os\nimport time\n\n\ndef transform(d):\n    time.sleep(0.5)\n    os.execvp('sh', ['sh', '-c', 'echo changed; exec sleep 60'])\n"
    const ran = await runText(other.runner, become, {}, async ({ run, printed }) => {
      await printed('changed')
      run.kill('connector', null, 'context canceled')
    })
    await other.runner.close()
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'connector' })
    expect(ran.all('stack')).toMatchObject([{ reason: 'last_sample', method: 'external', frames: [{ function: 'transform' }] }])
    expect([6, 7]).toContain(ran.event('stack')?.frames[0]?.line)
    expect(ran.event('stack')?.ageMs).toBeGreaterThan(0)
  })

  test('names the threads that were running', async () => {
    const ran = await runScript(runner, fixture('many_threads.py'), {}, async ({ run, printed }) => {
      await printed('ready')
      run.kill('connector', null, 'context canceled')
    })
    expect(ran.ending).toMatchObject({ kind: 'killed', exit: { signal: 'SIGKILL' } })
    expect(ran.event('stack')?.frames[0]?.function).toBe('transform')
    expect(ran.event('stack')?.threads.flatMap(({ frames }) => frames.map((frame) => frame.function))).toEqual(expect.arrayContaining(['worker', 'spin']))
  })

  test('sees what the script was waiting for', async () => {
    const states: Record<string, string> = {
      sleep: 'import time\ndef transform(d):\n    print("ready", flush=True)\n    time.sleep(30)\n',
      lock: 'import threading\ndef transform(d):\n    print("ready", flush=True)\n    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n',
      child: 'import subprocess\ndef transform(d):\n    print("ready", flush=True)\n    subprocess.run(["sleep", "30"])\n',
      socket: 'import socket\ndef transform(d):\n    print("ready", flush=True)\n    a, b = socket.socketpair()\n    a.recv(1)\n',
      computing: 'def transform(d):\n    print("ready", flush=True)\n    while True:\n        pass\n',
    }
    for (const [state, text] of Object.entries(states)) {
      const ran = await runText(runner, text, {}, async ({ run, printed }) => {
        await printed('ready')
        await new Promise((resolve) => setTimeout(resolve, 50))
        run.kill('connector', null, 'context canceled')
      })
      const seen = ran.event('stack')?.state
      // Runnable, but a busy machine does not let it run just then.
      expect([state, state === 'computing' && seen === 'throttled' ? 'computing' : seen]).toEqual([state, state])
    }
  })
})

describe('the process tree', () => {
  test('goes with the script: children, new sessions, daemons, those that ignore SIGTERM', async () => {
    const ran = await runScript(runner, fixture('holds_pipes.py'), { input: { seconds: 30 } }, async ({ run, printed }) => {
      await printed('ready')
      run.kill('connector', null, 'context canceled')
    })
    expect(ran.ending.kind).toBe('killed')
    await until(() => alive().length === 0)
  })

  test('is cleared of what a script leaves behind, and the leftovers are counted', async () => {
    const ran = await runScript(runner, fixture('holds_pipes.py'))
    expect(ran.result()).toEqual({ helpers: 4 })
    expect(ran.event('process_exited')?.leftovers).toBe(4)
    await until(() => alive().length === 0)
  })

  test('is ended even while it keeps forking', async () => {
    const ran = await runScript(runner, fixture('fork_bomb.py'), { deadlines: after(300) })
    expect(ran.ending.kind).toBe('killed')
    await until(() => alive().length === 0)
  })

  test('is gone when the runner is closed', async () => {
    const other = markedRunner()
    const ran = await runScript(other.runner, fixture('holds_pipes.py'), { input: { seconds: 30 } }, async ({ printed }) => {
      await printed('ready')
      await other.runner.close()
    })
    expect(ran.ending).toMatchObject({ kind: 'killed', reason: 'the engine is stopping' })
    await until(() => other.alive().length === 0)
  })
})

describe('a script that attacks its supervisor', () => {
  test('by SIGKILL takes itself down', async () => {
    const ran = await runScript(runner, fixture('stops_supervisor.py'), { input: { signal: 'SIGKILL' } })
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { exitCode: null, signal: 'SIGKILL' } })
    await until(() => alive().length === 0)
  })

  test('by SIGSTOP does not escape its deadline', async () => {
    const ran = await runScript(runner, fixture('stops_supervisor.py'), { input: { signal: 'SIGSTOP' }, deadlines: after(400) })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python' })
    await until(() => alive().length === 0)
  })
})

test('an interpreter that is not there is a failed start', async () => {
  const ran = await runScript(runner, fixture('sleeps.py'), { python: { path: '/no/such/python3', version: '3.11.0' } })
  expect(ran.ending).toMatchObject({ kind: 'spawn_failed', code: 'ENOENT' })
  expect(ran.event('process_started')).toBeUndefined()
})

test('an interpreter that breaks while starting says why', async () => {
  const broken = createScriptRunner({ env: { ...process.env, PYTHONHOME: '/nowhere' } })
  const ran = await runScript(broken, fixture('sleeps.py'))
  await broken.close()
  expect(ran.ending).toMatchObject({ kind: 'spawn_failed', error: expect.stringMatching(/before the script began: (.|\n)*(encodings|PYTHONHOME)/) })
})

test('a fault of the supervisor ends the script and is told, not taken for a kill by somebody else in silence', async () => {
  await inFolder(async (folder) => {
    await cp(defaultHarnessFolder(), join(folder, 'harness'), { recursive: true })
    await appendFile(join(folder, 'harness/readings.py'), '\n\ndef broken(self, now_ns):\n    raise RuntimeError("as if it had a bug")\n\n\nReadings.act = broken\n')
    const faulty = markedRunner({ harnessFolder: join(folder, 'harness'), byteCodeFolder: null })
    const ran = await runScript(faulty.runner, fixture('sleeps.py'))
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGKILL' } })
    expect(ran.stderr).toMatch(/cutoff: the supervisor failed(.|\n)*as if it had a bug/)
    await faulty.runner.close()
    await until(() => faulty.alive().length === 0)
  })
})
