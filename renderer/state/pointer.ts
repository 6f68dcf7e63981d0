import { create } from 'zustand'

/**
 * The one time under the pointer and the one that is selected, shared by chart, log, editor, stages, evidence and limits.
 * Hover never scrolls anything; a selection scrolls the others there and stays until Esc.
 */
interface PointerState {
  /** ms on the run's clock; null = nothing under the pointer. */
  hoverMs: number | null
  /** Where the hover comes from, so that its own part does not react to itself. */
  hoverFrom: 'chart' | 'log' | 'stages' | 'evidence' | 'limits' | 'editor' | null
  /** What it is about, where more than an instant is known. */
  hoverAbout: HoverAbout
  selected: Selection | null
}
export interface HoverAbout {
  /** Line of the log that tells of it; null = whichever was written last at that instant. */
  line: number | null
  limitId: string | null
  /** How much time lies under the pointer itself (ms): the chart shows many in one px. */
  slackMs: number
}
export interface Selection {
  atMs: number | null
  /** Line of the log. */
  line: number | null
  limitId: string | null
  /** What was chosen, such as an evidence's `ref`. */
  ref: string | null
  /** Counts up, so that choosing the same thing again scrolls there again. */
  turn: number
}

const noMore: HoverAbout = { line: null, limitId: null, slackMs: 0 }
export const usePointer = create<PointerState>(() => ({ hoverMs: null, hoverFrom: null, hoverAbout: noMore, selected: null }))

export function hoverAt(hoverMs: number | null, hoverFrom: PointerState['hoverFrom'], about: Partial<HoverAbout> = {}): void {
  const state = usePointer.getState()
  const hoverAbout = hoverMs === null ? noMore : { ...noMore, ...about }
  const known = state.hoverAbout
  if (state.hoverMs === hoverMs && state.hoverFrom === (hoverMs === null ? null : hoverFrom) && known.line === hoverAbout.line && known.limitId === hoverAbout.limitId && known.slackMs === hoverAbout.slackMs) return
  usePointer.setState({ hoverMs, hoverFrom: hoverMs === null ? null : hoverFrom, hoverAbout })
}

export function select(choice: Partial<Omit<Selection, 'turn'>>): void {
  const turn = (usePointer.getState().selected?.turn ?? 0) + 1
  usePointer.setState({ selected: { atMs: null, line: null, limitId: null, ref: null, ...choice, turn } })
}

export function clearSelection(): void {
  usePointer.setState({ selected: null })
}
