import { appendFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeskOrigin, DeskQuestion, DeskRole } from '../../shared/bridge/desk.ts'
import { writeFileSafely } from '../files.ts'

/** What is kept of an input; the rest is read anew. */
export interface KeptInput { id: string; name: string; origin: DeskOrigin; role: DeskRole; path: string | null; from: 'start' | 'end'; following: boolean }
export interface KeptDesk { inputs: KeptInput[]; question: DeskQuestion }

const empty: KeptDesk = { inputs: [], question: { text: '', picked: null } }

function setAside(file: string): string {
  return `The list of what was on the desk was damaged. It was set aside as ${file}; the contents beside it are still there.`
}

/** The desk on disk: a list of what is on it, and the content of what has no path of its own. */
export function createDeskStore(folder: string) {
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
    /** What was on the desk; content that nothing on it names is removed. A list that cannot be read is set aside under a name of its own. */
    async load(): Promise<KeptDesk & { notice: string | null }> {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const text = await readFile(listFile, 'utf8').catch(() => null)
      const kept = text === null ? empty : parsed(text)
      if (kept === null) {
        const aside = `${listFile}.damaged`
        await writeFile(aside, text ?? '')
        return { ...empty, notice: setAside(aside) }
      }
      const wanted = new Set(kept.inputs.map((input) => `${input.id}.content`))
      for (const file of await readdir(folder)) if (file.endsWith('.content') && !wanted.has(file)) await rm(join(folder, file), { force: true })
      return { ...kept, notice: null }
    },
    save: (kept: KeptDesk) => inOrder(() => writeFileSafely(listFile, JSON.stringify({ version: 1, ...kept }))),
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

function parsed(text: string): KeptDesk | null {
  try {
    const value = JSON.parse(text) as Partial<KeptDesk> & { version?: number }
    if (value.version !== 1 || !Array.isArray(value.inputs)) return null
    return { inputs: value.inputs, question: { text: value.question?.text ?? '', picked: value.question?.picked ?? null } }
  } catch {
    return null
  }
}
