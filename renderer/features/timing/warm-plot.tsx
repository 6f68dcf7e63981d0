import { startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { emptyRun } from '../../../shared/run/fold-run.ts'
import { axisOf } from '../../ui/time-axis/axis.ts'
import { lanesOf } from './lanes.ts'
import { Plot } from './plot.tsx'

/**
 * Draws an empty chart where nobody sees it and takes it away again. The library's first drawing takes several times as long as
 * the ones after it; this way the first run of a user does not have to wait for it.
 */
export function warmPlot(): void {
  const run = emptyRun()
  const lanes = lanesOf({ run, nowMs: 1, laneHeight: 25, tight: false, hasStacks: false })
  const deadlines = [{ limitId: 'client.total', tone: 'client', laneId: 'client', state: 'pending', atMs: 1, name: 'total', value: '1 ms', note: '' }] as const
  const axis = axisOf({ mode: 'break', width: 300, zoom: null, endMs: 1, deadlinesMs: [1] })
  const root = createRoot(document.createElement('div'))
  startTransition(() => root.render(<Plot axis={axis} lanes={lanes} height={200} deadlines={deadlines} resources={[]} run={run} version={0} segments={[]} filled />))
  setTimeout(() => root.unmount(), 1000)
}
