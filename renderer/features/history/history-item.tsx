import { memo } from 'react'
import type { HistoryRow } from '../../../shared/run/history.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { openKeptRun, pinRun, removeRuns, toggleCompare, useHistory } from '../../state/history.ts'
import { runTitleOf } from '../../state/run-title.ts'
import { useRun } from '../../state/run.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { whenOf } from '../../ui/when.ts'

const looks = { cut: { icon: 'scissors', tone: 'is-cut' }, failed: { icon: 'warning', tone: 'is-failed' }, completed: { icon: 'ok', tone: 'is-ok' } } as const

/** One kept run in the list. */
export const HistoryItem = memo(function HistoryItem({ row, today }: { row: HistoryRow; today: Date }) {
  const shown = useRun((state) => state.runId === row.id)
  const letter = useHistory((state) => (state.a === row.id ? 'A' : state.b === row.id ? 'B' : null))
  const { icon, tone } = looks[row.outcome]
  return (
    <div className={cx('history-item', shown && 'history-shown')}>
      <span className={tone}><Icon name={icon} /><span className="sr-only">{row.outcome}</span></span>
      <button type="button" className="history-open" title={row.headline} aria-current={shown ? 'true' : undefined} onClick={() => void openKeptRun(row.id)}>
        <span className="clip">{runTitleOf(row)}</span>
        <span className="history-meta clip num">run {row.number} · {whenOf(row.startedAt, today)} · {row.script}{row.caseName === null ? '' : `, ${row.caseName}`}</span>
      </button>
      {row.pinned ? <Icon name="pin" small className="history-pinned" /> : null}
      <span className="num history-time">{formatMs(row.elapsedMs >= 1000 ? Math.round(row.elapsedMs / 10) * 10 : Math.round(row.elapsedMs))}</span>
      <span className="history-acts">
        <button type="button" className="btn btn-ghost history-act" aria-label={row.pinned ? `Unpin run ${row.number}` : `Pin run ${row.number}`} aria-pressed={row.pinned} title={row.pinned ? 'Pinned: stays whatever the limits of the history say' : 'Pin'} onClick={() => void pinRun(row.id, !row.pinned)}><Icon name="pin" small /></button>
        <button type="button" className="btn btn-ghost history-act" aria-label={`Remove run ${row.number}`} title="Remove" onClick={(event) => void removeAndStay(event.currentTarget, row.id)}><Icon name="trash" small /></button>
      </span>
      <button type="button" className={cx('ab', 'ab-button', letter === 'B' && 'ab-b', letter === null && 'ab-none')} aria-pressed={letter !== null} aria-label={letter ? `Run ${row.number} is ${letter} of the comparison` : `Compare run ${row.number}`} title="Compare" onClick={() => toggleCompare(row.id)}>{letter ?? <Icon name="compare" small />}</button>
    </div>
  )
})

/** Removes a run; the focus goes to the one after it, not to the top of the page. */
async function removeAndStay(button: HTMLElement, id: string): Promise<void> {
  const item = button.closest('[role="listitem"]')
  const next = item?.nextElementSibling ?? item?.previousElementSibling
  await removeRuns([id])
  next?.querySelector<HTMLElement>('.history-open')?.focus()
}
