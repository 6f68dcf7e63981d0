import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { pythons } from './pythons.ts'

interface Told { outcomes: Record<string, number>; free: boolean; goesOn: boolean; states: string; gone: boolean; lostSignals: number }

const harness = join(import.meta.dirname, '../../../../electron/python')

async function hold(python: string, rounds: number, kind: string): Promise<Told> {
  const { stdout } = await promisify(execFile)(python, ['-B', join(import.meta.dirname, 'scripts/holding.py'), harness, String(rounds), kind], { timeout: 25_000 })
  return JSON.parse(stdout) as Told
}

describe.each(pythons)('Python %s, holding a thread still', (_, python) => {
  test.each(['main thread', 'second thread', 'short threads', 'signals'])('lets it go whenever it stops, and keeps no process from ending: %s', async (kind) => {
    const told = await hold(python.path, 2000, kind)
    expect(told).toMatchObject({ free: true, goesOn: true, gone: true, lostSignals: 0 })
    expect(told.states).not.toMatch(/[tT]/)
    expect(told.outcomes['busy']).toBeGreaterThan(0)
  })

  test('a thread that went on right behind a reading, and waits again, is read again', async () => {
    const { stdout } = await promisify(execFile)(python.path, ['-B', join(import.meta.dirname, 'scripts/waiting.py'), harness])
    expect(JSON.parse(stdout)).toEqual(['first', 'second'])
  })
})

test('a wait that was interrupted for a moment is still known for what it is', async () => {
  const { stdout } = await promisify(execFile)(pythons[0]?.[1].path ?? 'python3', ['-B', join(import.meta.dirname, 'scripts/restarted.py'), harness])
  // Only x86-64 gives such a call another number. A pipe leads to a child only where there is one.
  expect(JSON.parse(stdout)).toEqual(['sleep', 'lock', 'child', 'file'])
})

test('a sampler keeps away from the script for ten times as long as it was held, and comes at its rate while that is short', async () => {
  const waitsMs = async (heldNs: number): Promise<number> => {
    const { stdout } = await promisify(execFile)(pythons[0]?.[1].path ?? 'python3', ['-B', join(import.meta.dirname, 'scripts/rate.py'), harness, String(heldNs)])
    return Number(stdout)
  }
  expect(await waitsMs(5_000_000)).toBe(50)
  expect(await waitsMs(20_000)).toBe(1)
})
