import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { announce } from '../../state/announcer.ts'
import { goToCut, selectLimit, selectTime } from '../../state/actions.ts'
import { nearestLogLine } from '../../state/places.ts'
import { hoverAt, usePointer } from '../../state/pointer.ts'
import { useRun } from '../../state/run.ts'
import { type Axis, msOf, type View, xOf } from '../../ui/time-axis/axis.ts'
import { stepEvent } from '../../state/step-event.ts'
import { deadlineAt, type DeadlineMark } from './deadlines.ts'
import type { Lane } from './lanes.ts'
import type { ChartRequest } from './timing.tsx'
import { panBy, revealIn, viewOfDrag, zoomAt } from './zoom.ts'

interface ChartInput {
  axis: Axis
  lanes: readonly Lane[]
  deadlines: readonly DeadlineMark[]
  frame: RefObject<HTMLDivElement | null>
  zoom: View | null
  onZoom: (zoom: View | null) => void
  request: ChartRequest | null
  /** What was known at an instant, in words. */
  tell: (atMs: number) => string
}

/** px that a key moves the pointer of the chart. */
const cursorPx = 8
/** px on either side that count as under the pointer. */
const slackPx = 3

/** Pointer, wheel and keys of the chart. Hover never scrolls anything; a click selects; a drag zooms in. */
export function useChartInput({ axis, lanes, deadlines, frame, zoom, onZoom, request, tell }: ChartInput) {
  const now = useRef({ axis, zoom })
  now.current = { axis, zoom }
  const [drag, setDrag] = useState<{ fromX: number; toX: number } | null>(null)

  // React listens passively to the wheel; a zoom has to keep the page from zooming.
  useEffect(() => {
    const element = frame.current
    if (!element) return undefined
    const onWheel = (event: WheelEvent) => {
      const { axis: current } = now.current
      const left = element.querySelector('.plot')?.getBoundingClientRect().left ?? 0
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        onZoom(zoomAt(current, event.clientX - left, Math.exp(-event.deltaY * 0.004)))
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        event.preventDefault()
        onZoom(panBy(current.view, ((event.deltaX || event.deltaY) / current.headWidth) * 1))
      }
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [frame, onZoom])

  useEffect(() => {
    if (!request) return
    const { axis: current } = now.current
    if (request.kind === 'fit') onZoom(null)
    else onZoom(zoomAt(current, current.headWidth / 2, request.kind === 'in' ? 2 : 0.5))
  }, [request, onZoom])

  // What is selected elsewhere comes into view.
  const selected = usePointer((state) => state.selected)
  useEffect(() => {
    const { axis: current, zoom: zoomed } = now.current
    if (selected?.atMs != null && zoomed && current.tail.every((post) => post.ms !== selected.atMs)) {
      const view = revealIn(zoomed, selected.atMs)
      if (view !== zoomed) onZoom(view)
    }
  }, [selected, onZoom])

  const placeAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const msAt = (x: number) => Math.max(0, msOf(axis, x))
  const slackAt = (x: number) => msOf(axis, x + slackPx) - msOf(axis, x)
  function point(x: number, y: number | null) {
    const mark = deadlineAt(axis, lanes, deadlines, x, y)
    hoverAt(msAt(x), 'chart', { slackMs: slackAt(x), limitId: mark?.limitId ?? null, line: mark?.state === 'fired' ? nearestLogLine(useRun.getState().run, mark.atMs) : null })
  }
  function choose(x: number, y: number | null) {
    const mark = deadlineAt(axis, lanes, deadlines, x, y)
    if (mark) selectLimit(mark.limitId)
    else selectTime(msAt(x), 'before', slackAt(x))
  }
  function moveCursor(px: number) {
    const { hoverMs, hoverFrom, selected: chosen } = usePointer.getState()
    const from = hoverFrom === 'chart' ? hoverMs : chosen?.atMs
    const x = Math.min(Math.max(0, (from == null ? 0 : xOf(axis, from)) + px), axis.width)
    point(x, null)
    announce(tell(msAt(x)))
  }
  function keys(event: KeyboardEvent) {
    const { axis: current } = now.current
    const middle = current.headWidth / 2
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) moveCursor(event.key === 'ArrowLeft' ? -cursorPx : cursorPx)
    else if (event.key === 'Enter') {
      const { hoverMs, hoverFrom } = usePointer.getState()
      if (hoverFrom !== 'chart' || hoverMs === null) return
      choose(xOf(axis, hoverMs), null)
    } else if (event.key === 'ArrowLeft') onZoom(panBy(current.view, -0.1))
    else if (event.key === 'ArrowRight') onZoom(panBy(current.view, 0.1))
    else if (event.key === '+' || event.key === '=') onZoom(zoomAt(current, middle, 1.5))
    else if (event.key === '-') onZoom(zoomAt(current, middle, 1 / 1.5))
    else if (event.key === 'Home' || event.key === 'f' || event.key === 'F') onZoom(null)
    else if (event.key === 'c' || event.key === 'C') goToCut()
    else if (event.key === 'j' || event.key === 'J') stepEvent(1)
    else if (event.key === 'k' || event.key === 'K') stepEvent(-1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return {
    drag,
    handlers: {
      onKeyDown: keys,
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0) return
        const { x } = placeAt(event)
        setDrag({ fromX: x, toX: x })
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event: PointerEvent) {
        const { x, y } = placeAt(event)
        if (drag) setDrag({ ...drag, toX: x })
        point(x, y)
      },
      onPointerUp(event: PointerEvent) {
        if (!drag) return
        const { x, y } = placeAt(event)
        setDrag(null)
        const view = viewOfDrag(axis, drag.fromX, x)
        if (view) { onZoom(view); return }
        choose(x, y)
      },
      onBlur() { hoverAt(null, null) },
      onPointerLeave() { if (!drag) hoverAt(null, null) },
      onDoubleClick() { onZoom(null) },
    },
  }
}
