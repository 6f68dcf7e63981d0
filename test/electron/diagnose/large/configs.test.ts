import { describe, expect, test } from 'vitest'
import { configReaders } from '../../../../shared/diagnose/configs/index.ts'
import { configSamples } from '../config-samples.ts'
import { diagnoseLarge, patienceMs, largeShapes } from './large-file.ts'

/** Processor time of one file: ten times what the slowest takes on a machine with nothing else to do. */
const longestMs = 20_000
const mostBytes = 700 * 1024 ** 2

describe.each(Object.entries(largeShapes))('50 MB of a configuration: %s', (_shape, make) => {
  test.each(configReaders.map((reader) => reader.id))('%s: an answer, a note that says what was left, bounded time and memory', async (id) => {
    const sample = configSamples[id] ?? { file: id, text: '' }
    const { diagnosis, cpuMs, bytes } = await diagnoseLarge(sample.file, make(sample.text))
    expect(cpuMs).toBeLessThan(longestMs)
    expect(bytes).toBeLessThan(mostBytes)
    expect(diagnosis.sources).toHaveLength(1)
    expect(diagnosis.notes.filter((note) => note.file.endsWith(sample.file)).map((note) => note.text).join('\n')).toMatch(/only the first .* were read|neither a configuration nor a log/)
  }, patienceMs)
})
