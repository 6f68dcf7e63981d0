import { Popover } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../../shared/limits/units.ts'
import { setRetention, useHistory } from '../../state/history.ts'
import { Icon } from '../../ui/icon.tsx'
import { groupedOf } from '../../ui/numbers.ts'

const runChoices = [50, 200, 500, 2000, 10_000, 50_000, 100_000]
const byteChoices = [64 * 1024 ** 2, 256 * 1024 ** 2, 1024 ** 3, 4 * 1024 ** 3, 16 * 1024 ** 3]

/** What the history keeps: so many runs, so much disk. Pinned runs stay whatever is chosen. */
export function RetentionForm() {
  const retention = useHistory((state) => state.retention)
  const [open, setOpen] = useState(false)
  if (!retention) return null
  const runs = [...new Set([...runChoices, retention.runs])].toSorted((a, b) => a - b)
  const bytes = [...new Set([...byteChoices, retention.bytes])].toSorted((a, b) => a - b)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" offset={4} trapFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }}>
      <Popover.Target><button type="button" className="btn btn-sm btn-ghost" aria-label="What is kept" title="What is kept" onClick={() => setOpen(!open)}><Icon name="limits" small /></button></Popover.Target>
      <Popover.Dropdown aria-label="What is kept">
        <div className="retention">
          <label>Keep at most <select value={retention.runs} onChange={(event) => void setRetention({ ...retention, runs: Number(event.currentTarget.value) })}>{runs.map((count) => <option key={count} value={count}>{groupedOf(count)} runs</option>)}</select></label>
          <label>and at most <select value={retention.bytes} onChange={(event) => void setRetention({ ...retention, bytes: Number(event.currentTarget.value) })}>{bytes.map((size) => <option key={size} value={size}>{formatBytes(size)}</option>)}</select></label>
          <p className="dim">The oldest go first. Pinned runs stay and do not count.</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}
