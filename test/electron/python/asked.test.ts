import { afterAll, describe, expect, test } from 'vitest'
import { findPythons } from '../../../build/test-tools/pythons.ts'
import { createScriptRunner } from '../../../electron/python/runner.ts'
import type { MemoryAtError, ScriptError } from '../../../shared/run/event.ts'
import { machinePython, runText } from './run-script.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())
const MiB = 1024 ** 2
const pythons = (await findPythons([machinePython.path])).map((python) => [python.version, python] as const)

/** What is known of the memory that the last line of `transform()` was refused, with 512 MB of address space. */
async function refused(python: (typeof pythons)[number][1], text: string, input: unknown = {}): Promise<MemoryAtError | null> {
  const ran = await runText(runner, text, { python, input, os: { addressSpaceBytes: 512 * MiB } })
  const error: ScriptError | undefined = ran.event('script_error')?.error
  if (!error) throw new Error(`no error: ${JSON.stringify(ran.ending)}`)
  return error.memory ?? null
}

describe.each(pythons)('how much was asked for at once, on Python %s', (_, python) => {
  test.each<[string, number]>([
    ['[0] * 10**18', 8e18],
    ["'x' * 10**18", 1e18],
    ["'\\u20ac' * 10**18", 2e18],
    ['bytes(10**18)', 1e18],
    ['bytearray(d["size"] << 10)', 2 ** 40],
    ['list(range(d["size"] * 100))', 800 * 2 ** 30],
    ['array.array("d", [0.0]) * 10**17', 8e17],
    ['mmap.mmap(-1, 10**17)', 1e17],
    ['"x".ljust(10**17)', 1e17],
    ['open("/dev/zero", "rb").read(10**17)', 1e17],
    ['[d, d] * COUNT', 16e9],
    ['bytes(Config.size)', 1e17],
    ['eval("-" * 20000 + "1")', 0],
  ])('%s', async (expression, bytes) => {
    const text = `import array, mmap\nCOUNT = 10**9\nclass Config: size = 10**17\ndef transform(d):\n    x = ${expression}\n`
    expect((await refused(python, text, { size: 2 ** 30 }))?.asked).toBe(bytes)
  })

  test('in the child of a pool, by the line of its traceback', async () => {
    const text = 'import multiprocessing\ndef work(_):\n    return len(bytes(10**18))\ndef transform(d):\n    with multiprocessing.get_context("fork").Pool(1) as pool:\n        return pool.map(work, [1])\n'
    expect(await refused(python, text)).toMatchObject({ asked: 1e18, used: null, otherProcess: true })
  })

  test('is not known where finding out would run the script’s own code, or nothing on the line is large', async () => {
    const text = (expression: string): string => `class Count:\n    def __index__(self): return 10**18\ndef size(): return 10**18\ndef transform(d):\n    return len(${expression})\n`
    expect((await refused(python, text('bytes(size())')))?.asked).toBeNull()
    expect((await refused(python, text('bytes(Count())')))?.asked).toBeNull()
  })
})

test('what was in use, the limit in force and what the machine would grant are told with it', async () => {
  const python = pythons[0]?.[1]
  if (!python) throw new Error('no Python')
  const told = await refused(python, 'def transform(d):\n    kept = bytearray(100 << 20)\n    return len(bytes(10**18))\n')
  expect(told).toMatchObject({ limit: 512 * MiB, otherProcess: false, machine: { memory: expect.any(Number), overcommit: expect.any(Number) } })
  expect(told?.used).toBeGreaterThan(100 * MiB)
  expect(told?.used).toBeLessThan(512 * MiB)
  const own = await refused(python, 'import resource\ndef transform(d):\n    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 512 << 20))\n    return len(bytes(400 << 20))\n')
  expect(own).toMatchObject({ limit: 300 * MiB, asked: 400 * MiB })
  expect(await refused(python, 'def transform(d):\n    return d["none"]\n')).toBeNull()
})

test.each(pythons)('an error is told wherever memory was used up bit by bit, on Python %s', async (_, python) => {
  const text = 'def transform(d):\n    kept = []\n    while True:\n        kept.append(str(len(kept)) * 50)\n'
  for (let more = 0; more < 6; more++) {
    const ran = await runText(runner, text, { python, os: { addressSpaceBytes: 64 * MiB + more * 370_000 } })
    expect(ran.event('script_error')?.error, JSON.stringify(ran.ending)).toMatchObject({ type: 'MemoryError', raised: false, memory: { limit: expect.any(Number) } })
  }
})

test.each(pythons)('looking at the source again says no warning a second time, on Python %s', async (_, python) => {
  const ran = await runText(runner, 'def transform(d):\n    x = "\\d"\n    return bytes(10**18)\n', { python })
  expect(ran.event('script_error')?.error.memory?.asked).toBe(1e18)
  expect(ran.stderr.match(/invalid escape sequence/g)?.length ?? 0).toBeLessThan(2)
})
