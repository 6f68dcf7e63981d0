import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { formatBytes } from '../../../shared/limits/units.ts'
import { clearCompared, importRunFiles, readHistory, readMoreHistory, setHistoryFilter, swapCompared, useHistory, type HistoryFilter } from '../../state/history.ts'
import { Icon } from '../../ui/icon.tsx'
import { groupedOf } from '../../ui/numbers.ts'
import { HistoryItem } from './history-item.tsx'
import { RetentionForm } from './retention-form.tsx'
import './history.css'

const filters: readonly { id: HistoryFilter; name: string }[] = [{ id: 'all', name: 'All' }, { id: 'cut', name: 'Cut' }, { id: 'failed', name: 'Failed' }, { id: 'completed', name: 'Completed' }, { id: 'pinned', name: 'Pinned' }]
const rowHeight = 45

/** Every kept run: found, reopened as it was, pinned, removed, compared. */
export function History() {
  const { rows, total, kept, filter, search, error, store, loading } = useHistory()
  const [today] = useState(() => new Date())
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => { void readHistory() }, [])
  // The warning is for the React compiler, which would cache what this hook returns; it is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const list = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 8, getItemKey: (index) => rows[index]?.id ?? index })
  const items = list.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => { if (rows.length > 0 && last >= rows.length - 20) void readMoreHistory() }, [last, rows.length])

  /** Arrow keys walk through the list. */
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const buttons = [...(box.current?.querySelectorAll<HTMLElement>('.history-open') ?? [])]
    const at = buttons.findIndex((button) => button === document.activeElement)
    const next = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)]
    if (next) { event.preventDefault(); next.focus() }
  }
  return (
    <section className="plan-pane" aria-label="History">
      <div className="head">
        <h2>History</h2><span className="dim num">{groupedOf(kept.runs)} {kept.runs === 1 ? 'run' : 'runs'}, {formatBytes(kept.bytes)}</span><span className="grow" />
        <RetentionForm />
        <button type="button" className="btn btn-sm btn-ghost" onClick={() => void importRunFiles()}><Icon name="upload" small />Import</button>
      </div>
      {store && !store.on ? <div className="notice"><Icon name="warning" /><p>Runs are not kept: {store.reason}</p></div> : null}
      {store?.on && store.notice ? <div className="notice"><Icon name="warning" /><p>{store.notice}</p></div> : null}
      {error ? <div className="notice notice-problem" role="alert"><Icon name="warning" /><p>{error}</p></div> : null}
      <div className="history-tools">
        <label className="find"><Icon name="search" /><input type="search" aria-label="Search the history" placeholder="Script, cause, limit, text in the log" value={search} onChange={(event) => setHistoryFilter({ search: event.currentTarget.value })} /></label>
        <fieldset className="seg" aria-label="Show">
          {filters.map(({ id, name }) => <button key={id} type="button" aria-pressed={filter === id} onClick={() => setHistoryFilter({ filter: id })}>{name}</button>)}
        </fieldset>
      </div>
      {rows.length === 0 && !loading ? <p className="history-none dim">{search || filter !== 'all' ? 'No kept run matches.' : 'No runs yet. Every run is kept here, with its events and its log.'}</p> : null}
      <div className="scroll-y" ref={box} role="list" aria-label="Runs" aria-busy={loading} onKeyDown={onKeyDown}>
        <div style={{ height: list.getTotalSize(), position: 'relative' }} role="presentation">
          {items.map((item) => {
            const row = rows[item.index]
            return row ? <div key={item.key} role="listitem" aria-setsize={total} aria-posinset={item.index + 1} style={{ position: 'absolute', insetInline: 0, top: item.start, height: item.size }}><HistoryItem row={row} today={today} /></div> : null
          })}
        </div>
      </div>
      <Compared />
    </section>
  )
}

/** The two runs to compare. */
function Compared() {
  const { a, b, rows } = useHistory()
  if (a === null) return null
  const nameOf = (id: string | null) => (id === null ? 'choose another' : String(rows.find((row) => row.id === id)?.number ?? id.slice(0, 8)))
  return (
    <div className="history-compared">
      <span className="ab">A</span><span className="num">{nameOf(a)}</span><span className="ab ab-b">B</span><span className="num">{nameOf(b)}</span><span className="grow" />
      {b === null ? null : <button type="button" className="btn btn-sm compare-open" onClick={() => useHistory.setState({ comparing: true })}>Compare</button>}
      {b === null ? null : <button type="button" className="btn btn-sm" title="Swap A and B (X)" onClick={swapCompared}>Swap</button>}
      <button type="button" className="btn btn-sm" onClick={clearCompared}>Clear</button>
    </div>
  )
}
