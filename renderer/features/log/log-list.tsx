import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { isFiltered, needRows, rowAt, setFollow, useLog } from '../../state/log.ts'
import { isAfterEnd, nearestLogLine } from '../../state/places.ts'
import { hoverAt, select, usePointer } from '../../state/pointer.ts'
import { isLive, useRun } from '../../state/run.ts'
import { cutMsOf, useVerdict } from '../../state/verdict.ts'
import { useView } from '../../state/view.ts'
import { cx } from '../../ui/cx.ts'
import { useSize } from '../../ui/use-size.ts'
import { LogRow } from './log-row.tsx'
import { markPattern } from './marks.ts'
import { contentHeight, isTrueToScale, lastTop, scrollTopOf, topRowBefore, topRowFor, topRowOf, type ScrollSpace } from './scroll.ts'
import { logTimeOf } from './time-column.ts'

const rowHeight = 20
/** Rows asked for beyond the window on either side. */
const overscan = 60
/** A scroll this soon after a wheel, press or key is the user's (ms); one that goes on keeps itself so. */
const touchMs = 1000
/** A scroll this soon after the pane got another height, and untouched, is the browser's (ms). */
const resizeMs = 500
/** A log that opens at its cut shows this much of what followed, and as much as there is room for of what came before. */
const linesAfterCut = 2
/** How often the scroll bar follows a log that grows (ms). */
const barMs = 500

/** A window over the log: only the rows in it exist on the page, however long the log is. */
export function LogList() {
  const box = useRef<HTMLDivElement>(null)
  const { height: viewport } = useSize(box)
  const rows = useLog((log) => log.total)
  const version = useLog((log) => log.version)
  const follow = useLog((log) => log.follow)
  const filtered = useLog(isFiltered)
  const pattern = useLog((log) => log.filterText)
  const live = useRun(isLive)
  const startedAt = useRun((state) => state.run.startedAt)
  const wrap = useView((view) => view.logWrap)
  const time = useView((view) => view.logTime)
  const marks = useMemo(() => markPattern(pattern), [pattern])
  const [topRow, setTopRow] = useState(0)
  const space: ScrollSpace = { rows, rowHeight, viewport, loose: wrap }
  const end = lastTop(space)
  const following = follow && live
  const top = following ? end : Math.min(topRow, end)
  // Following a busy log: the rows follow at once, the bar (whose move makes the browser lay the page out) twice a second. Who stops
  // following stays where the log was then.
  if (following && topRow !== end) setTopRow(end)
  const cut = useCutLine()
  const failed = useVerdict()?.outcome === 'failed'
  const selected = usePointer((state) => state.selected)
  const pointed = usePointedLine()
  // A scroll that we made ourselves is no wish of the user.
  const own = useRef(-1)
  const touchedAt = useRef(-Infinity)
  const touch = () => { touchedAt.current = performance.now() }
  const resizedAt = useRef(-Infinity)

  function goTo(next: number) {
    const clamped = Math.min(Math.max(0, next), lastTop(space))
    setTopRow(clamped)
    moveBar(scrollTopOf(space, clamped))
  }
  // With the next frame, which lays the page out anyway: the browser does so at once to move a bar.
  const wanted = useRef({ place: 0, frame: 0 })
  function moveBar(px: number) {
    wanted.current.place = Math.round(px)
    wanted.current.frame ||= requestAnimationFrame(() => {
      const { place } = wanted.current
      wanted.current.frame = 0
      if (place === own.current || !box.current) return
      own.current = place
      box.current.scrollTop = place
    })
  }
  function leaveBar() {
    cancelAnimationFrame(wanted.current.frame)
    wanted.current.frame = 0
  }
  useEffect(() => leaveBar, [])

  // A pane of another height has its bar elsewhere; the rows stay.
  useLayoutEffect(() => {
    resizedAt.current = performance.now()
    own.current = -1
    moveBar(scrollTopOf(space, top))
  }, [viewport])

  const shownRows = Math.ceil(viewport / rowHeight) + 1
  // Wrapped lines are of any height: at the end of the log the window is filled from below.
  const fromBelow = wrap && follow && top >= end
  const first = fromBelow ? Math.max(0, rows - shownRows) : Math.floor(top)
  useEffect(() => needRows(Math.max(0, first - overscan), Math.min(rows, Math.ceil(top) + shownRows + overscan)), [first, top, rows, shownRows, version])
  // Its last lines are told after its end: who followed a run that nothing cut stands at its last line, however fast it was.
  const followed = follow && !live && cut === null && !filtered
  useEffect(() => { if (followed) goTo(end) }, [followed, end])
  const barAtEnd = useRef(() => {})
  barAtEnd.current = () => moveBar(scrollTopOf(space, end))
  useEffect(() => {
    if (!following) return undefined
    barAtEnd.current()
    const timer = setInterval(() => barAtEnd.current(), barMs)
    return () => clearInterval(timer)
  }, [following])
  // A run that is over opens at the cut, never at its end; until one touches it, also when its last lines or the window's height come later.
  const opened = useRef({ runId: null as string | null, at: 0, key: '' })
  const runId = useRun((state) => state.runId)
  useEffect(() => {
    const { current: before } = opened
    const key = `${rows} ${viewport}`
    if (live || filtered || cut === null || viewport === 0 || rows <= cut || (before.runId === runId && (before.key === key || touchedAt.current > before.at || selected !== null))) return
    opened.current = { runId, at: before.runId === runId ? before.at : performance.now(), key }
    goTo(topRowBefore(space, cut, linesAfterCut))
  })
  useEffect(() => {
    if (selected?.line != null && !filtered) { setFollow(false); goTo(topRowFor(space, top, selected.line)) }
    // Only a new selection scrolls, not every new row.
  }, [selected])
  useWheel(box, space, top, goTo)

  function onScroll() {
    const element = box.current
    if (!element) return
    if (Math.abs(element.scrollTop - own.current) <= 1) return
    own.current = -1
    // A window that grows or shrinks moves the bar as well: that is no wish to stop following.
    const now = performance.now()
    const untouched = now - touchedAt.current > touchMs
    if (following && untouched) { barAtEnd.current(); return }
    if (untouched && (element.clientHeight !== viewport || now - resizedAt.current < resizeMs)) { moveBar(scrollTopOf(space, top)); return }
    touchedAt.current = now
    leaveBar()
    const next = topRowOf(space, element.scrollTop)
    setTopRow(next)
    setFollow(next >= lastTop(space) - 1)
  }
  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, viewport / rowHeight - 1)
    touch()
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key]
    if (by !== undefined) { setFollow(false); goTo(top + by) }
    else if (event.key === 'Home') { setFollow(false); goTo(0) }
    else if (event.key === 'End') { setFollow(true); goTo(lastTop(space)) }
    else return
    event.preventDefault()
  }

  const last = Math.min(rows, first + shownRows)
  const nearest = pointed === null ? null : pointed.line ?? lineWrittenBy(first, last, rows, pointed.atMs)
  const lines = []
  for (let index = first; index < last; index++) {
    const row = rowAt(index)
    lines.push(row
      ? <LogRow key={index} row={row} time={logTimeOf(row.atMs, time, startedAt)} pattern={marks} isCut={cut === row.line} failed={failed} isSelected={selected?.line === row.line} isNearest={nearest === row.line} />
      : <div key={index} className="log-row log-row-waiting"><span className="log-time num dim">…</span></div>)
  }
  return (
    <div className={cx('log', wrap && 'log-wrap', time === 'absolute' && 'log-absolute')} ref={box} role="log" aria-label="Log" aria-live="off" tabIndex={0} onScroll={onScroll} onKeyDown={onKeyDown} onWheel={touch} onPointerDown={touch} onTouchMove={touch}
      onMouseMove={(event) => hoverRow(event.target)} onMouseLeave={() => hoverAt(null, null)}
      onClick={(event) => selectRow(event.target)}>
      <div className="log-space" style={{ height: contentHeight(space) }}>
        <div className={cx('log-window', fromBelow && 'log-window-end')} style={{ height: viewport }}><div style={{ transform: fromBelow ? undefined : `translateY(${-(top - first) * rowHeight}px)` }}>{lines}</div></div>
      </div>
      {cut !== null && !filtered && rows > viewport / rowHeight ? <i className="log-cut-mark" style={{ top: `${(cut / Math.max(1, rows)) * 100}%` }} aria-hidden="true" /> : null}
    </div>
  )
}

