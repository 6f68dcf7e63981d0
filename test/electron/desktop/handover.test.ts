import { expect, test } from 'vitest'
import { createHandover } from '../../../electron/desktop/handover.ts'

const file = (path: string) => ({ command: 'script.open' as const, path })

test('files wait for the page, in their order, and then go through at once', () => {
  const taken: string[] = []
  const handover = createHandover(({ path }) => { taken.push(path) })
  handover.give(file('a.py'))
  handover.give(file('b.py'))
  expect(taken).toEqual([])
  handover.pageCame()
  handover.give(file('c.py'))
  expect(taken).toEqual(['a.py', 'b.py', 'c.py'])
})
test('files that come while the page loads again wait for the new one', () => {
  const taken: string[] = []
  const handover = createHandover(({ path }) => { taken.push(path) })
  handover.pageCame()
  handover.pageWent()
  handover.give(file('a.py'))
  expect(taken).toEqual([])
  handover.pageCame()
  expect(taken).toEqual(['a.py'])
  handover.pageCame()
  expect(taken).toEqual(['a.py'])
})
