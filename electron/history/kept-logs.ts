import { mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLeftBehind, ownMark } from '../leftovers.ts'
import { logFileName } from '../log/log-file.ts'
import { openLogStore, type StoredLog } from '../log/log-store.ts'
import { packLog } from '../log/pack-log.ts'

/** Rows taken from each end of a log for the search of the history, and how much text of them and of each: one endless line must not take the place of all others. */
const searched = { rows: 200, characters: 8000, perRow: 500 }
/** Lies beside a log while its run is not yet in the store: whose work that is. */
const keeping = `.keeping.${ownMark}`
const keepingPattern = /^\.keeping\./
/** A folder in which nothing tells whose it is goes after this long (ms). */
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
        await claim(folderOf(id))
        return { bytes: await packLog(log.dir, folderOf(id)), words, problem: null }
      } catch (error) {
        return { bytes: 0, words, problem: error instanceof Error ? error.message : String(error) }
      }
    },
    /** The run is in the store now: its log stays as long as it does. */
    async settle(id: string): Promise<void> {
      await rm(join(folderOf(id), keeping), { force: true })
    },
    /** Null where none was kept. */
    async open(id: string): Promise<StoredLog | null> {
      const there = await stat(join(folderOf(id), logFileName)).then(() => true, () => false)
      return there ? openLogStore(folderOf(id)) : null
    },
    async remove(ids: readonly string[]): Promise<void> {
      for (const id of ids) await rm(folderOf(id), { recursive: true, force: true })
    },
    /**
     * Clears away logs without a run: of one that was killed while it was kept, or while it was pruned. Not while a damaged store lies
     * there: its runs may come back. `ids` is asked after the folders were read, so a run that another process adds meanwhile is known.
     */
    async removeOrphans(ids: () => Promise<readonly string[]>): Promise<void> {
      if ((await readdir(folder)).some((name) => name.includes('.damaged-'))) return
      const found = await readdir(logs).catch(() => [])
      // An empty folder is all that is left of one: who makes one at this moment makes it again (`claim`).
      for (const id of found) await rmdir(folderOf(id)).catch(() => undefined)
      const free: string[] = []
      for (const id of found) if (await isNobodys(folderOf(id))) free.push(id)
      if (found.length === 0) return
      const known = new Set(await ids())
      for (const id of free) if (!known.has(id)) await rm(folderOf(id), { recursive: true, force: true })
    },
  }
}

async function claim(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await writeFile(join(path, keeping), '').catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      // Somebody who tidied up took it for a leftover, empty as it was.
      await mkdir(path, { recursive: true, mode: 0o700 })
      await writeFile(join(path, keeping), '')
    })
  } catch (error) {
    throw new Error(`the log could not be kept in ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Is nobody at work in this folder of a log? */
async function isNobodys(path: string): Promise<boolean> {
  const names: string[] = await readdir(path).catch(() => [])
  const marks = names.filter((name) => keepingPattern.test(name))
  if (marks.length > 0) return marks.every(isLeftBehind)
  // A settled log; or a folder that is gone by now, or that nobody knows.
  return names.includes(logFileName) || await stat(path).then((facts) => Date.now() - facts.mtimeMs > orphanAfterMs, () => false)
}

/** The beginning and the end of what the script printed. */
async function wordsOf(log: StoredLog): Promise<string> {
  const head = await log.rows(0, searched.rows)
  const tail = log.lineCount > searched.rows ? await log.rows(Math.max(searched.rows, log.lineCount - searched.rows), searched.rows) : []
  const textOf = (rows: typeof head) => rows.filter((row) => row.level === null).map((row) => row.text.slice(0, searched.perRow)).join('\n')
  return `${textOf(head).slice(0, searched.characters)}\n${textOf(tail).slice(-searched.characters)}`
}
