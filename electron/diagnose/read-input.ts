import { readFile, stat } from 'node:fs/promises'
import type { DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'
import { FactStore } from './fact-store.ts'
import { findFiles, type FoundFile } from './find-files.ts'
import { parseSaw } from './read-observations.ts'
import { readSource, type Collected } from './read-source.ts'
import { DiagnoseError, isNear } from './run-diagnose.ts'

/** From this size on only lines of interest are read: another question needs another reading. */
export const hugeBytes = 16 * 1024 ** 2
/** Longest observation that is read. */
const longestSaw = 64 * 1024 ** 2

/** Something to read: a file or folder, and what `file:line` calls it where that is not its path. */
export interface Readable { path: string; name: string | null; role: 'source' | 'saw' }

export interface ReadOptions {
  /** An id or a path that is asked about: of huge logs only its lines are read. */
  request: string | null
  /** A moment that is asked about, ms since 1970: of huge logs what is near to it is kept. */
  aroundMs: number | null
  signal: AbortSignal
  onBytes(done: number, total: number): void
}

/** Reads one input of the desk by itself. Rejects with DiagnoseError on what the user can mend, with an AbortError when it was cancelled. */
export async function readInput(input: Readable, options: ReadOptions): Promise<{ collected: Collected; files: FoundFile[] }> {
  const notes: DiagnosisNote[] = []
  const files = await filesOf(input, notes)
  const at = files.some((file) => file.bytes > hugeBytes) ? options.aroundMs : null
  const collected: Collected = { configs: [], store: new FactStore(at === null ? null : (fact) => isNear(fact, at)), views: [], notes, sources: [], aroundMs: at }
  const total = files.reduce((sum, file) => sum + file.bytes, 0)
  let done = 0
  const tick = (bytes: number) => {
    options.signal.throwIfAborted()
    done += bytes
    options.onBytes(Math.min(done, total), total)
  }
  tick(0)
  if (input.role === 'saw') {
    for (const file of files) await readSaw(file, collected)
    return { collected, files }
  }
  collected.onBytes = tick
  for (const file of files) {
    const before = done
    await readSource(file, options.request, collected)
    tick(Math.max(0, file.bytes - (done - before)))
  }
  delete collected.onBytes
  return { collected, files }
}

async function filesOf(input: Readable, notes: DiagnosisNote[]): Promise<FoundFile[]> {
  if (input.name === null) {
    const files = await findFiles([input.path], notes).catch((error: NodeJS.ErrnoException) => { throw unreadable(input.path, error) })
    if (files.length === 0 && notes.length === 0) throw new DiagnoseError('nothing_to_read', `${input.path} holds no files`)
    return files
  }
  const found = await stat(input.path).catch((error: NodeJS.ErrnoException) => { throw unreadable(input.name ?? input.path, error) })
  return [{ path: input.path, name: input.name, bytes: found.size, modifiedMs: found.mtimeMs }]
}

async function readSaw(file: FoundFile, into: Collected): Promise<void> {
  if (file.bytes > longestSaw) throw new DiagnoseError('bad_saw', `${file.name} is too long for an observation`)
  const text = await readFile(file.path, 'utf8').catch((error: NodeJS.ErrnoException) => { throw unreadable(file.name, error) })
  const views = parseSaw(text)
  if (views.length === 0) throw new DiagnoseError('bad_saw', 'no observation that is known', { hint: 'an observation is a HAR, the output of curl -v, a pasted error, or an object with "status", "end", "elapsed_ms"...' })
  into.views.push(...views)
  into.sources.push({ file: file.name, kind: 'observation', bytes: file.bytes, lines: 0, facts: views.length, skewMs: null })
}

function unreadable(name: string, error: NodeJS.ErrnoException): DiagnoseError {
  const why = error.code === 'ENOENT' ? 'does not exist' : error.code === 'EACCES' ? 'may not be read: check its permissions' : `cannot be read (${error.code ?? error.message})`
  return new DiagnoseError(error.code === 'ENOENT' ? 'not_found' : 'not_readable', `${name} ${why}`, { where: name })
}

/** Several readings as one. */
export function joinCollected(parts: readonly Collected[]): Collected {
  const joined: Collected = { configs: [], store: new FactStore(), views: [], notes: [], sources: [] }
  for (const part of parts) {
    joined.configs.push(...part.configs)
    joined.views.push(...part.views)
    joined.notes.push(...part.notes)
    joined.sources.push(...part.sources)
    for (const fact of part.store.facts()) joined.store.add(fact)
  }
  return joined
}
