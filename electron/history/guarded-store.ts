import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { HistoryState } from '../../shared/run/history.ts'
import { isDamage, isForeignSchema, openStore, openStoreToRead, setAside, sqliteCodeOf, storeFileName } from './open-store.ts'
import { createRunStore, type RunStore } from './run-store.ts'
import { FutureStoreError } from './schema.ts'
import { salvageRuns } from './salvage.ts'

/** What runs on the history's thread: the store, opened, mended when it is damaged, only looked at where it cannot be written, off when it cannot be had. */
export interface GuardedStore {
  readonly state: HistoryState
  /** Does one piece of work on the store. Throws a sentence where it cannot be done. */
  use<T>(work: (store: RunStore) => T): T
  close(): void
}

export function openGuardedStore(dir: string, now: () => Date = () => new Date()): GuardedStore {
  let db: DatabaseSync | null = null
  let store: RunStore | null = null
  let state: HistoryState = { on: true, notice: null }
  /** Why the store is only looked at; null when it can be written. */
  let readOnlyBecause: string | null = null
  let mended = false
  /** Which file is open. */
  let opened: string | null = null
  let closed = false

  function release(): void {
    store = null
    db?.close()
    db = null
  }

  function open(): void {
    opened = fileAt(dir)
    try {
      db = openStore(dir)
      store = createRunStore(db)
      opened ??= fileAt(dir)
      state = { on: true, notice: null }
      readOnlyBecause = null
    } catch (error) {
      release()
      if (isDamage(error) || isForeignSchema(error)) mend(error)
      else look(error)
    }
  }

  /** What was kept can still be read where nothing more can be written. */
  function look(error: unknown): void {
    const reason = reasonOf(error, dir)
    state = { on: false, reason }
    // A newer Cutoff reads its own; one that another process is writing will be free in a moment.
    if (error instanceof FutureStoreError || sqliteCodeOf(error) === 5) return
    db = openStoreToRead(dir)
    if (!db) return
    try {
      store = createRunStore(db)
      readOnlyBecause = reason
      state = { on: true, notice: `What was kept can be read, but nothing new is kept: ${reason}` }
    } catch {
      release()
    }
  }

  /** Damage is set aside and what can be read of it is carried over; once, since a second time the disk itself is to blame. */
  function mend(error: unknown): void {
    // Another process has done so already.
    if (opened !== null && fileAt(dir) !== opened) return openAgain()
    if (mended) {
      state = { on: false, reason: `the history in ${dir} is damaged again right after it was mended (${messageOf(error)}): check the disk` }
      return
    }
    try {
      release()
      const aside = setAside(dir, now())
      mended = true
      db = openStore(dir)
      const { saved, lost } = salvageRuns(aside, db)
      store = createRunStore(db)
      opened = fileAt(dir)
      state = { on: true, notice: `The history could not be read (${messageOf(error)}). It was set aside as ${aside}; ${saved} ${saved === 1 ? 'run was' : 'runs were'} carried over${lost > 0 ? `, ${lost} could not be read` : ''}.` }
    } catch (second) {
      state = { on: false, reason: reasonOf(second, dir) }
    }
  }

  /** Space may have been freed, a folder may be writable by now. */
  function openAgain(): void {
    release()
    open()
  }

  open()
  return {
    get state() { return state },
    use(work) {
      // Another process has set the store aside, or somebody has taken it away: what is kept from now on belongs into the one that is there.
      const isReplaced = store !== null && fileAt(dir) !== opened
      if ((!store || isReplaced) && !closed) openAgain()
      if (!store) throw new Error(state.on ? 'the history is closed' : state.reason)
      try {
        return work(store)
      } catch (error) {
        if (readOnlyBecause !== null) openAgain()
        else if (isDamage(error)) mend(error)
        else throw new Error(reasonOf(error, dir), { cause: error })
        if (readOnlyBecause !== null) throw new Error(readOnlyBecause, { cause: error })
        if (!store) throw new Error(state.on ? 'the history is closed' : state.reason, { cause: error })
        return work(store)
      }
    },
    close() {
      closed = true
      release()
    },
  }
}

/** Which file is the store by its name now; null for none, or where nobody may know. */
function fileAt(dir: string): string | null {
  try {
    const { dev, ino } = statSync(join(dir, storeFileName), { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Without room for the files that SQLite keeps beside a database, it tells of an I/O error. */
function isFull(dir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize < besideBytes
  } catch {
    return false
  }
}

/** The smallest index of a log of changes (https://sqlite.org/walformat.html#shm). */
const besideBytes = 32 * 1024

/** What went wrong and what to do, for people. */
function reasonOf(error: unknown, dir: string): string {
  const code = sqliteCodeOf(error)
  const what = messageOf(error)
  if (code === 13 || what.includes('ENOSPC') || (code === 10 && isFull(dir))) return `the history in ${dir} cannot be written: the disk is full; free some space`
  if (code === 8 || code === 14 || /EACCES|EROFS|EPERM|ENOTDIR/.test(what)) return `the history in ${dir} cannot be written (${what}): check the folder's permissions, or set CUTOFF_DATA_DIR to another one`
  if (code === 5) return `the history in ${dir} is in use by another process for too long: try again`
  if (code === 19) return 'this run is in the history already'
  return code === null ? what : `the history in ${dir} failed: ${what}`
}
