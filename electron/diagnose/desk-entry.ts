import type { DeskInput } from '../../shared/bridge/desk.ts'
import type { KeptInput } from './desk-store.ts'
import type { FoundFile } from './find-files.ts'
import type { Collected } from './read-source.ts'

/** One input of the desk with what was read of it. */
export interface DeskEntry {
  kept: KeptInput
  state: DeskInput['state']
  problem: string | null
  bytes: number
  /** What reading it gave; null before. */
  collected: Collected | null
  files: readonly FoundFile[]
  /** Ends the following of a growing log. */
  follower: AbortController | null
}

export function newEntry(kept: KeptInput, bytes = 0): DeskEntry {
  return { kept, state: kept.origin === 'followed' ? 'stopped' : 'waiting', problem: null, bytes, collected: null, files: [], follower: null }
}

/** An input as the screen shows it. `kinds`: what the last diagnosis recognised files as, by name. */
export function toInput({ kept, state, problem, bytes, collected }: DeskEntry, kinds: ReadonlyMap<string, string>): DeskInput {
  const sources = collected?.sources ?? []
  const only = sources.length === 1 ? sources[0] : undefined
  return {
    id: kept.id, name: kept.name, origin: kept.origin, role: kept.role, path: kept.path, bytes, state, problem,
    kind: only ? kinds.get(only.file) ?? only.kind : sources.length > 1 ? `${sources.length} files` : null,
    lines: sources.reduce((sum, source) => sum + source.lines, 0), facts: sources.reduce((sum, source) => sum + source.facts, 0),
  }
}

/** A name that no other input has: a second `error.log` becomes `2/error.log`, so that its kind is still seen by its name. */
export function uniqueName(wanted: string, taken: readonly string[]): string {
  const name = wanted.replaceAll('\0', '').trim() || 'pasted'
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${number}/${name}`
    if (!taken.includes(candidate)) return candidate
  }
}

/** Where the content of a `file` of a diagnosis stands; null if none of these entries has it. */
export function pathOfSource(file: string, entries: readonly DeskEntry[]): string | null {
  for (const entry of entries) {
    const found = entry.files.find((candidate) => candidate.name === file)
    if (found) return found.path
    if (entry.kept.origin === 'followed' && entry.kept.name === file) return entry.kept.path
  }
  return null
}
