import { create } from 'zustand'

/** A passing message at the foot of the screen, the last thing that can be taken back, and what went wrong. */
interface UndoState {
  /** Shown for a while; empty for none. */
  text: string
  /** The message offers to take back what it tells of. */
  offered: boolean
  /** The last thing taken away and how to bring it back: with its button while it is offered, and by Ctrl+Z and in the palette until something else is. */
  last: Taken | null
  /** What did not work, the newest last. Each stays until it is closed: nobody should have to read against the clock, and none takes another's place. */
  problems: readonly string[]
}

/** `before`: what was offered until this took its place, to be offered again once this was taken back. */
interface Taken { text: string; undo: () => void; before: Taken | null }

/** More would cover the screen; what is said over and over stands once. */
const mostProblems = 10
/** How long a message stays (ms). */
const stayMs = 10_000
export const useUndo = create<UndoState>(() => ({ text: '', offered: false, last: null, problems: [] }))
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
  useUndo.setState(({ problems }) => ({ problems: [...problems.filter((other) => other !== problem), problem].slice(-mostProblems) }))
}

/** What was asked for did not work and gave nothing. */
export function complainAndGoWithout(error: unknown): never[] {
  complain(error instanceof Error ? error.message : String(error))
  return []
}

export function closeProblem(problem: string): void {
  useUndo.setState(({ problems }) => ({ problems: problems.filter((other) => other !== problem) }))
}

/** False when there is none. */
export function closeNewestProblem(): boolean {
  const newest = useUndo.getState().problems.at(-1)
  if (newest !== undefined) closeProblem(newest)
  return newest !== undefined
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
