import { useEffect, useState } from 'react'
import { formatBytes } from '../../../shared/limits/units.ts'
import { percentOf } from '../../ui/numbers.ts'

/** Shorter work needs no progress (ms). */
const patienceMs = 400

/** How far something has come, in bytes; shown only when it takes a while. */
export function ReadingBar({ words, done, total, onCancel }: { words: string; done: number; total: number; onCancel: () => void }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return null
  const share = total > 0 ? done / total : 0
  return (
    <div className="dg-busy">
      <span className="clip grow">{words}</span><span className="num dim">{formatBytes(done)} of {formatBytes(total)}</span>
      <button type="button" className="btn btn-sm" onClick={onCancel}>Cancel</button>
      <div className="dg-bar" role="progressbar" aria-label={words} aria-valuenow={Math.floor(share * 100)} aria-valuemin={0} aria-valuemax={100} aria-valuetext={percentOf(share)}><i style={{ width: `${share * 100}%` }} /></div>
    </div>
  )
}
