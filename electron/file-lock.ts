import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'

/** SQLITE_BUSY: somebody else holds the lock. */
const busy = 5
/** How often somebody who waits for a lock tries again, and how long in all (ms). */
const [againMs, patienceMs] = [20, 5000]

/** A lock between processes. The system takes it away with the process that holds it, however that ends. SQLite's is the one that Node can take on every platform. */
export type FileLock = DatabaseSync

/** Takes the lock of a file that holds nothing; null while another process has it. Throws where the file cannot be made. */
export async function tryLock(path: string): Promise<FileLock | null> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const { DatabaseSync } = await import('node:sqlite')
  const lock = new DatabaseSync(path)
  try {
    // Nothing is ever written: no file for taking it back.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if (isBusy(error)) return null
    throw error
  }
}

/** Does another one hold it? No where there is no such file, or it cannot be read. */
export async function isLocked(path: string): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite')
  let lock: DatabaseSync | null = null
  try {
    lock = new DatabaseSync(path, { readOnly: true })
    lock.prepare('SELECT 1 FROM sqlite_master').get()
    return false
  } catch (error) {
    return isBusy(error)
  } finally {
    lock?.close()
  }
}

/** Does something that no two processes may do at once. Goes on without the lock where it cannot be had: what is typed is worth more than its order. */
export async function whileLocked<T>(path: string, act: () => Promise<T>): Promise<T> {
  let lock: FileLock | null = null
  for (let waited = 0; waited < patienceMs; waited += againMs) {
    try { lock = await tryLock(path) } catch { break }
    if (lock) break
    await wait(againMs)
  }
  try { return await act() } finally { lock?.close() }
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === busy
}
