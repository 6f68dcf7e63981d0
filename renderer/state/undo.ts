import { create } from 'zustand'

/** A passing message at the foot of the screen, the last thing that can be taken back, and what went wrong. */
interface UndoState {
  /** Shown for a while; empty for none. */
  text: string
  /** The message offers to take back what it tells of. */
  offered: boolean
  /** The last thing taken away and how to bring it back: with its button while it is offered, and by Ctrl+Z and in the palette until something else is. */
  last: Taken | null
  /** Stays until it is closed: nobody should have to read against the clock why something did not work. */
  problem: string | null
}

/** `before`: what was offered until this took its place, to be offered again once this was taken back. */
interface Taken { text: string; undo: () => void; before: Taken | null }

/** How long a message stays (ms). */
const stayMs = 10_000
export const useUndo = create<UndoState>(() => ({ text: '', offered: false, last: null, problem: null }))
let timer: ReturnType<typeof setTimeout> | undefined

function show(text: string, offered: boolean): void {
  clearTimeout(timer)
  useUndo.setState({ text, offered })
  timer = setTimeout(hide, stayMs)
}

function hide(): void {
  clearTimeout(timer)
  useUndo.setState({ text: '', offered: false })
}

/** The message stays as long as the pointer or the focus is on it. */
export function holdMessage(held: boolean): void {
  clearTimeout(timer)
  if (!held && useUndo.getState().text !== '') timer = setTimeout(hide, stayMs)
}

export function offerUndo(text: string, undo: () => void): void {
  const { last, offered } = useUndo.getState()
  useUndo.setState({ last: { text, undo, before: offered ? last : null } })
  show(text, true)
}

/** A passing message. */
export function tell(text: string): void {
  show(text, false)
}

/** Something that was asked for did not work: told until it is closed. */
export function complain(problem: string): void {
  useUndo.setState({ problem })
}

/** What was asked for did not work and gave nothing. */
export function complainAndGoWithout(error: unknown): never[] {
  complain(error instanceof Error ? error.message : String(error))
  return []
}

export function closeProblem(): void {
  useUndo.setState({ problem: null })
}

/** Brings back what was taken away last, and offers what was taken away just before it; false when there is nothing. */
export function takeBack(): boolean {
  const { last } = useUndo.getState()
  if (!last) return false
  useUndo.setState({ last: last.before })
  if (last.before) show(last.before.text, true)
  else hide()
  last.undo()
  return true
}
