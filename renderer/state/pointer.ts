import { create } from 'zustand'

/**
 * The one time under the pointer and the one that is selected, shared by chart, log, editor, stages and evidence.
 * Hover never scrolls anything; a selection scrolls the others there and stays until Esc.
 */
interface PointerState {
  /** ms on the run's clock; null = nothing under the pointer. */
  hoverMs: number | null
  /** Where the hover comes from, so that its own part does not react to itself. */
  hoverFrom: 'chart' | 'log' | 'stages' | 'evidence' | 'limits' | 'editor' | null
  selected: Selection | null
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

export const usePointer = create<PointerState>(() => ({ hoverMs: null, hoverFrom: null, selected: null }))

export function hoverAt(hoverMs: number | null, hoverFrom: PointerState['hoverFrom']): void {
  const state = usePointer.getState()
  if (state.hoverMs === hoverMs && state.hoverFrom === hoverFrom) return
  usePointer.setState({ hoverMs, hoverFrom: hoverMs === null ? null : hoverFrom })
}

export function select(choice: Partial<Omit<Selection, 'turn'>>): void {
  const turn = (usePointer.getState().selected?.turn ?? 0) + 1
  usePointer.setState({ selected: { atMs: null, line: null, limitId: null, ref: null, ...choice, turn } })
}

export function clearSelection(): void {
  usePointer.setState({ selected: null })
}
