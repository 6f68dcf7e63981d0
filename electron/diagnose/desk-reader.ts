import type { DeskQuestion, DeskResult, DeskStatus } from '../../shared/bridge/desk.ts'
import type { DeskEntry } from './desk-entry.ts'
import type { DeskStore } from './desk-store.ts'
import { FactStore } from './fact-store.ts'
import { followFile } from './follow.ts'
import { foundRequests, keyOf } from './found-requests.ts'
import { joinCollected, readInput } from './read-input.ts'
import { kindOf } from './read-source.ts'
import { diagnosisOf, parseAround } from './run-diagnose.ts'

/** A followed file is looked at this often, ms. */
const followEveryMs = 250

/** The question in the terms of the judge. */
export function parseQuestion({ text }: DeskQuestion): { aroundMs: number | null; request: string | null } {
  const trimmed = text.trim()
  if (trimmed === '') return { aroundMs: null, request: null }
  const aroundMs = parseAround(trimmed)
  return aroundMs === null ? { aroundMs: null, request: trimmed } : { aroundMs, request: null }
}

/** The diagnosis of everything that was read, and the requests in it. A request that was picked goes by the words of its own entry. */
export function judgeDesk(entries: readonly DeskEntry[], question: DeskQuestion): Omit<DeskResult, 'version'> {
  const parts = entries.flatMap((entry) => entry.collected ?? [])
  if (parts.length === 0) return { diagnosis: null, requests: [], requestsTotal: 0 }
  const collected = joinCollected(parts)
  const facts = collected.store.facts()
  const picked = question.picked === null ? undefined : facts.find((fact) => keyOf(fact) === question.picked)
  const asked = picked ? { aroundMs: picked.timeMs, request: picked.text } : parseQuestion(question)
  const { requests, total } = foundRequests(facts)
  return { diagnosis: diagnosisOf(collected, asked.aroundMs, asked.request), requests, requestsTotal: total }
}

/** Reads one entry; what comes of it, good or bad, is in the entry afterwards. */
export async function readEntry(entry: DeskEntry, store: DeskStore, question: DeskQuestion, signal: AbortSignal, onBusy: (busy: NonNullable<DeskStatus['busy']>) => void): Promise<void> {
  const { kept } = entry
  entry.state = 'reading'
  entry.problem = null
  try {
    const ownContent = kept.origin === 'sent' || kept.origin === 'pasted' || kept.origin === 'example'
    const { collected, files } = await readInput(
      { path: ownContent || kept.path === null ? store.contentOf(kept.id) : kept.path, name: kept.origin === 'path' ? null : kept.name, role: kept.role },
      { ...parseQuestion(question), signal, onBytes: (doneBytes, totalBytes) => onBusy({ name: kept.name, doneBytes, totalBytes }) },
    )
    Object.assign(entry, { collected, files, bytes: files.reduce((sum, file) => sum + file.bytes, 0), state: 'read' })
  } catch (error) {
    if (signal.aborted) entry.state = 'canceled'
    else Object.assign(entry, { state: 'failed', collected: null, problem: problemOf(error) })
  }
}

function problemOf(error: unknown): string {
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? `; ${error.hint}` : ''
  return `${error instanceof Error ? error.message : String(error)}${hint}`
}

/** Follows an entry's file until its follower aborts; `changed` is called when lines came, with whether they said something. */
export function followEntry(entry: DeskEntry, changed: (facts: boolean) => void): Promise<void> {
  const { path, name, from } = entry.kept
  if (path === null) return Promise.resolve()
  const follower = new AbortController()
  const store = new FactStore()
  const source = { file: name, kind: 'unknown', bytes: 0, lines: 0, facts: 0, skewMs: null as number | null }
  Object.assign(entry, { follower, state: 'following', problem: null, collected: { configs: [], store, views: [], notes: [], sources: [source] } })
  return followFile({
    path, name, fromEnd: from === 'end', everyMs: followEveryMs, signal: follower.signal,
    onFacts(facts, soFar) {
      for (const fact of facts) store.add(fact)
      Object.assign(source, { bytes: soFar.bytes, lines: soFar.lines, facts: source.facts + facts.length, kind: kindOf(soFar) })
      entry.bytes = soFar.bytes
      changed(facts.length > 0)
    },
    onTrouble(problem) {
      entry.problem = problem
      changed(false)
    },
  }).catch((error: unknown) => { entry.problem = problemOf(error); entry.state = 'stopped'; changed(false) })
}
