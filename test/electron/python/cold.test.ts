import { afterAll, describe, expect, test } from 'vitest'
import { fixture, machinePython, markedRunner, runScript, runText, until, type Wish } from './run-script.ts'

const { runner, alive } = markedRunner({ harness: 'cold' })
/** One that waits for a stack however busy the machine is. */
const { runner: patient } = markedRunner({ harness: 'cold', stackPatienceMs: 20_000 })
afterAll(() => Promise.all([runner.close(), patient.close()]))

const after = (ms: number, limitId = 'connector.python'): Wish['deadlines'] => [{ limitId, by: limitId.startsWith('wrapper') ? 'wrapper' : 'connector', at: { afterStartMs: ms } }]

describe('the portable harness', () => {
  test('gives results, output and usage', async () => {
    const ran = await runText(runner, 'import sys\ndef transform(d):\n    print("out")\n    print("err", file=sys.stderr)\n    return d\n', { input: { a: ['ü'] } })
    expect([ran.result(), ran.stdout, ran.stderr]).toEqual([{ a: ['ü'] }, 'out\n', 'err\n'])
    expect(ran.event('process_exited')?.exit).toMatchObject({ exitCode: 0, signal: null, cpuMs: expect.any(Number), maxRssBytes: expect.any(Number) })
    expect(ran.all('span_started').map(({ spanId }) => spanId)).toEqual(['python', 'python.interpreter', 'python.load', 'python.transform', 'python.serialise', 'python.exit'])
  })

  test('tells errors and exits', async () => {
    expect((await runText(runner, 'def transform(d):\n    return d["x"]\n')).event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'KeyError', line: 2 })
    expect((await runScript(runner, fixture('ends_somehow.py'), { input: { how: 'os._exit', code: 137 } })).ending).toMatchObject({ kind: 'exited', exit: { exitCode: 137 } })
    expect((await runScript(runner, fixture('ends_somehow.py'), { input: { how: 'segfault' } })).ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGSEGV' } })
  })

  test('kills at a deadline, with an intent before and the stack of its thread', async () => {
    const ran = await runScript(patient, fixture('sleeps.py'), { deadlines: after(1000) })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'connector', limitId: 'connector.python', exit: { signal: 'SIGKILL' } })
    const order = ran.events.map(({ type }) => type).filter((type) => ['limit_armed', 'kill_intent', 'limit_fired', 'stack', 'process_exited'].includes(type))
    expect(order).toEqual(['limit_armed', 'kill_intent', 'limit_fired', 'stack', 'process_exited'])
    expect(ran.event('stack')).toMatchObject({ method: 'thread', frames: [{ line: 6 }, { line: 10 }] })
  })

  test('kills a script that keeps the interpreter lock without waiting for its stack', async () => {
    const ran = await runScript(runner, fixture('holds_the_lock.py'), { deadlines: after(1000) })
    expect(ran.ending).toMatchObject({ kind: 'killed', exit: { signal: 'SIGKILL' } })
  })

  test('asks with SIGTERM for the wrapper, and kills who ignores it', async () => {
    expect((await runScript(runner, fixture('sleeps.py'), { deadlines: after(1000, 'wrapper.timeout') })).ending).toMatchObject({ kind: 'killed', exit: { signal: 'SIGTERM' } })
    const stubborn = await runScript(runner, fixture('../../../shared/samples/ignores_sigterm.py'), { input: { seconds: 20 }, deadlines: after(1000, 'wrapper.timeout') })
    expect(stubborn.ending).toMatchObject({ kind: 'killed', limitId: 'wrapper.timeout', exit: { signal: 'SIGKILL' } })
    expect(stubborn.all('kill_intent').map(({ signal }) => signal)).toEqual(['SIGTERM', 'SIGKILL'])
  })

  test('obeys kill(), at any time', async () => {
    for (const wait of [true, false]) {
      const ran = await runScript(runner, fixture('sleeps.py'), {}, async ({ run, printed }) => {
        if (wait) await printed('asleep')
        run.kill('connector', null, 'context canceled')
      })
      expect(ran.ending).toMatchObject({ kind: 'killed', limitId: null, reason: 'context canceled' })
    }
    await until(() => alive().length === 0)
  })

  test('ends the children that stay in its process group, and counts them', async () => {
    const ran = await runText(runner, 'import subprocess\ndef transform(d):\n    return [subprocess.Popen(["sleep", "60"]).pid > 0 for _ in range(2)]\n')
    expect(ran.result()).toEqual([true, true])
    expect(ran.event('process_exited')?.leftovers).toBe(2)
    await until(() => alive().length === 0)
  })

  test('sets the kernel limits it can, and tells of the others', async () => {
    const ran = await runScript(runner, fixture('uses_limits.py'), { input: { how: 'limits' }, os: { openFiles: 50, memoryBytes: 1 << 30, cpuShareMillicores: 500 } })
    expect(ran.result()).toMatchObject({ RLIMIT_NOFILE: [50, 50] })
    expect(ran.all('limit_armed').map(({ limitId }) => limitId)).toEqual(['os.open_files'])
    expect(ran.all('limit_not_enforced').map(({ limitId }) => limitId)).toEqual(['os.memory', 'os.cpu_share'])
  })

  test('watches the memory of the platform', async () => {
    const ran = await runScript(runner, fixture('uses_limits.py'), { input: { how: 'touch', bytes: 128 << 20, seconds: 20 }, os: { platformMemoryBytes: 64 << 20 } })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'platform', limitId: 'platform.memory' })
  })

  test('has no spare: warm() is done at once', async () => {
    await runner.warm(machinePython)
    expect(alive()).toEqual([])
  })

})
