import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { planOfArguments } from '../../electron/hosts/cli/plan-args.ts'
import { readSamples } from '../../electron/samples.ts'
import { samples } from '../../shared/samples/index.ts'

const folder = join(import.meta.dirname, '../../shared/samples')
let engine: Engine
beforeAll(async () => { engine = await createEngine({ history: 'off' }) })
afterAll(() => engine.close())

describe('every shipped sample shows what its tag says', () => {
  test.each(samples.map((sample) => [sample.file, sample] as const))('%s', async (_, sample) => {
    const plan = await planOfArguments(join(folder, sample.file), { input: JSON.stringify(sample.input), limit: Object.entries(sample.limits).map(([id, value]) => `${id}=${value}`) })
    const { record } = await (await engine.startRun(plan)).done
    expect(record.verdict.cause, record.verdict.headline).toBe(sample.tag)
    expect(record.verdict.confidence).toBeGreaterThanOrEqual(0.9)
  })
})

test('a sample’s text runs as a draft, and its traceback names the script as people know it', async () => {
  const sample = (await readSamples()).find((candidate) => candidate.id === 'raises-error')
  if (!sample) throw new Error('the sample that raises has gone')
  const plan = await planOfArguments(join(folder, sample.name), { input: JSON.stringify(sample.input) })
  const { record } = await (await engine.startRun({ ...plan, script: { path: null, name: sample.name, text: sample.text } })).done
  expect(record.verdict.cause).toBe('script.exception')
  expect(record.verdict.headline).toMatch(/on line \d+/)
})
