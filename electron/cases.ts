import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScriptCase } from '../shared/cases/script-case.ts'
import { writeFileSafely } from './files.ts'

/** The cases of scripts, one file per script in the data folder: they outlive a script that is moved away and back. */
export function createCases(folder: string) {
  let queue: Promise<unknown> = Promise.resolve()
  const fileOf = (script: string) => join(folder, 'cases', `${createHash('sha256').update(script).digest('hex').slice(0, 24)}.json`)
  return {
    /** No file is no cases. One that cannot be read as cases rejects with its path: it is never overwritten unseen. */
    async load(script: string): Promise<ScriptCase[]> {
      const text = await readFile(fileOf(script), 'utf8').catch(() => null)
      if (text === null) return []
      const stored = parsed(text)
      if (stored?.version !== 1 || !Array.isArray(stored.cases)) throw new Error(`the cases of ${script} in ${fileOf(script)} cannot be read; move the file away to start anew`)
      return stored.cases
    },
    /** Resolves once they are on disk. Writes never overtake each other. */
    save(script: string, cases: readonly ScriptCase[]): Promise<void> {
      const written = queue.then(() => writeFileSafely(fileOf(script), JSON.stringify({ version: 1, script, cases }, null, 1)))
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
