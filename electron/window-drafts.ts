import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DraftWindow } from '../shared/bridge/contract.ts'
import type { AtWork } from './at-work.ts'
import { writeFileSafely } from './files.ts'

/** One file. `engine` signed it; files of older versions tell neither that nor when. */
interface Entry<T> { path: string; window: string | null; engine: string; savedAt: string; draft: T }
type Stored<T> = { engine?: string; savedAt?: string; draft: T }

/** What is kept: where, and how two of them become one. */
export interface DraftKind<T> {
  /** The file of the window without a name, and the folder of the others'. */
  unnamed: string
  folder: string
  /** Null for what is no draft. */
  read: (stored: unknown) => Stored<T> | null
  /** Does it hold nothing that anybody has typed or set? */
  isBlank: (draft: T) => boolean
  /** A draft with what another one holds; null where both are too much for one. */
  join: (draft: T, other: T) => T | null
  /** One that is shown to a window although another engine holds it; missing where each keeps its own. */
  copy?: (draft: T) => T
  /** Told of those that cannot be read, and where they are now. */
  damaged: (paths: readonly string[]) => Error
}

/** What the user typed, kept through a crash: one file for each window, so that none replaces what another holds. */
export function createWindowDrafts<T>({ unnamed, folder, read, isBlank, join: joined, copy, damaged }: DraftKind<T>, atWork: AtWork) {
  const fileOf = (window: string | null) => (window === null ? unnamed : join(folder, `${window}.json`))
  // Nothing overtakes anything: a page that is loaded anew asks while its last words are being written.
  let queue: Promise<unknown> = Promise.resolve()
  const inOrder = <R>(act: () => Promise<R>): Promise<R> => {
    const done = queue.then(act)
    queue = done.catch(() => undefined)
    return done
  }
  let latest = 0
  /** ISO 8601. No two of one engine are the same, and a clock that is set back changes nothing: the order of these is what "newest" means. */
  const now = () => new Date(latest = Math.max(Date.now(), latest + 1)).toISOString()
  const write = async (window: string | null, draft: T) => writeFileSafely(fileOf(window), JSON.stringify({ version: 1, engine: await atWork.mark(), savedAt: now(), draft }))

  /** All of them, newest first. Those that are not readable as a draft are set aside, or the next would take their place; rejects then, once, with where they are now. */
  async function readEntries(): Promise<Entry<T>[]> {
    const names = await readdir(folder).catch(() => [])
    const windows: (string | null)[] = [null, ...names.filter((name) => /^\w[\w-]*\.json$/.test(name)).map((name) => basename(name, '.json'))]
    const entries: Entry<T>[] = []
    const aside: string[] = []
    for (const window of windows) {
      const path = fileOf(window)
      const text = await readFile(path, 'utf8').catch(() => null)
      if (text === null) continue
      const stored = read(parsed(text))
      if (stored) entries.push({ path, window, engine: stored.engine ?? '', savedAt: stored.savedAt ?? '', draft: stored.draft })
      else aside.push(await setAside(path))
    }
    if (aside.length > 0) throw damaged(aside)
    return entries.toSorted((one, other) => other.savedAt.localeCompare(one.savedAt))
  }

  /** Of windows that are not there: those that nobody holds any more, and those of another engine that is still at work. */
  async function split(entries: readonly Entry<T>[]): Promise<{ left: Entry<T>[]; held: Entry<T>[] }> {
    const left: Entry<T>[] = []
    const held: Entry<T>[] = []
    for (const entry of entries) (await atWork.isElsewhere(entry.engine) ? held : left).push(entry)
    return { left, held }
  }

  return {
    /** Resolves once the draft is on disk, with the wall clock of that moment (ISO 8601). Null: there is nothing to keep any more. */
    save: (window: string | null, draft: T | null): Promise<{ savedAt: string }> => inOrder(async () => {
      await (draft === null ? rm(fileOf(window), { force: true }) : write(window, draft))
      return { savedAt: new Date().toISOString() }
    }),
    /** The draft that was saved last, whichever window's it is, or null. */
    load: (): Promise<T | null> => inOrder(async () => (await readEntries())[0]?.draft ?? null),
    /**
     * The draft of a window that starts, or null: its own, or, with nothing in it, the newest of those that windows that are gone have left.
     * What the rest of them hold is added to it; what does not fit any more waits for another window. The files of the others go only after
     * the new one is on disk. Where there is none of all these, a copy of the newest that another engine holds (`copy`).
     */
    open: ({ window, present }: DraftWindow): Promise<T | null> => inOrder(async () => {
      const entries = await readEntries()
      const own = entries.find((entry) => entry.window === window)
      const { left, held } = await split(entries.filter((entry) => entry !== own && !present.includes(entry.window ?? '')))
      const all = own ? [own, ...left] : left
      const first = all.find((entry) => !isBlank(entry.draft)) ?? all[0]
      const shown = held.find((entry) => !isBlank(entry.draft))
      if (copy && shown && (!first || isBlank(first.draft))) {
        const copied = copy(shown.draft)
        await write(window, copied).catch(() => undefined)
        return copied
      }
      if (!first || (first === own && left.length === 0)) return first?.draft ?? null
      let draft = first.draft
      const taken = [first]
      for (const entry of all) {
        const both = entry === first ? null : joined(draft, entry.draft)
        if (both === null) continue
        draft = both
        taken.push(entry)
      }
      // Where it cannot be written nothing is taken away, and the next start does the same.
      const isKept = await write(window, draft).then(() => true, () => false)
      if (isKept) for (const { path, engine } of taken) {
        if (path !== fileOf(window)) await rm(path, { force: true }).catch(() => undefined)
        await atWork.forget(engine)
      }
      return draft
    }),
  }
}

async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  await rename(path, aside)
  return aside
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
