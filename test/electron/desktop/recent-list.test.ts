import { expect, test } from 'vitest'
import { parseRecent, withRecent } from '../../../electron/desktop/recent-list.ts'

test('a file opened again moves to the front', () => {
  expect(withRecent(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c'])
})
test('ten are kept', () => {
  expect(withRecent(Array.from({ length: 10 }, (_, index) => String(index)), 'new')).toEqual(['new', '0', '1', '2', '3', '4', '5', '6', '7', '8'])
})
test.each([[''], ['{'], ['null'], ['{}'], ['7']])('a list that reads "%s" is empty', (text) => {
  expect(parseRecent(text)).toEqual([])
})
test('entries that are no paths are left out', () => {
  expect(parseRecent('["/a.py", 7, null, {}]')).toEqual(['/a.py'])
})
