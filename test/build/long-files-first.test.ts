import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longFiles, longFirst } from '../../build/long-files-first.ts'

test('every file that is said to be long is there', () => {
  expect(longFiles.filter((name) => !existsSync(join(import.meta.dirname, '../..', name)))).toEqual([])
})

test('long files come first, the longest before all; the others keep their order', () => {
  const names = ['/here/test/z.test.ts', `/here/${longFiles[1]}`, '/here/test/a.test.ts', `/here/${longFiles[0]}`, 'C:\\here\\test\\e2e\\kill.spec.ts']
  expect(longFirst(names, (name) => name)).toEqual([names[3], names[1], names[4], names[0], names[2]])
})
