import { useMemo, useState } from 'react'
import type { FlameNode } from '../../../shared/stacks/flame.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { goToLine } from '../../state/actions.ts'
import { useRun } from '../../state/run.ts'
import { flameOfRun, isOwnFile } from '../../state/stacks.ts'
import { cx } from '../../ui/cx.ts'
import { percentOf } from '../../ui/numbers.ts'
import { flameLayout } from './flame-layout.ts'

const rowHeight = 24

/** Where the script's time went, by function: callers above, what they called below; wider is longer. */
export function FlameView() {
  const run = useRun((state) => state.run)
  const ended = useRun((state) => state.run.ended)
  const [chosen, setChosen] = useState<FlameNode | null>(null)
  const whole = useMemo(() => (ended ? flameOfRun(run) : null), [run, ended])
  const root = chosen ?? whole
  const boxes = useMemo(() => (root ? flameLayout(root) : []), [root])
  if (!ended) return <p className="result dim">The flame graph is drawn when the run is over.</p>
  if (!whole || whole.totalMs === 0) return <p className="result dim">{run.stacksOff ? `No stacks were taken: ${run.stacksOff.reason}` : 'The script was not seen running: it was over before the first sample, or samples were off.'}</p>
  const rows = boxes.reduce((most, box) => Math.max(most, box.depth), 0) + 1
  return (
    <div className="flame">
      <div className="flame-head row"><span className="dim">{formatMs(Math.round(whole.totalMs))} seen, {percentOf(whole.totalMs > 0 ? whole.computingMs / whole.totalMs : 0)} of it computing. Press a frame to enlarge it.</span>{chosen ? <button type="button" className="link" onClick={() => setChosen(null)}>Show all</button> : null}</div>
      <div className="flame-body" style={{ height: rows * rowHeight }}>
        {boxes.map(({ node, depth, from, width }) => {
          const { frame } = node
          const own = frame !== null && isOwnFile(run, frame.file)
          const name = frame ? frame.function : 'all'
          const share = whole.totalMs > 0 ? node.totalMs / whole.totalMs : 0
          return (
            <button key={`${depth}/${from}/${name}`} type="button" className={cx('flame-frame', own && 'flame-own', node.computingMs > node.totalMs / 2 && 'flame-busy')} style={{ left: `${from * 100}%`, width: `${width * 100}%`, top: depth * rowHeight }}
              title={`${name}${frame ? `, ${frame.file}:${frame.line}` : ''}: ${formatMs(Math.round(node.totalMs))}, ${percentOf(share)}; by itself ${formatMs(Math.round(node.selfMs))}`}
              onClick={() => setChosen(frame === null ? null : node)} onDoubleClick={() => { if (own) goToLine(frame.line) }}>
              {name}<span className="dim"> {percentOf(share)}</span>
            </button>
          )
        })}
      </div>
    </div>
  )
}
