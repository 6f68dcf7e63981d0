import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { logFileName } from '../log/log-file.ts'
import { openLogStore, type StoredLog } from '../log/log-store.ts'
import { packLog } from '../log/pack-log.ts'

/** Rows taken from each end of a log for the search of the history, and how much text of them. */
const searched = { rows: 200, characters: 8000 }
/** A log without a run may be one that another process is just keeping; after this long (ms) it is a leftover of a crash. */
const orphanAfterMs = 3_600_000

/** The folder of the logs of kept runs. */
export function createKeptLogs(folder: string) {
  const logs = join(folder, 'logs')
  const folderOf = (id: string) => join(logs, id)
  return {
    /** Packs a run's log into the history. Never rejects: without its log a run is still worth keeping. */
    async keep(id: string, log: StoredLog | null): Promise<{ bytes: number; words: string; problem: string | null }> {
      if (log === null) return { bytes: 0, words: '', problem: null }
      const words = await wordsOf(log).catch(() => '')
      try {
        return { bytes: await packLog(log.dir, folderOf(id)), words, problem: null }
      } catch (error) {
        return { bytes: 0, words, problem: error instanceof Error ? error.message : String(error) }
      }
    },
    /** Null where none was kept. */
    async open(id: string): Promise<StoredLog | null> {
      const there = await stat(join(folderOf(id), logFileName)).then(() => true, () => false)
      return there ? openLogStore(folderOf(id)) : null
    },
    async remove(ids: readonly string[]): Promise<void> {
      for (const id of ids) await rm(folderOf(id), { recursive: true, force: true })
    },
    /** Clears away logs whose run was never written (a crash in between). Not while a damaged store lies there: its runs may come back. */
    async removeOrphans(ids: readonly string[]): Promise<void> {
      if ((await readdir(folder)).some((name) => name.includes('.damaged-'))) return
      const known = new Set(ids)
      for (const id of await readdir(logs).catch(() => [])) {
        const age = known.has(id) ? 0 : await stat(folderOf(id)).then((found) => Date.now() - found.mtimeMs, () => 0)
        if (age > orphanAfterMs) await rm(folderOf(id), { recursive: true, force: true })
      }
    },
  }
}

/** The beginning and the end of what the script printed. */
async function wordsOf(log: StoredLog): Promise<string> {
  const head = await log.rows(0, searched.rows)
  const tail = log.lineCount > searched.rows ? await log.rows(Math.max(searched.rows, log.lineCount - searched.rows), searched.rows) : []
  const textOf = (rows: typeof head) => rows.filter((row) => row.level === null).map((row) => row.text).join('\n')
  return `${textOf(head).slice(0, searched.characters)}\n${textOf(tail).slice(-searched.characters)}`
}
