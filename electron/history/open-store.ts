import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { steps, upgradeStore, versionOf } from './schema.ts'

export const storeFileName = 'history.db'

/** How long a process waits for another one that writes (ms). */
const busyMs = 5000

/** Opens the store in a folder, makes it where there is none, upgrades it. Throws where that cannot be done; see `isDamage`. */
export function openStore(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, storeFileName)
  // SQLite would make the file readable to all; what runs print may be nobody else's business. Its other files follow this one's mode.
  closeSync(openSync(path, 'a', 0o600))
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  const db = new DatabaseSync(path, { timeout: busyMs, enableForeignKeyConstraints: true })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY')
    upgradeStore(db, path)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Opens a store for looking only, where nothing can be written: a full disk, a folder that is read-only. SQLite wants to make files beside
 * a database in WAL mode even for reading; "immutable" spares that, and holds where no log of changes lies there (https://sqlite.org/wal.html#readonly).
 * Null where there is none, or none of this version.
 */
export function openStoreToRead(dir: string): DatabaseSync | null {
  const path = join(dir, storeFileName)
  let db: DatabaseSync | null = null
  try {
    const url = pathToFileURL(path)
    const changes = statSync(`${path}-wal`, { throwIfNoEntry: false })
    url.search = changes && changes.size > 0 ? '?mode=ro' : '?immutable=1'
    db = new DatabaseSync(url, { readOnly: true, timeout: busyMs })
    if (versionOf(db) === steps.length) return db
  } catch { /* what keeps it from being written says more */ }
  db?.close()
  return null
}

/** SQLite's codes for a file that is not, or no longer, a database: SQLITE_CORRUPT and SQLITE_NOTADB, extended codes included. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error)
  return code === 11 || code === 26
}

/** SQLITE_ERROR from a statement of ours that was right yesterday: the file is a database, but tables of it are not there. */
export function isForeignSchema(error: unknown): boolean {
  return sqliteCodeOf(error) === 1
}

/** The primary result code of an error of SQLite; null for other errors. */
export function sqliteCodeOf(error: unknown): number | null {
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : null
  return typeof code === 'number' ? code & 0xff : null
}

/** Moves a damaged store out of the way, with what SQLite keeps beside it. Returns where it is now. */
export function setAside(dir: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-')
  let target = join(dir, `history.damaged-${stamp}.db`)
  for (let copy = 2; existsSync(target); copy++) target = join(dir, `history.damaged-${stamp}-${copy}.db`)
  for (const suffix of ['', '-wal', '-shm']) {
    const from = join(dir, storeFileName + suffix)
    if (existsSync(from)) renameSync(from, target + suffix)
  }
  return target
}
