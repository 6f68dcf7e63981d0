import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { upgradeStore } from './schema.ts'

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
