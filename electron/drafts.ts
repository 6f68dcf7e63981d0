import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Draft, DraftWindow } from '../shared/bridge/contract.ts'
import { draftWith, isBlank } from '../shared/bridge/drafts.ts'
import { writeFileSafely } from './files.ts'
import { isAtWorkElsewhere, ownMark } from './leftovers.ts'

/** One file. `engine` tells which process wrote it; files of older versions tell neither that nor when. */
interface Entry { path: string; window: string | null; engine: string; savedAt: string; draft: Draft }

/** Drafts of windows that have a name, below the data folder. */
export const draftsFolder = 'drafts'

/** What the user typed, kept through a crash: one file for each window, so that none replaces what another holds. */
export function createDrafts(folder: string) {
  const fileOf = (window: string | null) => (window === null ? join(folder, 'draft.json') : join(folder, draftsFolder, `${window}.json`))
  // Nothing overtakes anything: a page that is loaded anew asks while its last words are being written.
  let queue: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(act: () => Promise<T>): Promise<T> => {
    const done = queue.then(act)
    queue = done.catch(() => undefined)
    return done
  }
  let latest = 0
  /** ISO 8601. No two of one engine are the same, and a clock that is set back changes nothing: the order of these is what "newest" means. */
  const now = () => new Date(latest = Math.max(Date.now(), latest + 1)).toISOString()
  const write = (window: string | null, draft: Draft) => writeFileSafely(fileOf(window), JSON.stringify({ version: 1, engine: ownMark, savedAt: now(), draft }))

  /** All of them, newest first. Those that are not readable as a draft are set aside, or the next would take their place; rejects then, once, with where they are now. */
  async function readEntries(): Promise<Entry[]> {
    const names = await readdir(join(folder, draftsFolder)).catch(() => [])
    const windows: (string | null)[] = [null, ...names.filter((name) => /^\w[\w-]*\.json$/.test(name)).map((name) => name.slice(0, -'.json'.length))]
    const entries: Entry[] = []
    const damaged: string[] = []
    for (const window of windows) {
      const path = fileOf(window)
      const text = await readFile(path, 'utf8').catch(() => null)
      if (text === null) continue
      const stored = parseStored(text)
      if (stored) entries.push({ path, window, engine: stored.engine ?? '', savedAt: stored.savedAt ?? '', draft: stored.draft })
      else damaged.push(await setAside(path))
    }
    if (damaged.length > 0) throw Object.assign(new Error(`What was typed last time cannot be read by this version. It was set aside as ${damaged.join(' and ')}.`), { code: 'draft_damaged', where: damaged[0] })
    return entries.toSorted((one, other) => other.savedAt.localeCompare(one.savedAt))
  }

  return {
    /** Resolves once the draft is on disk, with the wall clock of that moment (ISO 8601). */
    save: ({ window, ...draft }: Draft): Promise<{ savedAt: string }> => inOrder(async () => {
      await write(window ?? null, draft)
      return { savedAt: new Date().toISOString() }
    }),
    /** The draft that was saved last, whichever window's it is, or null. */
    load: (): Promise<Draft | null> => inOrder(async () => (await readEntries())[0]?.draft ?? null),
    /**
     * The draft of a window that starts, or null: its own, or, with nothing in it, the newest of those that windows that are gone have left.
     * What the rest of them hold is added to it (`draftWith`); what does not fit any more waits for another window. The files of the others
     * go only after the new one is on disk.
     */
    open: ({ window, present }: DraftWindow): Promise<Draft | null> => inOrder(async () => {
      const entries = await readEntries()
      const own = entries.find((entry) => entry.window === window)
      const gone = entries.filter((entry) => entry !== own && !present.includes(entry.window ?? ''))
      // A window of another Cutoff may still be there. To one that starts with nothing its scripts are shown, as a copy: a process number that
      // was given away again looks the same, and then nobody else would bring them back.
      const left = own ? gone.filter(({ engine }) => !isAtWorkElsewhere(engine)) : gone
      const all = own ? [own, ...left] : left
      const first = all.find((entry) => !isBlank(entry.draft)) ?? all[0]
      if (!first || (first === own && left.length === 0)) return first?.draft ?? null
      let draft = first.draft
      const taken = [first]
      for (const entry of all) {
        const both = entry === first ? null : draftWith(draft, entry.draft)
        if (!both) continue
        draft = both
        taken.push(entry)
      }
      // Where it cannot be written nothing is taken away, and the next start does the same.
      const isKept = await write(window, draft).then(() => true, () => false)
      if (isKept) for (const { path, engine } of taken) if (path !== fileOf(window) && !isAtWorkElsewhere(engine)) await rm(path, { force: true }).catch(() => undefined)
      return draft
    }),
  }
}

async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  await rename(path, aside)
  return aside
}

function parseStored(text: string): { engine?: string; savedAt?: string; draft: Draft } | null {
  try {
    const stored = JSON.parse(text) as { version?: number; engine?: string; savedAt?: string; draft?: Draft }
    return stored.version === 1 && typeof stored.draft?.scriptText === 'string' ? { ...stored, draft: stored.draft } : null
  } catch {
    return null
  }
}
