import { expect, test } from 'vitest'
import { differenceTexts } from '../../../shared/cases/difference-text.ts'

test('short values stand as they are, what is missing is nothing', () => {
  expect(differenceTexts({ expected: { a: [1, 'x'] }, actual: undefined }, 100)).toEqual({ expected: '{"a":[1,"x"]}', actual: 'nothing' })
})

test('of long values that begin alike the part is shown where they differ', () => {
  const same = 'order 1001 '.repeat(100)
  const { expected, actual } = differenceTexts({ expected: `${same}EUR and so on ${same}`, actual: `${same}USD` }, 100)
  expect(expected).toMatch(/^….*order 1001 EUR and so on .*…$/)
  expect(actual).toMatch(/^….*order 1001 USD"$/)
  expect(expected.length).toBe(100)
})

test('values that begin differently are shown from their beginning', () => {
  expect(differenceTexts({ expected: 'a'.repeat(300), actual: 'b' }, 20)).toEqual({ expected: `"${'a'.repeat(18)}…`, actual: '"b"' })
})

test('what cannot be seen, and the same letter written in two ways, is told apart', () => {
  expect(differenceTexts({ expected: 'EUR', actual: 'EUR\u200B' }, 100)).toEqual({ expected: '"EUR"', actual: String.raw`"EUR‹\u200b›"` })
  expect(differenceTexts({ expected: '\u00E9', actual: 'e\u0301' }, 100)).toEqual({ expected: String.raw`"\u00e9"`, actual: String.raw`"e\u0301"` })
})

test('no character is torn', () => {
  for (let most = 4; most < 40; most++) {
    const { expected, actual } = differenceTexts({ expected: `${'😀'.repeat(40)}a`, actual: `${'😀'.repeat(40)}b` }, most)
    expect([expected.isWellFormed(), actual.isWellFormed()], `${most}`).toEqual([true, true])
  }
})
