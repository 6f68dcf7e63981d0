import { memo } from 'react'
import type { LogRow as Row } from '../../../shared/bridge/contract.ts'
import { cx } from '../../ui/cx.ts'
import { LayerMark } from '../../ui/layer-mark.tsx'
import { toneOf } from '../../ui/layers.ts'
import { ansiRuns } from '../../ui/ansi.ts'
import { Unseen, Visible } from '../../ui/visible.tsx'
import { markRuns, type MarkedRun } from './marks.ts'

interface LogRowProps { row: Row; time: string; pattern: RegExp | null; isCut: boolean; /** what the marked row tells of is a failure, not a cut */ failed: boolean; isSelected: boolean; isNearest: boolean }

/** One line of the log. Its text is data: it is never read as markup. */
export const LogRow = memo(function LogRow({ row, time, pattern, isCut, failed, isSelected, isNearest }: LogRowProps) {
  const tone = toneOf(row.source)
  const output = row.source === 'stdout' || row.source === 'stderr'
  return (
    <div className={cx('log-row', row.level && `log-${row.level}`, isCut && (failed ? 'log-failed' : 'log-cut'), isSelected && 'log-selected', isNearest && 'log-nearest')} data-line={row.line} data-at={row.atMs}>
      <span className="log-time num">{time}</span>
      <span className={`log-source tone-${tone}`}><LayerMark tone={tone} hollow={output} />{row.source}</span>
      <span className="log-level">{row.level ?? ''}</span>
      <span className="log-text">
        <span className="log-message">{markRuns(ansiRuns(row.text), pattern).map((run, index) => <Piece key={index} run={run} />)}</span>
        {row.cut ? <span className="dim"> … (more than 16 KiB; copy shows all)</span> : null}
        {row.fields ? <span className="log-fields">{'  '}<Visible text={fieldsText(row.fields)} /></span> : null}
      </span>
    </div>
  )
})

function Piece({ run: { text, shown, className, marked } }: { run: MarkedRun }) {
  const words = shown === undefined ? text : <Unseen text={text} shown={shown} />
  return marked ? <mark className={className}>{words}</mark> : className ? <span className={className}>{words}</span> : words
}

function fieldsText(fields: NonNullable<Row['fields']>): string {
  return Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value)}`).join(' ')
}
