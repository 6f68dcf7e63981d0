import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import { fixture, inFolder, machinePython, runScript, runText } from './run-script.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())

describe('a script that returns', () => {
  test('gives its result as JSON, with the usage of its process', async () => {
    const ran = await runText(runner, 'def transform(d):\n    print("hello")\n    return {"got": d, "text": "über"}\n', { input: { n: [1, 2.5, null] } })
    expect(ran.result()).toEqual({ got: { n: [1, 2.5, null] }, text: 'über' })
    expect(ran.stdout).toBe('hello\n')
    expect(ran.ending).toMatchObject({ kind: 'completed', exit: { exitCode: 0, signal: null } })
    if (ran.ending.kind !== 'completed') throw new Error()
    expect(ran.ending.exit.cpuMs).toBeGreaterThan(0)
    expect(ran.ending.exit.maxRssBytes).toBeGreaterThan(1 << 20)
    expect(ran.ending.exit.wallMs).toBeGreaterThan(0)
  })

  test('shows its sub-stages one after the other under the python span', async () => {
    const ran = await runText(runner, 'def transform(d):\n    return 1\n')
    const spans = ran.all('span_started').map(({ spanId, parentId }) => [spanId, parentId])
    expect(spans).toEqual([
      ['python', 'connector'], ['python.interpreter', 'python'], ['python.load', 'python'], ['python.transform', 'python'], ['python.serialise', 'python'], ['python.exit', 'python'],
    ])
    const ended = ran.all('span_ended')
    expect(ended.map(({ spanId }) => spanId)).toEqual(['python.interpreter', 'python.load', 'python.transform', 'python.serialise', 'python.exit', 'python'])
    expect(ended.every(({ status }) => status === 'ok')).toBe(true)
    const starts = ran.all('span_started').slice(1).map(({ atMs }) => atMs)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(ran.event('process_started')?.warm).toBe(false)
  })

  test('may be a coroutine, which is awaited', async () => {
    const ran = await runScript(runner, fixture('async_transform.py'), { input: [1] })
    expect(ran.result()).toEqual({ awaited: [1] })
  })

  test.each([
    ['a value alone', 'None', null], ['a tuple', '(1, 2)', [1, 2]], ['deep unicode', '"\\U0001F600\\u0000"', '\u{1F600}\u0000'], ['a big integer', '2**62', 2 ** 62],
  ])('may return %s', async (_, expression, expected) => {
    expect((await runText(runner, `def transform(d):\n    return ${expression}\n`)).result()).toEqual(expected)
  })

  test('may take and return megabytes', async () => {
    const input = { rows: Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'ü'.repeat(50) })) }
    const ran = await runText(runner, 'def transform(d):\n    return [d, d, d]\n', { input })
    expect(ran.result()).toEqual([input, input, input])
    expect(ran.event('script_result')?.bytes).toBeGreaterThan(10_000_000)
  })

  test('is kept waiting by its own threads and exit handlers, and loses nothing that it had buffered', async () => {
    const { mkdtemp, readFile, rm } = await import('node:fs/promises')
    const folder = await mkdtemp('/tmp/cutoff-test-')
    try {
      const ran = await runScript(runner, fixture('leaves_things_open.py'), { input: { path: `${folder}/kept.txt` } })
      expect(ran.result()).toEqual({})
      expect(ran.stdout.trim().split('\n').toSorted()).toEqual(['atexit', 'del', 'printf', 'thread'])
      expect(await readFile(`${folder}/kept.txt`, 'utf8')).toBe('buffered')
      const exit = ran.all('span_ended').find(({ spanId }) => spanId === 'python.exit')
      const from = ran.all('span_started').find(({ spanId }) => spanId === 'python.exit')
      expect((exit?.atMs ?? 0) - (from?.atMs ?? 0)).toBeGreaterThan(90)
    } finally { await rm(folder, { recursive: true }) }
  })

  test.each(['fork', 'spawn'])('may use a pool of processes started by %s', async (method) => {
    const ran = await runScript(runner, fixture('multiprocess.py'), { input: { method } })
    expect(ran.result()).toEqual({ squares: [0, 1, 4, 9, 16], pid: true })
    expect(ran.event('process_exited')?.leftovers).toBe(0)
  })

  test('reports once when it forks and both processes return', async () => {
    const ran = await runScript(runner, fixture('forks_and_returns.py'))
    expect(ran.result()).toEqual({ who: 'parent' })
    expect(ran.all('script_result')).toHaveLength(1)
  })

  test.each<[string, string]>([
    ['a global', 'KEEP = Noisy("global")\n'],
    ['several globals, of which one holds another', 'A = Noisy("a")\nB = [Noisy("b"), A]\n_C = Noisy("c")\n'],
    ['a class', 'class Pool:\n    shared = Noisy("shared")\n'],
    ['a module that something else holds', 'sys.kept = sys.modules[__name__]\nKEEP = Noisy("held")\n'],
  ])('lets go of what it holds as Python itself does, with what a `__del__` uses still there: %s', async (_, held) => {
    const text = `import sys, time\nclass Noisy:\n    def __init__(self, name): self.name = name\n    def __del__(self): print(self.name, time is None, flush=True)\n${held}def transform(d):\n    return 1\n`
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'script.py'), text)
      const plain = execFileSync(machinePython.path, ['-c', 'import script; script.transform({}); del script'], { cwd: folder, encoding: 'utf8' })
      const ran = await runScript(runner, join(folder, 'script.py'))
      expect(ran.stdout.split('\n').toSorted()).toEqual(plain.split('\n').toSorted())
    })
  })

  test('counts only with exit code 0', async () => {
    const ran = await runText(runner, 'import atexit, os\natexit.register(os._exit, 9)\ndef transform(d):\n    return {}\n')
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { exitCode: 9 } })
    expect(ran.event('script_result')).toBeDefined()
  })

  test('runs many at once without mixing them up', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, (_, n) => runText(runner, 'def transform(d):\n    print(d)\n    return d\n', { input: n })))
    expect(runs.map((ran) => [ran.result(), ran.stdout])).toEqual(Array.from({ length: 8 }, (_, n) => [n, `${n}\n`]))
  })
})
