import { expect, test } from 'vitest'
import { inexactNumberIn } from '../../../shared/run/inexact-number.ts'

test.each([
  ['{"id": 12345678901234567890}', '12345678901234567890', '12345678901234567000'],
  ['[9007199254740993]', '9007199254740993', '9007199254740992'],
  ['-9007199254740993', '-9007199254740993', '-9007199254740992'],
  ['1180591620717411303424', '1180591620717411303424', '1.1805916207174113e+21'],
  ['{"a": 1, "b": [1e400]}', '1e400', 'null'],
])('%s does not survive being read', (json, written, becomes) => {
  expect(inexactNumberIn(json)).toEqual({ written, becomes })
})
test.each(['{"id": "12345678901234567890"}', '9007199254740992', '[0.1, 3.141592653589793238462643, 1e10, -0]', '"a \\" 12345678901234567890"', '{}', ''])('%s does', (json) => {
  expect(inexactNumberIn(json)).toBeNull()
})
