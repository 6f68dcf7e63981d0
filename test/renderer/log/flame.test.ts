import { expect, test } from 'vitest'
import type { FlameNode } from '../../../shared/stacks/flame.ts'
import { flameLayout, mostRows } from '../../../renderer/features/log/flame-layout.ts'
import { flameOfRun } from '../../../renderer/state/stacks.ts'
import { classicRun } from '../classic-run.ts'

test('callers stand above what they called, as wide as their time', () => {
  const root = flameOfRun(classicRun())
  const boxes = flameLayout(root)
  expect(boxes[0]).toMatchObject({ depth: 0, from: 0, width: 1 })
  const transform = boxes.find((box) => box.node.frame?.function === 'transform')
  const fetch = boxes.find((box) => box.node.frame?.function === 'fetch_rate')
  expect(fetch?.depth).toBe((transform?.depth ?? 0) + 1)
  expect(fetch?.width).toBeLessThan(transform?.width ?? 0)
  for (const box of boxes) expect(box.from + box.width).toBeLessThanOrEqual(1.0001)
})

test('a recursion of a hundred thousand frames is drawn as far as it can be seen', () => {
  let node: FlameNode = { frame: { file: 'x', function: 'leaf', line: 1 }, totalMs: 10, selfMs: 10, computingMs: 0, children: [] }
  for (let depth = 0; depth < 100_000; depth++) node = { frame: { file: 'x', function: `f${depth}`, line: 1 }, totalMs: 10, selfMs: 0, computingMs: 0, children: [node] }
  expect(flameLayout(node)).toHaveLength(mostRows + 1)
})

test('without time there is one empty frame', () => {
  expect(flameLayout({ frame: null, totalMs: 0, selfMs: 0, computingMs: 0, children: [] })).toHaveLength(1)
})
