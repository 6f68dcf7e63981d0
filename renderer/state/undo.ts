import { create } from 'zustand'

/** What was just taken away, and how to bring it back; offered for a while at the foot of the screen. */
interface UndoState { text: string; undo: (() => void) | null }

/** How long the offer stays (ms). */
const stayMs = 10_000
export const useUndo = create<UndoState>(() => ({ text: '', undo: null }))
let timer: ReturnType<typeof setTimeout> | undefined

export function offerUndo(text: string, undo: () => void): void {
  clearTimeout(timer)
  useUndo.setState({ text, undo })
  timer = setTimeout(() => useUndo.setState({ text: '', undo: null }), stayMs)
}

/** A passing message without a way back. */
export function tell(text: string): void {
  clearTimeout(timer)
  useUndo.setState({ text, undo: null })
  timer = setTimeout(() => useUndo.setState({ text: '', undo: null }), stayMs)
}

export function takeBack(): void {
  const { undo } = useUndo.getState()
  clearTimeout(timer)
  useUndo.setState({ text: '', undo: null })
  undo?.()
}
