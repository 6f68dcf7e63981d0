import { expect, test } from 'vitest'
import { importsOf } from '../../../shared/stacks/imports.ts'
import { pausesOf } from '../../../shared/stacks/pauses.ts'
import { eventsOf, planWith } from '../../helpers/events.ts'

const imported = (module: string, startMs: number, selfMs: number, totalMs: number, depth: number) => ({ type: 'imported', module, startMs, selfMs, totalMs, depth }) as const

test('imports that end inside another one are its children, to any depth', () => {
  const events = eventsOf(planWith({}),
    [12, imported('re', 10, 2, 2, 2)], [15, imported('json', 9, 4, 6, 1)], [20, imported('http', 16, 4, 4, 1)], [30, imported('requests', 5, 15, 25, 0)],
    [40, imported('numpy', 31, 9, 9, 0)])
  expect(importsOf(events)).toEqual([
    {
      module: 'requests', startMs: 5, selfMs: 15, totalMs: 25, children: [
        { module: 'json', startMs: 9, selfMs: 4, totalMs: 6, children: [{ module: 're', startMs: 10, selfMs: 2, totalMs: 2, children: [] }] },
        { module: 'http', startMs: 16, selfMs: 4, totalMs: 4, children: [] },
      ],
    },
    { module: 'numpy', startMs: 31, selfMs: 9, totalMs: 9, children: [] },
  ])
})

test('what was imported inside a module that was cut off stays in sight', () => {
  expect(importsOf(eventsOf(planWith({}), [12, imported('inner', 10, 2, 2, 1)]))).toMatchObject([{ module: 'inner', children: [] }])
})

test('pauses of the garbage collector add up', () => {
  const events = eventsOf(planWith({}), [1, { type: 'garbage_collected', generation: 0, durationMs: 2 }], [2, { type: 'garbage_collected', generation: 2, durationMs: 30 }])
  expect(pausesOf(events)).toEqual({ count: 2, totalMs: 32, longestMs: 30 })
})
