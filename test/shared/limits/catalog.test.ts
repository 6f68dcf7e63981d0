import { expect, test } from 'vitest'
import { explainLimit } from '../../../shared/limits/catalog.ts'

test('a limit is named with its value in its own unit, or alone where the value is not known', () => {
  expect(explainLimit('client.total', 500)).toBe('client.total 500 ms')
  expect(explainLimit('proxy2.read', 60_000)).toBe('proxy2.read 60 s')
  expect(explainLimit('os.address_space', 512 * 1024 ** 2)).toBe('os.address_space 512 MB')
  expect(explainLimit('os.open_files', 64)).toBe('os.open_files 64')
  expect(explainLimit('client.total', null)).toBe('client.total')
  expect(explainLimit('no.limit', 3)).toBe('no.limit')
})
