import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { goToCut, selectTime } from '../../state/actions.ts'
import { hoverAt, usePointer } from '../../state/pointer.ts'
import { type Axis, msOf, type View } from '../../ui/time-axis/axis.ts'
import { stepEvent } from '../../state/step-event.ts'
import type { ChartRequest } from './timing.tsx'
import { panBy, revealIn, viewOfDrag, zoomAt } from './zoom.ts'

interface ChartInput { axis: Axis; frame: RefObject<HTMLDivElement | null>; zoom: View | null; onZoom: (zoom: View | null) => void; request: ChartRequest | null }

/** Pointer, wheel and keys of the chart. Hover never scrolls anything; a click selects; a drag zooms in. */
export function useChartInput({ axis, frame, zoom, onZoom, request }: ChartInput) {
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

  const xAt = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left
  function keys(event: KeyboardEvent) {
    const { axis: current } = now.current
    const middle = current.headWidth / 2
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowLeft') onZoom(panBy(current.view, -0.1))
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
        const x = xAt(event)
        setDrag({ fromX: x, toX: x })
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event: PointerEvent) {
        const x = xAt(event)
        if (drag) setDrag({ ...drag, toX: x })
        hoverAt(Math.max(0, msOf(axis, x)), 'chart')
      },
      onPointerUp(event: PointerEvent) {
        if (!drag) return
        const x = xAt(event)
        setDrag(null)
        const view = viewOfDrag(axis, drag.fromX, x)
        if (view) { onZoom(view); return }
        selectTime(Math.max(0, msOf(axis, x)))
      },
      onPointerLeave() { if (!drag) hoverAt(null, null) },
      onDoubleClick() { onZoom(null) },
    },
  }
}
