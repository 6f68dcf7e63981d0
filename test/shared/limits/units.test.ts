import { describe, expect, test } from 'vitest'
import { formatBytes, formatMs, parseValue, type UnitKind } from '../../../shared/limits/units.ts'

describe('a value with its unit', () => {
  test.each<[string, UnitKind, number]>([
    ['500ms', 'time', 500], ['2s', 'time', 2000], ['1m', 'time', 60_000], ['1h', 'time', 3_600_000], ['0.5s', 'time', 500], ['250us', 'time', 0.25],
    ['512MB', 'bytes', 536_870_912], ['1GB', 'bytes', 1_073_741_824], ['64KB', 'bytes', 65_536], ['100B', 'bytes', 100], ['128Mi', 'bytes', 134_217_728],
    ['500m', 'cpu', 500], ['2cores', 'cpu', 2000], ['64', 'count', 64], ['64n', 'count', 64],
  ])('%s as %s is %d', (text, kind, value) => {
    expect(parseValue(text, kind)).toEqual({ ok: true, value })
  })

  test('a bare number is refused with what it could mean', () => {
    const parsed = parseValue('500', 'time')
    expect(parsed).toMatchObject({ ok: false, problem: '"500" has no unit' })
    expect(parsed).toHaveProperty('hint', expect.stringContaining('500ms or 500s'))
    expect(parseValue('1.5', 'cpu')).toHaveProperty('hint', expect.stringContaining('1500m (1.5 cores)'))
    expect(parseValue('500', 'cpu')).toHaveProperty('hint', expect.stringContaining('did you mean 500m?'))
    expect(parseValue('0', 'time')).toHaveProperty('hint', expect.not.stringContaining('did you mean'))
  })

  test.each([['-5ms', 'negative'], ['0ms', 'zero'], ['0.0001us', 'shorter'], ['5 parsecs', 'not a unit'], ['', 'not a value'], ['ms', 'not a value'], ['1e99s', 'larger'], ['NaNms', 'not a value'], ['30d', 'not a unit']])('%s is refused: %s', (text, reason) => {
    expect(parseValue(text, 'time')).toHaveProperty('problem', expect.stringContaining(reason))
  })

  test('a part of a byte is refused', () => {
    expect(parseValue('0.3B', 'bytes')).toHaveProperty('problem', expect.stringContaining('whole number'))
    expect(parseValue('1.6MB', 'bytes')).toEqual({ ok: true, value: 1_677_722 })
  })
})

test.each([[0.25, '0.25 ms'], [500.34, '500.3 ms'], [2070, '2.07 s'], [30_000, '30 s'], [65_000, '65 s'], [60_000, '60 s'], [900_000, '15 min'], [7_200_000, '2 h']])('%d ms reads %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})

test.each([[512 * 1024 ** 2, '512 MB'], [1536, '1.5 KB'], [100, '100 B']])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
