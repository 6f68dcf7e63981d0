import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import type { ScriptError } from '../../../shared/run/event.ts'
import { fixture, inFolder, machinePython, runScript, runText, type Ran, type Wish } from './run-script.ts'

const runner = createScriptRunner({ largestResultBytes: 1000 })
afterAll(() => runner.close())

function errorOf(ran: Ran): ScriptError {
  expect(ran.ending.kind, JSON.stringify(ran.ending)).toBe('error')
  const event = ran.event('script_error')
  if (ran.ending.kind !== 'error' || !event) throw new Error('no error')
  expect(event.error).toEqual(ran.ending.error)
  return event.error
}
const failing = async (text: string | Uint8Array, wish: Wish = {}): Promise<ScriptError> => errorOf(await runText(runner, text, wish))

describe('a script that cannot be used', () => {
  test('does not parse: the line and its text', async () => {
    expect(await failing('def transform(d):\n    return {"a": 1\n')).toMatchObject({ phase: 'compile', type: 'SyntaxError', line: expect.any(Number), detail: expect.stringContaining('{"a": 1') })
    expect(await failing('def transform(d):\n\treturn 1\n        return 2\n')).toMatchObject({ phase: 'compile', type: 'TabError', line: 3 })
  })

  test('is binary or wrongly encoded', async () => {
    expect(await failing(Buffer.from([0x80, 0x81, 0x00, 0xff]))).toMatchObject({ phase: 'compile' })
    expect(await failing(Buffer.from('x = "\xe9"\n', 'latin1'))).toMatchObject({ phase: 'compile', type: 'SyntaxError' })
    expect(await failing('x = 1\0\n')).toMatchObject({ phase: 'compile' })
  })

  test('is gone, or a folder, by the time it is read', async () => {
    expect(errorOf(await runScript(runner, '/nowhere/at/all.py'))).toMatchObject({ phase: 'read', type: 'FileNotFoundError', errno: 2 })
    await inFolder(async (folder) => { expect(errorOf(await runScript(runner, folder))).toMatchObject({ phase: 'read', type: 'IsADirectoryError' }) })
  })

  test('fails while it is imported', async () => {
    expect(await failing('import no_such_module_anywhere\n')).toMatchObject({ phase: 'import', type: 'ModuleNotFoundError', line: 1, detail: 'import no_such_module_anywhere' })
    expect(await failing('x = 1\nCONFIG = {}["endpoint"]\n')).toMatchObject({ phase: 'import', type: 'KeyError', message: "'endpoint'", line: 2 })
  })

  test('has no transform, and says what it has instead', async () => {
    expect(await failing('def transfrom(d):\n    return d\n')).toMatchObject({ phase: 'find_transform', type: 'AttributeError', detail: 'It defines: transfrom' })
    expect(await failing('transform = 5\n')).toMatchObject({ phase: 'find_transform', type: 'TypeError', message: "'int' object is not callable" })
    expect(await failing('')).toMatchObject({ phase: 'find_transform', detail: 'It defines no function' })
  })

  test.each([
    ['no argument', 'def transform():', 'transform() takes 0 positional arguments but 1 was given'],
    ['two arguments', 'def transform(a, b):', "transform() missing 1 required positional argument: 'b'"],
    ['a required keyword', 'def transform(a, *, key):', "transform() missing 1 required keyword-only argument: 'key'"],
  ])('has a transform that cannot take one argument: %s', async (_, head, message) => {
    expect(await failing(`${head}\n    pass\n`)).toMatchObject({ phase: 'find_transform', type: 'TypeError', message })
  })

  test('has a transform that only calling shows to be wrong', async () => {
    const error = await failing('import functools\ndef f(a, b, c):\n    pass\ntransform = functools.partial(f, 1)\n')
    expect(error).toMatchObject({ phase: 'find_transform', type: 'TypeError' })
    const inside = await failing('def helper():\n    pass\ndef transform(d):\n    return helper(d)\n')
    expect(inside).toMatchObject({ phase: 'transform', type: 'TypeError', line: 4 })
  })

  test.each(['def transform(a, b=1):', 'def transform(*all):', 'def transform(a=None, *, k=2, **more):', 'class transform(dict):'])('takes %s as it is', async (head) => {
    expect((await runText(runner, `${head}\n    pass\n`)).ending.kind).toBe('completed')
  })
})

