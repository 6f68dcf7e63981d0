import { appendFile, cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Probed } from '../../../../electron/python/interpreter-probe.ts'
import { createScriptRunner } from '../../../../electron/python/runner.ts'
import type { ScriptRunner } from '../../../../electron/python/script-run.ts'
import { lineTimesOf } from '../../../../shared/stacks/times.ts'
import { timelineOf } from '../../../../shared/stacks/timeline.ts'
import { inFolder, runText, type Ran } from '../run-script.ts'
import { pythons } from './pythons.ts'

const harness = join(dirname(fileURLToPath(import.meta.url)), '../../../../electron/python/harness')
const text = 'import os, time\ndef transform(data):\n    until = time.monotonic() + 0.4\n    while time.monotonic() < until: pass\n    time.sleep(0.4)\n    while not os.path.exists(data): time.sleep(0.01)\n    return 1\n'
const stacks = { rateHz: 100, locals: false, allocations: false }
/** An interpreter whose frames lie elsewhere than is known: the layout's numbers are moved instead of the frames. */
const wrongLayout = "\n_right = _filled\n\n\ndef _filled(fields):\n    return _right(dict(fields, frame_previous=fields['frame_previous'] + 8))\n"

/** A machine that has no processor for the known thread of a cold run's self-test, twice; and for good with more. */
const noProcessor = (times: number): string => `\n_tested, _left = reason_for_distrust_at_once, [None] * ${times}\n\n\ndef reason_for_distrust_at_once(reader):\n    if _left:\n        _left.pop()\n        raise NotNow()\n    return _tested(reader)\n`

async function withChanged<T>(module: string, addition: string, use: (folders: { harnessFolder: string; byteCodeFolder: string }) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    await cp(harness, join(folder, 'harness'), { recursive: true, filter: (path) => !path.endsWith('__pycache__') })
    await appendFile(join(folder, 'harness/stacks', module), addition)
    await mkdir(join(folder, 'code'))
    return use({ harnessFolder: join(folder, 'harness'), byteCodeFolder: join(folder, 'code') })
  })
}

const withWrongLayout = <T>(use: Parameters<typeof withChanged<T>>[2]): Promise<T> => withChanged('layout.py', wrongLayout, use)

/** Runs the script, which goes on until it has been said why its stacks cannot be read from outside. */
async function runUntilTold(runner: ScriptRunner, python: Probed): Promise<Ran> {
  return inFolder(async (folder) => runText(runner, text, { python, stacks, input: join(folder, 'told') }, async ({ events }) => {
    await expect.poll(() => events.some(({ type }) => type === 'stacks_off')).toBe(true)
    await writeFile(join(folder, 'told'), '')
  }))
}

function expectThreadSamples(ran: Ran): void {
  expect(ran.result()).toBe(1)
  const timeline = timelineOf(ran.events)
  expect(timeline.method).toBe('thread')
  expect(new Set(ran.all('stack_samples').map(({ method }) => method))).toEqual(new Set(['thread']))
  const lines = lineTimesOf(timeline.stretches, (file) => file.endsWith('script.py'))
  const [busy, asleep] = [4, 5].map((number) => lines.find(({ line }) => line === number))
  expect([busy?.function, asleep?.function]).toEqual(['transform', 'transform'])
  expect(asleep?.waitingMs).toBeGreaterThan(asleep?.computingMs ?? Infinity)
}

const oldestAndNewest = pythons.toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true })).filter((_, index, all) => index === 0 || index === all.length - 1)

describe.each(oldestAndNewest)('Python %s, if it were not laid out as is known', (_, python) => {
  test('is found out by the self-test of a spare; a thread of the script samples instead, and is marked so', async () => {
    await withWrongLayout(async (folders) => {
      const runner = createScriptRunner(folders)
      await runner.warm(python)
      const ran = await runUntilTold(runner, python)
      expect(ran.event('stacks_off')?.reason).toMatch(/was read wrongly|is not|could not be read/)
      expectThreadSamples(ran)
      await runner.close()
    })
  })

  test('is found out by a cold run, which says why there are no stacks; the next one samples by a thread', async () => {
    await withWrongLayout(async (folders) => {
      for (const first of [true, false]) {
        const runner = createScriptRunner(folders)
        const ran = await runUntilTold(runner, python)
        await runner.close()
        expect(ran.event('stacks_off')?.reason).toMatch(/was read wrongly|is not|could not be read/)
        if (first) expect([ran.result(), ran.all('stack_samples')]).toEqual([1, []])
        else expectThreadSamples(ran)
      }
    })
  })
})

describe('a cold run on a machine that has no processor for the self-test', () => {
  const python = oldestAndNewest.at(-1)?.[1]

  test('makes it later, and holds nothing against the interpreter', async () => {
    await withChanged('self_test.py', noProcessor(2), async (folders) => {
      const runner = createScriptRunner(folders)
      const ran = await runText(runner, 'import time\ndef transform(data):\n    time.sleep(1)\n    return 1\n', { python, stacks })
      await runner.close()
      expect(ran.event('stacks_off')).toBeUndefined()
      expect(timelineOf(ran.events).method).toBe('external')
    })
  })

  test('says so where the script has ended before it could be made', async () => {
    await withChanged('self_test.py', noProcessor(1000), async (folders) => {
      const runner = createScriptRunner(folders)
      const ran = await runText(runner, 'import time\ndef transform(data):\n    time.sleep(1)\n    return 1\n', { python, stacks })
      await runner.close()
      expect([ran.result(), ran.all('stack_samples'), ran.event('stacks_off')?.reason]).toEqual([1, [], 'the script had ended before the machine let the sampler be tested'])
    })
  })
})
