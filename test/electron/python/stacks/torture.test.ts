import { describe, expect, test } from 'vitest'
import { torture, tortureKinds } from '../../../../build/test-tools/torture.ts'
import { pythons } from './pythons.ts'

/** Enough to notice what goes wrong often; `node build/test-tools/torture-stacks.ts` takes 100 000. */
const samples = 200

describe.each(pythons)('Python %s, while it makes and destroys what is read', (_, python) => {
  test.each(tortureKinds)('shows no wrong frame, and does not harm: %s', async (kinds) => {
    const told = await torture(python.path, kinds, samples)
    expect(told.wrong).toEqual([])
    expect(told).toMatchObject({ alive: true, torn: expect.any(Number) })
    expect(told.samples).toBeGreaterThanOrEqual(samples)
    expect(told.stacks).toBeGreaterThan(0)
    // What did not hold up was read again; giving up is the exception, but for threads that end under the reader's hands.
    if (!kinds.includes('threads')) expect(told.lost).toBeLessThan(samples / 20)
  })
})
