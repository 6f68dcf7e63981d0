import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { pythons } from './pythons.ts'

const harness = join(import.meta.dirname, '../../../../electron/python')
async function readIn(python: string, minor: number): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(python, ['-B', join(import.meta.dirname, 'scripts/published_layout.py'), harness, String(minor)], { timeout: 20_000 })
  return JSON.parse(stdout) as Record<string, unknown>
}

describe.each(pythons)('memory built by hand inside %s', (version, python) => {
  test.each([14, 15])('is read right as that of a Python 3.%i: tagged references, stand-ins, generators, numbers in slots, freed code; and is refused where it is not what it says', async (minor) => {
    const told = await readIn(python.path, minor)
    expect(told['refused']).toEqual([null, expect.stringMatching(/does not publish/), expect.stringMatching(/does not publish/), expect.stringMatching(/free-threaded/)])
    // Line tables are this Python's own, and later ones have those of 3.11.
    if (Number(version.split('.')[1]) < 11) return
    const [[, inner], [, outer]] = told['expected'] as [[string, number], [string, number]]
    expect(told['first']).toEqual(told['expected'])
    expect(told['second']).toEqual([['another', inner], ['outer', outer], ['outer', outer]])
    expect(told['awaits']).toEqual([['outer', outer], ['another', inner]])
    expect(told).toMatchObject({ threads: [true, true], root: true, locals: { number: '42', text: "'hello'" } })
  })
})
