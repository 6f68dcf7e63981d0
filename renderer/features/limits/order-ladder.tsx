import { useMemo, useRef } from 'react'
import type { PlannedFlow } from '../../../shared/flow/plan-flow.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { select } from '../../state/pointer.ts'
import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { useSize } from '../../ui/use-size.ts'
import { ladderOf } from './ladder.ts'

/** A label needs about this much (px): mark, number and text at 11 px. */
const labelWidth = (text: string) => 34 + text.length * 6.1

/** From one row of flags to the next (px): the middles of two buttons are at least 24 apart (WCAG 2.5.8). */
const rowStep = 25

/** The order of firing on a log axis; the time the script really needs stands among the flags. */
export function OrderLadder({ flow, needMs }: { flow: PlannedFlow; needMs: { ms: number; words: string } | null }) {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const counting = flow.deadlines.filter((deadline) => deadline.effect !== 'no_effect')
  const ladder = useMemo(() => ladderOf([
    ...flow.deadlines.map((deadline) => ({ id: deadline.limitId, ms: deadline.atMs, quiet: deadline.effect === 'no_effect', labelWidth: labelWidth(`${deadline.limitId} ${deadline.effect === 'no_effect' ? 'no effect' : formatMs(deadline.atMs)}`) })),
    ...(needMs ? [{ id: 'need', ms: needMs.ms, labelWidth: labelWidth(needMs.words) }] : []),
  ], width), [flow, needMs, width])
  return (
    <div className="ladder" ref={box} style={{ height: 26 + Math.max(3, ladder.rows) * rowStep + 8 }} role="group" aria-label="Order of firing">
      {ladder.flags.map((flag) => {
        const height = 8 + (Math.max(3, ladder.rows) - flag.row) * rowStep
        if (flag.id === 'need') return <div key={flag.id} className={cx('flag flag-need', flag.left && 'flag-left')} style={{ left: flag.x, height }}><span><LayerMark tone="python" hollow />{needMs?.words}</span></div>
        const deadline = flow.deadlines.find((candidate) => candidate.limitId === flag.id)
        if (!deadline) return null
        const tone = toneOf(deadline.layer)
        const idle = deadline.effect === 'no_effect'
        const order = counting.indexOf(deadline) + 1
        return (
          <div key={flag.id} className={cx('flag', `tone-${tone}`, flag.left && 'flag-left', order === 1 && 'flag-first', idle && 'flag-none')} style={{ left: flag.x, height }}>
            <button type="button" onClick={() => select({ limitId: flag.id })}><LayerMark tone={tone} muted={idle} />{idle ? '' : `${order}  `}{flag.id}{idle ? ': no effect' : ` ${formatMs(deadline.atMs)}`}</button>
          </div>
        )
      })}
      <div className="ladder-axis" aria-hidden="true">{ladder.ticks.map((tick) => <span key={tick.label} style={{ left: tick.x }}>{tick.label}</span>)}</div>
    </div>
  )
}
