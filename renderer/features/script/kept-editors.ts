import type { EditorState, StateEffect } from '@codemirror/state'

/** What an editor leaves behind when another tab takes its place: its text with all that can be undone, its selection, and where it was scrolled to. */
export interface KeptEditor { state: EditorState; scroll: StateEffect<unknown> }

/** Editors that are remembered: those shown last. A closed tab may come back, so closing does not forget. */
const mostKept = 100
const kept = new Map<string, KeptEditor>()

export function keepEditor(key: string, editor: KeptEditor): void {
  kept.delete(key)
  kept.set(key, editor)
  for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest)
}

export function keptEditor(key: string): KeptEditor | undefined {
  return kept.get(key)
}
