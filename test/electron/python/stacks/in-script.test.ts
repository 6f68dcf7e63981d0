import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
import { importsOf } from '../../../../shared/stacks/imports.ts'
import { pausesOf } from '../../../../shared/stacks/pauses.ts'
import { inFolder, runScript, runText } from '../run-script.ts'
import { pythons } from './pythons.ts'

const runner = createScriptRunner()
afterAll(() => runner.close())
const stacks = { rateHz: 100, locals: false, allocations: false }

describe.each(pythons)('Python %s tells from within', (_, python) => {
  test('which imports took longer than a millisecond, and what each imported in turn', async () => {
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'outer_module.py'), 'import time\nbegun = time.monotonic_ns()\nimport inner_module, quick_module\ntime.sleep(0.02)\ntook_ms = (time.monotonic_ns() - begun) / 1e6\n')
      await writeFile(join(folder, 'inner_module.py'), 'import time\ntime.sleep(0.03)\n')
      await writeFile(join(folder, 'quick_module.py'), '')
      await writeFile(join(folder, 'script.py'), 'import outer_module\ndef transform(data):\n    try:\n        import not_there\n    except ImportError:\n        pass\n    return outer_module.took_ms\n')
      const ran = await runScript(runner, join(folder, 'script.py'), { python, stacks })
      const outer = importsOf(ran.events).find(({ module }) => module === 'outer_module')
      expect(outer?.totalMs).toBeGreaterThanOrEqual(ran.result() as number)
      const inner = outer?.children.find(({ module }) => module === 'inner_module')
      expect(inner?.totalMs).toBeGreaterThanOrEqual(30)
      // What it took itself is the rest, but for the times too short to be told.
      expect(outer?.selfMs).toBeGreaterThanOrEqual(20)
      expect(outer?.selfMs).toBeLessThanOrEqual((outer?.totalMs ?? 0) - (inner?.totalMs ?? 0))
      expect(inner?.startMs).toBeGreaterThanOrEqual(outer?.startMs ?? Infinity)
    })
  })

  test('how long the garbage collector stopped the script', async () => {
    const ran = await runText(runner, 'import gc, time\ndef transform(data):\n    kept = [[number] for number in range(400_000)]\n    begun = time.monotonic_ns()\n    gc.collect()\n    return (time.monotonic_ns() - begun) / 1e6\n', { python, stacks })
    const asked = ran.all('garbage_collected').filter(({ generation }) => generation === 2)
    const longest = Math.max(...asked.map(({ durationMs }) => durationMs))
    // Nearly all of the call; how near depends on who else wants the processor.
    expect(longest).toBeGreaterThan(0.5)
    expect(asked.some(({ durationMs }) => durationMs <= (ran.result() as number))).toBe(true)
    expect(pausesOf(ran.events).longestMs).toBeGreaterThanOrEqual(longest)
  })

  test('which lines hold the most memory, only if asked to', async () => {
    const text = 'import os, time\ndef transform(data):\n    few = bytearray(100_000)\n    many = [bytes(1000) + b"x" for _ in range(20_000)]\n    while data and not os.path.exists(data): time.sleep(0.01)\n    return len(few) + len(many)\n'
    await inFolder(async (folder) => {
      const ran = await runText(runner, text, { python, stacks: { ...stacks, allocations: true }, input: join(folder, 'told') }, async ({ events }) => {
        // It looks again after a quarter more, so the last look may be a little before the end.
        await expect.poll(() => Math.max(0, ...events.flatMap((event) => event.type === 'allocations' ? event.lines : []).map(({ count }) => count))).toBeGreaterThanOrEqual(15_000)
        await writeFile(join(folder, 'told'), '')
      })
      const heaviest = ran.all('allocations').flatMap(({ lines }) => lines).toSorted((one, other) => other.bytes - one.bytes)[0]
      expect(heaviest).toMatchObject({ file: expect.stringMatching(/script\.py$/), line: 4 })
      expect(ran.all('allocations').flatMap(({ lines }) => lines).filter(({ file }) => file.includes('harness'))).toEqual([])
      expect((heaviest?.bytes ?? 0) / (heaviest?.count ?? 1)).toBeGreaterThan(1000)
    })
    expect((await runText(runner, text, { python, stacks, input: '' })).all('allocations')).toEqual([])
  })

  test('nothing of all that where stacks are off', async () => {
    const ran = await runText(runner, 'import gc, json.tool\ndef transform(data):\n    gc.collect()\n    return gc.callbacks\n', { python, stacks: { ...stacks, rateHz: 0 } })
    expect(ran.result()).toEqual([])
    expect(ran.events.filter(({ type }) => /imported|garbage|allocations|stack_samples|stacks_off/.test(type))).toEqual([])
  })
})

test('what a cut for memory finds is the line that held the most', async () => {
  const text = 'import time\ndef transform(data):\n    held = []\n    while True:\n        held.append(bytearray(2_000_000))\n        time.sleep(0.01)\n'
  const ran = await runText(runner, text, { os: { platformMemoryBytes: 150 << 20 }, stacks: { ...stacks, allocations: true } })
  expect(ran.ending).toMatchObject({ kind: 'killed', limitId: 'platform.memory' })
  expect(ran.all('allocations').at(-1)?.lines[0]).toMatchObject({ line: 5, bytes: expect.any(Number) })
})
