import { expect, test } from 'vitest'
import { timeAxisOf } from '../../../shared/export/html/time-axis.ts'

test('what stands behind the tear is called by the limit, not by the few milliseconds its clock began later', () => {
  const { tail } = timeAxisOf(0, 1000, 2735, [30_003, 30_053.7, 60_053.7, 65_003, 12_500])
  expect(tail.map(({ label }) => label)).toEqual(['12.5 s', '30 s', '60 s', '65 s'])
})
