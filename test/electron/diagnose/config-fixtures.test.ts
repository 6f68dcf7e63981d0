import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configFolder, configGroups, expectationOf } from '../../../build/test-tools/config-expectations.ts'

const expected = new Map(readFileSync(join(configFolder, 'expected.txt'), 'utf8').replaceAll('\r\n', '\n').trim().split('\n\n').map((paragraph) => {
  const [head = '', ...lines] = paragraph.split('\n')
  return [head.replace(/^== /, ''), lines] as const
}))

describe('configurations as people write them', () => {
  test.each([...configGroups()])('%s: every limit has its value, unit, place, force and cause', (name, files) => {
    expect(expectationOf(files)).toEqual(expected.get(name))
  })
  test('nothing is expected of files that are not there', () => {
    expect([...expected.keys()].toSorted()).toEqual([...configGroups().keys()].toSorted())
  })
})
