import { beforeAll, describe, expect, test } from 'vitest'
import { screen } from '../../build/parts/index.ts'
import { killRounds } from '../../build/test-tools/kill/rounds.ts'
import { requireBuilt } from '../helpers/built.ts'

beforeAll(() => requireBuilt([screen]))

// What is left of a process is read from /proc. `node build/test-tools/kill-rounds.ts 50` does the same for longer.
describe.runIf(process.platform === 'linux')('an engine that is killed while people type, save, run and prune', () => {
  test('loses nothing it acknowledged, leaves no process, and starts clean', async () => {
    const lines: string[] = []
    const report = await killRounds({ rounds: 8, seed: 3, say: (line) => { lines.push(line) } })
    expect(report.problems, lines.join('\n')).toEqual([])
    expect(report.acknowledged.drafts).toBeGreaterThan(10)
    expect(report.acknowledged.saves).toBeGreaterThan(10)
    expect(report.acknowledged.runs).toBeGreaterThan(0)
  }, 90_000)
})
