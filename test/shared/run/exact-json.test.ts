import { describe, expect, test } from 'vitest'
import { exactInputOf, exactNumberOf, inputFieldsOf, inputJsonOf, isTextOf, outputFieldsOf, printedRecord } from '../../../shared/run/exact-json.ts'
import { parseExact } from '../../../shared/run/parse-exact.ts'
import { savedRun } from '../export/saved-runs.ts'

describe('a number is written as it was', () => {
  test.each(['12345678901234567890', '1.0', '1e400', '-0', '0.1000000000000000055', '1E5', '1180591620717411303425', '100000000000000000000.0'])('%s', (written) => {
    expect(JSON.stringify(parseExact(`{"a": [${written}, "${written}"]}`))).toBe(`{"a":[${written},"${written}"]}`)
  })
})

describe('an input', () => {
  test.each(['{"id": 12345678901234567890}', '[1.0]', '1e400', '{"b": 1, "a": 2, "b": 3}', ' {}\n', '{"2": 0, "1": 0}', '"\\u00e9"'])('%s is sent as it was written', (text) => {
    const fields = inputFieldsOf(text)
    expect(inputJsonOf(fields)).toBe(text)
    // What crosses to other processes is plain JSON that belongs to the text.
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields)
    expect(isTextOf(text, fields.input)).toBe(true)
  })
  test('its text is not carried where the value says all of it', () => {
    expect(inputFieldsOf('{"a":[1,"x"]}')).toEqual({ input: { a: [1, 'x'] } })
  })
  test('of an older run is what its value says', () => {
    expect(inputJsonOf({ input: { a: 1 } })).toBe('{"a":1}')
    expect(exactInputOf({ input: { a: 1 } })).toEqual({ a: 1 })
  })
  test('half of a pair of surrogates is escaped, a whole pair is not', () => {
    expect(inputJsonOf(inputFieldsOf('["\uD83D", "😀"]'))).toBe('["\\ud83d", "😀"]')
  })
  test('is refused as JSON.parse does', () => {
    expect(() => inputFieldsOf('{"a": 01}')).toThrow(SyntaxError)
  })
})

describe('an output', () => {
  test('is kept as text only where its value would be written with other numbers', () => {
    expect(outputFieldsOf('{"a": [1, 2.5, "\\u00e9"]}')).toEqual({ output: { a: [1, 2.5, 'é'] } })
    expect(outputFieldsOf('[1.0]')).toEqual({ output: [1], outputText: '[1.0]' })
  })
  test('too large for that tells whether whole numbers were rounded', () => {
    const filler = 'x'.repeat(9 * 1024 ** 2)
    expect(outputFieldsOf(`["${filler}", 9007199254740993]`).outputText).toBeNull()
    expect(outputFieldsOf(`["${filler}", 1.0]`)).not.toHaveProperty('outputText')
  })
  test('is printed with the script’s own numbers', () => {
    const { record } = savedRun('completed')
    expect(printedRecord({ ...record, ...outputFieldsOf('[12345678901234567890, 1.0]') })).toContain('"output":[12345678901234567890,1.0]')
  })
})

test.each([['1', '1.0'], ['-0', '0'], ['-0.0', '0'], ['1e2', '100'], ['0.1', '0.1000000000000000055'], ['1e400', '1e999'], ['9007199254740992', '9007199254740992.0']])('%s and %s are one number to Python', (a, b) => {
  expect(exactNumberOf(a)).toBe(exactNumberOf(b))
})
test.each([['12345678901234567890', '12345678901234567891'], ['9007199254740993', '9007199254740992.0'], ['1', '1.5'], ['1', '-1']])('%s and %s are two', (a, b) => {
  expect(exactNumberOf(a)).not.toBe(exactNumberOf(b))
})
