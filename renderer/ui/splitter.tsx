import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { cx } from './cx.ts'

interface SplitterProps {
  label: string
  /** `col`: a vertical line that changes a width; `row`: a horizontal one that changes a height. */
  kind: 'col' | 'row'
  /** Present size of the pane, px. */
  size: number
  min: number
  max: number
  /** The pane lies behind the line: dragging right or down makes it smaller. */
  behind?: boolean
  onSize: (size: number | null) => void
}

/** A line between two panes: dragged, moved with the arrow keys (Shift: far, Home/End: to the ends), double click resets. */
export function Splitter({ label, kind, size, min, max, behind = false, onSize }: SplitterProps) {
  const drag = useRef<{ from: number; size: number } | null>(null)
  const [dragging, setDragging] = useState(false)
  const at = (event: PointerEvent) => (kind === 'col' ? event.clientX : event.clientY)
  const direction = behind ? -1 : 1
  const clamp = (value: number) => Math.round(Math.min(Math.max(value, min), Math.max(min, max)))

  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? 64 : 16
    const more = kind === 'col' ? 'ArrowRight' : 'ArrowDown'
    const less = kind === 'col' ? 'ArrowLeft' : 'ArrowUp'
    if (event.key === more) onSize(clamp(size + step * direction))
    else if (event.key === less) onSize(clamp(size - step * direction))
    else if (event.key === 'Home') onSize(min)
    else if (event.key === 'End') onSize(clamp(max))
    else if (event.key === 'Enter') onSize(null)
    else return
    event.preventDefault()
  }

  return (
    // A focusable separator is a widget (WAI-ARIA 1.2): it moves, so it takes keys.
    <div
      className={cx('splitter', `splitter-${kind}`)}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={kind === 'col' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(size)}
      aria-valuemin={min}
      aria-valuemax={Math.max(min, Math.round(max))}
      data-dragging={dragging || undefined}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onSize(null)}
      onPointerDown={(event) => {
        drag.current = { from: at(event), size }
        setDragging(true)
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (drag.current) onSize(clamp(drag.current.size + (at(event) - drag.current.from) * direction))
      }}
      onPointerUp={() => { drag.current = null; setDragging(false) }}
      onPointerCancel={() => { drag.current = null; setDragging(false) }}
    />
  )
}