function lineOf(target: EventTarget): { line: number; atMs: number } | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null
  return row ? { line: Number(row.dataset['line']), atMs: Number(row.dataset['at']) } : null
}
function hoverRow(target: EventTarget) {
  const found = lineOf(target)
  if (found) hoverAt(found.atMs, 'log', { line: found.line })
}
function selectRow(target: EventTarget) {
  // Marking text with the mouse is not choosing a line.
  if (window.getSelection()?.toString()) return
  const found = lineOf(target)
  if (found) select(found)
}

/** The flow's own line at the cut. */
function useCutLine(): number | null {
  const judged = useVerdict()
  const run = useRun((state) => state.run)
  const cutMs = cutMsOf(judged)
  const failMs = judged?.outcome === 'failed' ? judged.verdict.atMs : null
  return useMemo(() => {
    if (cutMs !== null) return nearestLogLine(run, cutMs)
    // A script that failed is first spoken of where the flow reports it.
    return failMs === null ? null : (run.logs.find((log) => log.atMs >= failMs && log.level === 'error')?.line ?? nearestLogLine(run, failMs))
  }, [run, cutMs, failMs])
}

/** What the pointer is on elsewhere: a line of its own, or an instant of the run. Null beyond the run's end: nothing was written then. */
function usePointedLine(): { line: number | null; atMs: number } | null {
  const hoverMs = usePointer((state) => (state.hoverFrom === 'log' ? null : state.hoverMs))
  const { line, slackMs } = usePointer((state) => state.hoverAbout)
  const run = useRun((state) => state.run)
  return hoverMs === null || isAfterEnd(run, hoverMs - slackMs) ? null : { line, atMs: hoverMs + slackMs }
}

/** The line that had been written last by an instant, among rows `from..to` (exclusive) of `rows`; null when it is not one of them. */
function lineWrittenBy(from: number, to: number, rows: number, atMs: number): number | null {
  for (let index = to - 1; index >= from; index--) {
    const row = rowAt(index)
    if (!row || row.atMs > atMs) continue
    // Below the window there may be a later one.
    const next = rowAt(to)
    return index === to - 1 && to < rows && !(next && next.atMs > atMs) ? null : row.line
  }
  return null
}

/** Where a px of the bar is many rows, the wheel moves rows, not the bar. */
function useWheel(box: RefObject<HTMLDivElement | null>, space: ScrollSpace, top: number, goTo: (top: number) => void) {
  const now = useRef({ space, top, goTo })
  now.current = { space, top, goTo }
  useEffect(() => {
    const element = box.current
    if (!element) return undefined
    const onWheel = (event: WheelEvent) => {
      if (isTrueToScale(now.current.space) || event.ctrlKey) return
      event.preventDefault()
      if (event.deltaY < 0) setFollow(false)
      now.current.goTo(now.current.top + event.deltaY / rowHeight)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [box])
}
