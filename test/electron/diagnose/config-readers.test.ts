import { describe, expect, test } from 'vitest'
import { configReaders } from '../../../shared/diagnose/configs/index.ts'
import { readConfigs, recogniseConfig } from '../../../shared/diagnose/configs/read-config.ts'
import { configSamples } from './config-samples.ts'

describe('configurations', () => {
  test.each(Object.entries(configSamples))('%s: is recognised, and its limits have value, place and force', (id, sample) => {
    expect(recogniseConfig(sample)?.reader.id).toBe(id)
    const { limits } = readConfigs([sample])
    const found = limits.map((limit) => `${limit.directive} ${limit.valueMs} :${limit.line}`)
    for (const [directive, valueMs, line, more] of sample.limits) {
      const limit = limits.find((candidate) => candidate.directive === directive && candidate.line === line && (valueMs === null || Math.abs((candidate.valueMs ?? -1) - valueMs) < 1e-6))
      expect(limit, `${directive} ${valueMs} ms, line ${line}; found ${found.join(', ')}`).toBeDefined()
      expect(limit).toMatchObject({ file: sample.file, ...more })
    }
  })
  test('every reader has its sample', () => {
    expect(Object.keys(configSamples).toSorted()).toEqual(configReaders.map((reader) => reader.id).toSorted())
  })
})