describe('an error in transform', () => {
  const raised = async (how: string): Promise<ScriptError> => errorOf(await runScript(runner, fixture('deep_error.py'), { input: { how } }))

  test('names the line of the script, not of the library', async () => {
    const error = await raised('library')
    expect(error).toMatchObject({ phase: 'transform', type: 'json.decoder.JSONDecodeError', file: fixture('deep_error.py'), line: 10, detail: 'return json.loads(value)' })
    expect(error.traceback).toContain('json/decoder.py')
    expect(error.traceback).toMatch(/^Traceback \(most recent call last\):\n {2}File ".*deep_error\.py", line 16, in transform/)
    expect(error.traceback).not.toContain('harness')
  })

  test('may have no text, too much text, or text that is not Unicode', async () => {
    expect(await raised('odd')).toMatchObject({ type: 'deep_error.Odd', message: expect.stringContaining('__str__ raised RuntimeError') })
    const long = await raised('long')
    expect(long.message.length).toBeLessThan(10_000)
    expect(long.traceback.length).toBeLessThan(70_000)
    expect(await raised('surrogate')).toMatchObject({ message: 'lone \\udc80 surrogate' })
  })

  test('keeps its cause, its recursion, its errno', async () => {
    expect((await raised('chained')).traceback).toContain('The above exception was the direct cause')
    expect(await raised('recursion')).toMatchObject({ type: 'RecursionError', line: 20 })
    expect(await raised('oserror')).toMatchObject({ type: 'FileNotFoundError', errno: 2, line: 33 })
    expect(await raised('interrupt')).toMatchObject({ type: 'KeyboardInterrupt' })
  })

  test('ends its process with exit code 1', async () => {
    const ran = await runText(runner, 'def transform(d):\n    raise ValueError(d)\n')
    expect(ran.ending).toMatchObject({ kind: 'error', exit: { exitCode: 1, signal: null } })
    expect(ran.all('span_ended').find(({ spanId }) => spanId === 'python')?.status).toBe('error')
  })

  test('ends transform() at the exception: making its traceback and leaving come after', async () => {
    const ran = await runText(runner, 'def transform(d):\n    raise ValueError(d)\n')
    const at = ran.event('script_error')?.atMs
    expect(at).toBeGreaterThan(0)
    expect(ran.all('span_ended').filter(({ spanId }) => spanId === 'python.transform').map(({ status, atMs }) => [status, atMs])).toEqual([['error', at]])
    expect(ran.all('span_started').filter(({ spanId }) => spanId === 'python.exit').map(({ atMs }) => atMs)).toEqual([at])
    expect(ran.all('span_ended').filter(({ spanId }) => spanId === 'python.exit')).toMatchObject([{ status: 'ok' }])
  })

  test('by sys.exit() is an exit with the line that called it', async () => {
    const ran = await runText(runner, 'import sys\ndef transform(d):\n    sys.exit("gave up")\n')
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { exitCode: 1 } })
    expect(ran.event('script_error')?.error).toMatchObject({ type: 'SystemExit', message: 'gave up', line: 3 })
    expect((await runText(runner, 'import sys\nsys.exit(0)\n')).ending).toMatchObject({ kind: 'exited', exit: { exitCode: 0 } })
    expect((await runText(runner, 'raise SystemExit(42)\n')).ending).toMatchObject({ kind: 'exited', exit: { exitCode: 42 } })
  })
})

