import { expect, test } from 'vitest'
import { rectPath } from '../../../renderer/features/timing/rect-path.ts'

test('rectangles become one closed path, each with its own place and size', () => {
  expect(rectPath([])).toBe('')
  expect(rectPath([{ x: 1, y: 2, width: 30, height: 4 }, { x: 40.126, y: 2, width: 0.5, height: 4 }])).toBe('M1 2h30v4h-30zM40.13 2h0.5v4h-0.5z')
})
