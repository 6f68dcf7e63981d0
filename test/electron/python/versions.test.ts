import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { probeInterpreter } from '../../../electron/python/interpreter-probe.ts'
import { fixture, machinePython, markedRunner, runScript, runText, until } from './run-script.ts'

/** Every usable CPython of this machine: the one on PATH, Debian's, and pyenv's. */
const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
const places = [machinePython.path, '/usr/bin/python3', ...(existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin/python3')) : [])]
const probed = await Promise.all([...new Set(places)].filter((path) => existsSync(path)).map((path) => probeInterpreter(path, [], { env: { PATH: '/usr/bin:/bin' }, folder: '/', timeLimitMs: 10_000 })))
const pythons = probed.filter((answer) => typeof answer !== 'string').map((answer) => [answer.version, answer] as const)

const { runner, alive } = markedRunner()
afterAll(() => runner.close())

describe.each(pythons)('Python %s', (_, python) => {
  test('runs a script, cold and warm', async () => {
    for (const warm of [false, true]) {
      if (warm) await runner.warm(python)
      const ran = await runText(runner, 'import sys, json\ndef transform(d):\n    print("hello")\n    return [d, list(sys.version_info[:3])]\n', { input: { a: 1 }, python })
      expect([ran.result(), ran.stdout, ran.event('process_started')?.warm]).toEqual([[{ a: 1 }, python.version.split('.').map(Number)], 'hello\n', warm])
    }
  })

  test('is cut with its last stack', async () => {
    const ran = await runScript(runner, fixture('sleeps.py'), { python, deadlines: [{ limitId: 'connector.python', by: 'connector', at: { afterStartMs: 1000 } }] })
    expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'connector.python', exit: { signal: 'SIGKILL' } })
    expect(ran.event('stack')?.frames.map(({ function: name, line }) => [name, line])).toEqual([['wait', 6], ['transform', 10]])
  })

  test('tells errors with their line and a traceback of the script alone', async () => {
    const syntax = await runText(runner, 'def transform(d):\n    return (1\n', { python })
    expect(syntax.event('script_error')?.error).toMatchObject({ phase: 'compile', type: 'SyntaxError' })
    const raised = await runScript(runner, fixture('deep_error.py'), { python, input: { how: 'library' } })
    expect(raised.event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'json.decoder.JSONDecodeError', line: 10 })
    expect(raised.event('script_error')?.error.traceback).not.toContain('harness')
    const nan = await runText(runner, 'def transform(d):\n    return {"a": [float("nan")]}\n', { python })
    expect(nan.event('script_error')?.error).toMatchObject({ phase: 'serialise', type: 'ValueError', detail: '$.a[0]: nan' })
    const memory = await runText(runner, 'def transform(d):\n    return len(bytearray(1 << 30))\n', { python, os: { addressSpaceBytes: 256 << 20 } })
    expect(memory.event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'MemoryError', line: 2 })
  })

  test('ends its tree, and finishes what a script may expect of its end', async () => {
    const ran = await runScript(runner, fixture('holds_pipes.py'), { python })
    expect([ran.result(), ran.event('process_exited')?.leftovers]).toEqual([{ helpers: 4 }, 4])
    const { mkdtemp, readFile, rm } = await import('node:fs/promises')
    const folder = await mkdtemp('/tmp/cutoff-test-')
    const end = await runScript(runner, fixture('leaves_things_open.py'), { python, input: { path: join(folder, 'kept') } })
    expect(end.stdout.trim().split('\n').toSorted()).toEqual(['atexit', 'del', 'printf', 'thread'])
    expect(await readFile(join(folder, 'kept'), 'utf8')).toBe('buffered')
    await rm(folder, { recursive: true })
  })
})

test('nothing of any of them is left', async () => {
  await runner.close()
  await until(() => alive().length === 0)
})
