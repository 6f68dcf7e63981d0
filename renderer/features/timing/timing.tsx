import { useState } from 'react'
import { useMedia } from '../../ui/use-media.ts'
import { setView, useView } from '../../state/view.ts'
import { ariaKeys, Keys } from '../../ui/keys.tsx'
import { Icon } from '../../ui/icon.tsx'
import { lazyPart, type LazyPart } from '../../ui/lazy-part.tsx'
import type { ChartProps } from './chart.tsx'
import { useStages } from '../../ui/use-stages.ts'
import { StageStrip } from './stage-strip.tsx'
import type { AxisMode, View } from '../../ui/time-axis/axis.ts'
import './timing.css'

const chartWaits = <div className="chart-waiting" />
/** The chart, fetched before it is first shown: evaluating it must not hold up the first run. */
export const Chart: LazyPart<ChartProps> = lazyPart(() => import('./chart.tsx').then((module) => module.Chart), chartWaits)
const modes: readonly { id: AxisMode; name: string }[] = [{ id: 'break', name: 'Break' }, { id: 'log', name: 'Log' }, { id: 'linear', name: 'Linear' }]

/** What the buttons of the head ask the chart to do; the number makes the same request twice two requests. */
export interface ChartRequest { kind: 'fit' | 'in' | 'out'; turn: number }

/** Where did the time go: stages in numbers, then every layer, deadline, reading and log line on one axis. */
export function Timing({ height }: { height: number | null }) {
  const mode = useView((view) => view.axisMode)
  const [zoom, setZoom] = useState<View | null>(null)
  const [request, setRequest] = useState<ChartRequest | null>(null)
  const detailsOpen = useView((view) => view.detailsOpen)
  const low = useMedia('(max-height: 840px)') || detailsOpen
  // The numbers first: the chart is the most to draw.
  const stage = useStages(2)
  const ask = (kind: ChartRequest['kind']) => setRequest({ kind, turn: (request?.turn ?? 0) + 1 })
  return (
    <section className="timing" aria-label="Timing" style={height === null ? undefined : { height }}>
      <div className="head">
        <h2>Timing</h2><span className="dim">Where did the time go?</span><span className="grow" />
        <span className="legend wide-only roomy-only" aria-hidden="true"><span><i />fired</span><span className="legend-pending"><i />pending</span><span className="legend-idle"><i />no effect or off</span></span>
        <hr className="vr wide-only roomy-only" />
        <fieldset className="seg" aria-label="Axis">
          {modes.map(({ id, name }) => <button key={id} type="button" aria-pressed={mode === id} onClick={() => setView({ axisMode: id })}>{name}</button>)}
        </fieldset>
        <button type="button" className="btn btn-sm" aria-keyshortcuts={ariaKeys('F')} disabled={zoom === null} onClick={() => ask('fit')}><Icon name="fit" small />Fit <Keys keys="F" /></button>
        <button type="button" className="btn btn-sm" aria-label="Zoom out" onClick={() => ask('out')}><Icon name="minus" small /></button>
        <button type="button" className="btn btn-sm" aria-label="Zoom in" onClick={() => ask('in')}><Icon name="plus" small /></button>
      </div>
      <StageStrip />
      {stage > 1 ? <Chart mode={mode} zoom={zoom} onZoom={setZoom} request={request} tight={low} scroll={height !== null} /> : chartWaits}
    </section>
  )
}
