import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import { fixture, runScript, runText } from './run-script.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())

describe('what a script writes', () => {
  test('comes while it runs, line by line', async () => {
    let early = 0
    const ran = await runText(runner, 'import time\ndef transform(d):\n    print("first")\n    time.sleep(0.3)\n    print("second")\n    return 1\n', {}, async ({ printed, events }) => {
      await printed('first')
      early = events.filter(({ type }) => type === 'process_exited').length
    })
    expect(early).toBe(0)
    expect(ran.stdout).toBe('first\nsecond\n')
  })

  test('may be binary junk and forged facts: neither result nor events are touched', async () => {
    const ran = await runScript(runner, fixture('writes_junk.py'))
    expect(ran.result()).toEqual({ genuine: true })
    expect(ran.all('script_result')).toHaveLength(1)
    expect(ran.output.stdoutBytes).toBe(256 * 16 + Buffer.byteLength('deadbeef {"e":"result","bytes":2,"t":1}\n{}'))
    expect(ran.output.stderrBytes).toBe(14)
  })

  test('may be a line of 10 MB on each stream', async () => {
    const ran = await runScript(runner, fixture('long_line.py'), { input: { bytes: 10_000_000 } })
    expect(ran.result()).toEqual({})
    expect(ran.output).toMatchObject({ stdoutBytes: 10_000_001, stderrBytes: 10_000_000 })
    expect(ran.output.stderrTail).toBe('y'.repeat(65_536))
  })

  test('may be a hundred thousand lines, all of which arrive', async () => {
    const ran = await runScript(runner, fixture('prints_lines.py'), { input: { lines: 100_000 } })
    expect(ran.stdout.split('\n')).toHaveLength(50_001)
    expect(ran.stderr.split('\n')).toHaveLength(50_001)
    expect(ran.stderr.endsWith('line 99999\n')).toBe(true)
  })

  test('is kept up to the cut', async () => {
    const ran = await runText(runner, 'def transform(d):\n    n = 0\n    while True:\n        print(n)\n        n += 1\n', {}, async ({ printed, run }) => {
      await printed('\n200\n')
      run.kill('connector', null, 'context canceled')
    })
    expect(ran.ending.kind).toBe('killed')
    const lines = ran.stdout.split('\n')
    expect(lines.length).toBeGreaterThan(100)
    expect(lines.slice(0, -1)).toEqual(lines.slice(0, -1).map((_, n) => String(n)))
  })

  test('is kept when a grandchild wrote it', async () => {
    const ran = await runText(runner, 'import subprocess\ndef transform(d):\n    subprocess.run(["sh", "-c", "echo out; echo err >&2"], check=True)\n    return 1\n')
    expect([ran.stdout, ran.stderr]).toEqual(['out\n', 'err\n'])
  })

  test('is complete when the process ends abruptly', async () => {
    const ran = await runScript(runner, fixture('ends_somehow.py'), { input: { how: 'segfault' } })
    expect(ran.stdout).toBe('ending by segfault\n')
  })
})

describe('a script that closes descriptors', () => {
  test.each([[[1]], [[2]], [[0, 1, 2]]])('%j still has its result', async (close) => {
    const ran = await runScript(runner, fixture('closes_descriptors.py'), { input: { close } })
    expect(ran.result()).toEqual({ closed: close })
    expect(ran.stdout).toBe('before\n')
  })

  test('all of them, says why there is no result', async () => {
    const ran = await runScript(runner, fixture('closes_everything.py'))
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { exitCode: 70 } })
    expect(ran.stderr).toMatch(/the script closed the descriptor that carries its result/)
  })
})

describe('a process that ends without a result', () => {
  test.each([
    ['os._exit', { code: 3 }, { exitCode: 3, signal: null }], ['os._exit', { code: 137 }, { exitCode: 137, signal: null }], ['os._exit', { code: 0 }, { exitCode: 0, signal: null }],
    ['segfault', {}, { exitCode: null, signal: 'SIGSEGV' }], ['abort', {}, { exitCode: null, signal: 'SIGABRT' }],
    ['SIGKILL', {}, { exitCode: null, signal: 'SIGKILL' }], ['SIGTERM', {}, { exitCode: null, signal: 'SIGTERM' }], ['SIGXCPU', {}, { exitCode: null, signal: 'SIGXCPU' }],
    ['exec', {}, { exitCode: 5, signal: null }],
  ])('by %s %j', async (how, input, exit) => {
    const ran = await runScript(runner, fixture('ends_somehow.py'), { input: { how, ...input } })
    expect(ran.ending).toMatchObject({ kind: 'exited', exit })
    expect(ran.event('process_exited')?.exit).toMatchObject(exit)
    expect(ran.event('kill_intent')).toBeUndefined()
    expect(ran.event('script_result')).toBeUndefined()
  })

  test('by a crash leaves its last stack', async () => {
    const ran = await runScript(runner, fixture('ends_somehow.py'), { input: { how: 'segfault' } })
    expect(ran.event('stack')).toMatchObject({ reason: 'cut', method: 'faulthandler' })
    expect(ran.event('stack')?.frames.at(-1)).toMatchObject({ file: fixture('ends_somehow.py'), function: 'transform', line: 15 })
  })
})

test('stdout and stderr are pipes, as in production: a script may open them by name', async () => {
  const ran = await runText(runner, 'import os, stat\ndef transform(d):\n    with open("/dev/stdout", "w") as out:\n        out.write("by name\\n")\n    os.system("echo to stderr > /dev/stderr")\n    return [stat.S_ISFIFO(os.fstat(fd).st_mode) for fd in (1, 2)]\n')
  expect([ran.result(), ran.stdout, ran.stderr]).toEqual([[true, true], 'by name\n', 'to stderr\n'])
})
