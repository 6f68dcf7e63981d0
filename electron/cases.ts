import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mergeCases } from '../shared/cases/merge-cases.ts'
import type { ScriptCase } from '../shared/cases/script-case.ts'
import { whileLocked } from './file-lock.ts'
import { writeFileSafely } from './files.ts'

/** The cases of scripts, one file per script in the data folder: they outlive a script that is moved away and back. */
export function createCases(folder: string) {
  let queue: Promise<unknown> = Promise.resolve()
  const fileOf = (script: string) => join(folder, 'cases', `${createHash('sha256').update(script).digest('hex').slice(0, 24)}.json`)
  /** No file is no cases. One that cannot be read as cases rejects with its path: it is never overwritten unseen. */
  const load = async (script: string): Promise<ScriptCase[]> => {
    const text = await readFile(fileOf(script), 'utf8').catch(() => null)
    if (text === null) return []
    const stored = parsed(text)
    if (stored?.version !== 1 || !Array.isArray(stored.cases)) throw new Error(`the cases of ${script} in ${fileOf(script)} cannot be read; move the file away to start anew`)
    return stored.cases
  }
  return {
    load,
    /**
     * Resolves once they are on disk, with what is there now: what other windows, or other engines, have changed since `before` was read
     * stays changed (`merge-cases.ts`). Writes never overtake each other.
     */
    save(script: string, ours: readonly ScriptCase[], before: readonly ScriptCase[]): Promise<ScriptCase[]> {
      const written = queue.then(() => whileLocked(join(folder, 'at-work', 'cases.lock'), async () => {
        const cases = mergeCases({ before, ours, theirs: await load(script), newId: randomUUID })
        await writeFileSafely(fileOf(script), JSON.stringify({ version: 1, script, cases }, null, 1))
        return cases
      }))
      queue = written.catch(() => undefined)
      return written
    },
  }
}

function parsed(text: string): { version?: number; cases?: ScriptCase[] } | null {
  try {
    return JSON.parse(text) as { version?: number; cases?: ScriptCase[] }
  } catch {
    return null
  }
}