describe('a result that JSON cannot hold', () => {
  test.each([
    ['{"orders": [{"p": 1}, {"price": float("nan")}]}', '$.orders[1].price: nan', 'ValueError'],
    ['{"a": float("-inf")}', '$.a: -inf', 'ValueError'],
    ['{"odd key": {1, 2}}', '$["odd key"]: set {1, 2}', 'TypeError'],
    ['[b"x"]', "$[0]: bytes b'x'", 'TypeError'],
    ['{"m": {(1, 2): 3}}', '$.m: a key that is a tuple: (1, 2)', 'TypeError'],
    ['(n for n in [1])', '$: generator', 'TypeError'],
    ['object', "$: type <class 'object'>", 'TypeError'],
  ])('%s is named by its path', async (expression, detail, type) => {
    const error = await failing(`def transform(d):\n    return ${expression}\n`)
    expect(error).toMatchObject({ phase: 'serialise', type })
    expect(error.detail).toContain(detail)
  })

  test('contains itself', async () => {
    expect(await failing('def transform(d):\n    d["self"] = [d]\n    return d\n')).toMatchObject({ phase: 'serialise', type: 'ValueError', detail: '$.self[0]: a reference back to what contains it' })
  })

  test('is too large to be passed on', async () => {
    expect(await failing('def transform(d):\n    return "x" * 1000\n')).toMatchObject({ phase: 'serialise', type: 'OutputLimit', message: expect.stringContaining('1002 bytes') })
  })
})

test('an unreadable script is an error of reading for everybody but root', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'secret.py')
    await writeFile(path, 'def transform(d):\n    return 1\n')
    await chmod(path, 0)
    const ran = await runScript(runner, path)
    if (process.getuid?.() === 0) expect(ran.ending.kind).toBe('completed')
    else expect(errorOf(ran)).toMatchObject({ phase: 'read', type: 'PermissionError', errno: 13 })
  })
})

test('a result that is nested too deep, or too large to be looked through twice, is not mistaken for want of memory', async () => {
  const deep = await failing('def transform(d):\n    x = []\n    for _ in range(100000): x = [x]\n    return x\n', { os: { addressSpaceBytes: 256 << 20 } })
  expect(deep).toMatchObject({ phase: 'serialise', type: 'RecursionError', detail: '$: nested 100001 levels deep' })
  const wide = await failing('def transform(d):\n    return [1] * 4_000_000 + [{"last": {7: {1, 2}}}]\n', { os: { addressSpaceBytes: 400 << 20 } })
  expect(wide).toMatchObject({ phase: 'serialise', type: 'TypeError', detail: '$[4000000].last["7"]: set {1, 2}' })
})

