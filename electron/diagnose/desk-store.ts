import { appendFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeskOrigin, DeskQuestion, DeskRole } from '../../shared/bridge/desk.ts'
import { whileLocked } from '../file-lock.ts'
import { writeFileSafely } from '../files.ts'

/** What is kept of an input; the rest is read anew. */
export interface KeptInput { id: string; name: string; origin: DeskOrigin; role: DeskRole; path: string | null; from: 'start' | 'end'; following: boolean }
export interface KeptDesk { inputs: KeptInput[]; question: DeskQuestion }

const empty: KeptDesk = { inputs: [], question: { text: '', picked: null } }

function setAside(file: string): string {
  return `The list of what was on the desk was damaged. It was set aside as ${file}; the contents beside it are still there.`
}

/** The desk on disk: a list of what is on it, and the content of what has no path of its own. */
export function createDeskStore(folder: string, isAlone: () => Promise<boolean>) {
  /** What was on it when it was last read or written. */
  let known: readonly KeptInput[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const listFile = join(folder, 'desk.json')
  const contentOf = (id: string) => join(folder, `${id}.content`)
  const inOrder = <T>(act: () => Promise<T>): Promise<T> => {
    const done = queue.then(act)
    queue = done.catch(() => undefined)
    return done
  }
  return {
    contentOf,
    /** What was on the desk; content that nothing on it names is removed, unless another engine is at work: it may be about to name it. A list that cannot be read is set aside under a name of its own. */
    async load(): Promise<KeptDesk & { notice: string | null }> {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const text = await readFile(listFile, 'utf8').catch(() => null)
      const kept = text === null ? empty : parsed(text)
      if (kept === null) {
        const aside = `${listFile}.damaged`
        await writeFile(aside, text ?? '')
        return { ...empty, notice: setAside(aside) }
      }
      known = kept.inputs
      if (!await isAlone()) return { ...kept, notice: null }
      const wanted = new Set(kept.inputs.map((input) => `${input.id}.content`))
      for (const file of await readdir(folder)) if (file.endsWith('.content') && !wanted.has(file)) await rm(join(folder, file), { force: true })
      return { ...kept, notice: null }
    },
    /** What another engine has put on the desk since it was read, or taken away, stays so; it is on this one with the next start. */
    save: (kept: KeptDesk) => inOrder(() => whileLocked(join(folder, 'desk.lock'), async () => {
      const theirs = parsed(await readFile(listFile, 'utf8').catch(() => ''))?.inputs ?? known
      await writeFileSafely(listFile, JSON.stringify({ version: 1, ...kept, inputs: mergedInputs(known, kept.inputs, theirs) }))
      known = kept.inputs
    })),
    /** A new, empty content. */
    begin: (id: string) => writeFile(contentOf(id), '', { mode: 0o600 }),
    append: (id: string, piece: Buffer) => appendFile(contentOf(id), piece),
    write: (id: string, text: string) => writeFileSafely(contentOf(id), text),
    /** Resolves once what was appended is on disk. */
    async sync(id: string): Promise<void> {
      const handle = await open(contentOf(id), 'r+')
      try { await handle.sync() } finally { await handle.close() }
    },
    drop: (id: string) => rm(contentOf(id), { force: true }),
  }
}

export type DeskStore = ReturnType<typeof createDeskStore>

function mergedInputs(before: readonly KeptInput[], ours: readonly KeptInput[], theirs: readonly KeptInput[]): KeptInput[] {
  const has = (list: readonly KeptInput[], { id }: KeptInput) => list.some((input) => input.id === id)
  return [...ours.filter((input) => !has(before, input) || has(theirs, input)), ...theirs.filter((input) => !has(before, input) && !has(ours, input))]
}

function parsed(text: string): KeptDesk | null {
  try {
    const value = JSON.parse(text) as Partial<KeptDesk> & { version?: number }
    if (value.version !== 1 || !Array.isArray(value.inputs)) return null
    return { inputs: value.inputs, question: { text: value.question?.text ?? '', picked: value.question?.picked ?? null } }
  } catch {
    return null
  }
}
