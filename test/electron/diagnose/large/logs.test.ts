import { describe, expect, test } from 'vitest'
import { logReaders } from '../../../../shared/diagnose/logs/index.ts'
import { logSamples } from '../log-samples.ts'
import { diagnoseLarge, patienceMs, largeBytes, largeShapes } from './large-file.ts'

/** Processor time of one file; only a log of transactions that span lines comes near a tenth of it on a machine with nothing else to do. */
const longestMs = 60_000
const mostBytes = 400 * 1024 ** 2
const [repeated = '', ...others] = Object.keys(largeShapes)

test('every reader of logs has a sample, and takes lines of it', async () => {
  for (const { id } of logReaders) {
    const sample = logSamples[id]
    expect(sample, id).toBeDefined()
    if (sample) expect((await diagnoseLarge(sample.file, sample.text)).diagnosis.sources[0]?.facts, id).toBeGreaterThan(0)
  }
})

describe('50 MB of a log', () => {
  test.each(logReaders.map((reader) => reader.id))('%s: its own text again and again is read to its end and says what one entry says', async (id) => {
    const sample = logSamples[id] ?? { file: id, text: '\n' }
    const one = await diagnoseLarge(sample.file, sample.text)
    const text = largeShapes[repeated]?.(sample.text) ?? ''
    const { diagnosis, cpuMs, bytes } = await diagnoseLarge(sample.file, text)
    expect(cpuMs).toBeLessThan(longestMs)
    expect(bytes).toBeLessThan(mostBytes)
    expect(diagnosis.sources[0]?.lines).toBe(text.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1).length)
    expect(diagnosis.verdict.cause).toBe(one.diagnosis.verdict.cause)
  }, patienceMs)
  test.each(logReaders.flatMap((reader) => others.map((shape) => [reader.id, shape] as const)))('%s, then %s: read to its end, and what stands in front is known', async (id, shape) => {
    const sample = logSamples[id] ?? { file: id, text: '\n' }
    const one = await diagnoseLarge(sample.file, sample.text)
    const { diagnosis, cpuMs, bytes } = await diagnoseLarge(sample.file, largeShapes[shape]?.(sample.text) ?? '')
    expect(cpuMs).toBeLessThan(longestMs)
    expect(bytes).toBeLessThan(mostBytes)
    expect(diagnosis.sources[0]?.bytes).toBeGreaterThanOrEqual(largeBytes)
    expect(diagnosis.verdict.cause).toBe(one.diagnosis.verdict.cause)
  }, patienceMs)
})