describe('where an error comes from', () => {
  test('a raise statement of the script made it, or Python did', async () => {
    expect(await failing('def transform(d):\n    raise OSError(28, "No space left on device")\n')).toMatchObject({ errno: 28, raised: true, causes: [] })
    expect(await failing('def transform(d):\n    open("/nowhere/at/all")\n')).toMatchObject({ errno: 2, raised: false })
    expect(await failing('import subprocess\ndef transform(d):\n    subprocess.run(["/nowhere/at/all"])\n')).toMatchObject({ errno: 2, raised: false })
  })

  test('what it was raised for, hidden or not, and the members of a group', async () => {
    const hidden = await failing('def transform(d):\n    try:\n        open("/nowhere/at/all")\n    except OSError:\n        raise RuntimeError("no data") from None\n')
    expect(hidden).toMatchObject({ type: 'RuntimeError', raised: true, causes: [{ type: 'FileNotFoundError', errno: 2, raised: false }] })
    const group = await failing('class Group(Exception):\n    exceptions = (ValueError("a"), OSError(24, "b"))\ndef transform(d):\n    raise Group("two")\n')
    expect(group.causes).toMatchObject([{ type: 'ValueError', message: 'a' }, { type: 'OSError', errno: 24 }])
    expect(await failing('class Odd(Exception):\n    @property\n    def exceptions(self): raise KeyError\ndef transform(d):\n    raise Odd("no")\n')).toMatchObject({ message: 'no', causes: [] })
  })

  test('an errno that is no number is no errno', async () => {
    expect(await failing('def transform(d):\n    raise OSError("E_QUOTA", "try again")\n')).toMatchObject({ type: 'OSError', errno: null, line: 2 })
  })

  test('descriptors are used up, nothing more can be opened, and what is behind the error is told all the same', async () => {
    const text = 'import os\ndef transform(d):\n    try:\n        while True: os.dup(0)\n    except OSError as error:\n        raise RuntimeError("no database") from error\n'
    expect(await failing(text, { os: { openFiles: 64 } })).toMatchObject({ type: 'RuntimeError', causes: [{ type: 'OSError', errno: 24, raised: expect.toSatisfy((raised) => raised !== true) }] })
  })

  test('a handler of SIGXCPU raised it; another signal’s handler is not meant', async () => {
    const handler = (signal: string) => `import signal\ndef stop(*_): raise RuntimeError("stop")\nsignal.signal(signal.${signal}, stop)\ndef transform(d):\n    signal.raise_signal(signal.${signal})\n`
    expect(await failing(handler('SIGXCPU'))).toMatchObject({ cpuSignal: true })
    expect(await failing(handler('SIGALRM'))).toMatchObject({ cpuSignal: false })
  })

  test('a file beside the script that took the place of a standard module', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'csv.py'), 'def reader(): pass\n')
      await writeFile(join(folder, 'uses.py'), 'import csv, json\ndef transform(d):\n    return csv.writer()\n')
      const error = errorOf(await runScript(runner, join(folder, 'uses.py')))
      // Python tells the names of its own modules from 3.10 on.
      expect(error.hidden).toEqual(machinePython.version.startsWith('3.8.') || machinePython.version.startsWith('3.9.') ? [] : ['csv'])
    })
  })

  test('what was left of descriptors, and of the size of files, when it was told', async () => {
    const held = await failing('import os\ndef transform(d):\n    held = [os.dup(0) for _ in range(30)]\n    raise ValueError("no")\n', { os: { openFiles: 64 } })
    expect(held.left).toMatchObject({ descriptorLimit: 64, noDescriptorLeft: false, largestFile: null })
    expect(held.left?.openDescriptors).toBeGreaterThanOrEqual(33)
    expect(held.left?.openDescriptors).toBeLessThan(40)
    const full = await failing('import os, sqlite3\ndef transform(d):\n    held = []\n    try:\n        while True: held.append(os.dup(0))\n    except OSError: pass\n    sqlite3.connect("/tmp/never.db")\n', { os: { openFiles: 64 } })
    expect(full).toMatchObject({ type: 'sqlite3.OperationalError', left: { descriptorLimit: 64, openDescriptors: 64, noDescriptorLeft: true } })
    const wrote = await failing('import tempfile\ndef transform(d):\n    file = tempfile.TemporaryFile()\n    file.write(b"x" * 5000)\n    file.flush()\n    raise OSError("disk I/O error")\n', { os: { fileSizeBytes: 8192 } })
    expect(wrote.left).toMatchObject({ fileSizeLimit: 8192, largestFile: 5000, freeBytes: expect.any(Number) })
  })

  test('of a MemoryError: how much address space there had been', async () => {
    expect((await failing('def transform(d):\n    raise MemoryError\n')).addressSpacePeak).toBeGreaterThan(1_000_000)
    const pool = 'import multiprocessing\ndef work(_):\n    raise MemoryError\ndef transform(d):\n    with multiprocessing.get_context("fork").Pool(1) as pool:\n        pool.map(work, [1])\n'
    expect(await failing(pool)).toMatchObject({ type: 'MemoryError', addressSpacePeak: null, raised: false })
  })
})
