import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Draft } from '../shared/bridge/contract.ts'
import { writeFileSafely } from './files.ts'

/** What the user typed, kept through a crash. One file; the last write wins. */
export function createDrafts(folder: string) {
  const file = join(folder, 'draft.json')
  let queue: Promise<unknown> = Promise.resolve()
  return {
    /** Resolves once the draft is on disk, with the wall clock of that moment (ISO 8601). Writes never overtake each other. */
    save(draft: Draft): Promise<{ savedAt: string }> {
      const written = queue.then(() => writeFileSafely(file, JSON.stringify({ version: 1, draft })))
      queue = written.catch(() => undefined)
      return written.then(() => ({ savedAt: new Date().toISOString() }))
    },
    /**
     * The last draft, also one that is just being written (a page that is loaded anew asks at once), or null. A file that is not readable
     * as a draft is set aside, or the next draft would take its place; rejects once with where it is now.
     */
    async load(): Promise<Draft | null> {
      await queue
      const text = await readFile(file, 'utf8').catch(() => null)
      if (text === null) return null
      const draft = parseDraft(text)
      if (draft) return draft
      const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
      await rename(file, aside)
      throw Object.assign(new Error(`What was typed last time cannot be read by this version. It was set aside as ${aside}.`), { code: 'draft_damaged', where: aside })
    },
  }
}

function parseDraft(text: string): Draft | null {
  try {
    const stored = JSON.parse(text) as { version?: number; draft?: Draft }
    return stored.version === 1 && typeof stored.draft?.scriptText === 'string' ? stored.draft : null
  } catch {
    return null
  }
}
