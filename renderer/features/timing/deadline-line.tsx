import { memo, useMemo } from 'react'
import { ReferenceLine } from 'recharts'
import type { DeadlineMark } from './deadlines.ts'

/** A deadline with its stretch of the height, px from the top. */
export interface LineOfDeadline { limitId: string; atMs: number; top: number; bottom: number; state: DeadlineMark['state'] }

/** One deadline: solid through all lanes when it fired, dashed in its lane while pending, dotted when it has no effect. */
export const DeadlineLine = memo(function DeadlineLine({ atMs, top, bottom, state }: LineOfDeadline) {
  // The chart keeps what it is given in a store: the same line has to be the same object.
  const segment = useMemo(() => [{ x: atMs, y: top }, { x: atMs, y: bottom }] as const, [atMs, top, bottom])
  return <ReferenceLine segment={segment} className={`deadline deadline-${state}`} ifOverflow="visible" />
})
